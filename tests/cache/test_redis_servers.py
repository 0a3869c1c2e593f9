"""
Who answers at a Redis URL: a server that may have lost writes is another server.
"""

from __future__ import annotations

from typing import Any

import pytest
from redis.exceptions import ResponseError

from mizan.cache.redis_servers import UNKNOWN, Servers

PRIMARY = {"run_id": "a" * 40, "master_replid2": "0" * 40, "second_repl_offset": "-1", "used_memory": "1000"}


class Connection:
    """A connection whose server answers ``INFO`` with these lines, or refuses to."""

    host, port = "127.0.0.1", 6379

    def __init__(self, lines: dict[str, str] | None) -> None:
        self.lines = lines

    def send_command(self, command: str) -> None:
        assert command == "INFO"

    def read_response(self, *, disable_decoding: bool) -> bytes:
        if self.lines is None:
            raise ResponseError("NOPERM")
        return "".join(["# Server\r\n", *(f"{name}:{value}\r\n" for name, value in self.lines.items())]).encode()


def identity(lines: dict[str, str] | None, servers: Servers | None = None) -> bytes:
    servers = servers or Servers()
    connection: Any = Connection(lines)
    servers.identify(connection)
    return servers.last


@pytest.mark.parametrize(
    ("change", "is_same"),
    [
        ({}, True),
        ({"used_memory": "2000"}, True),
        ({"run_id": "b" * 40}, False),
        ({"master_replid2": "c" * 40}, False),
        ({"second_repl_offset": "700"}, False),
    ],
    ids=str,
)
def test_what_may_have_lost_writes_is_another_server(change: dict[str, str], is_same: bool) -> None:
    """A process that starts anew, and a primary that was a replica in between; nothing else."""
    assert (identity(PRIMARY) == identity({**PRIMARY, **change})) is is_same


def test_servers_are_known_by_their_addresses() -> None:
    """A Cluster has several, and one answers for each key."""
    servers = Servers()

    last = identity(PRIMARY, servers)

    assert servers.by_address == {("127.0.0.1", 6379): last}
    assert last != UNKNOWN


def test_a_server_that_does_not_say_who_it_is_is_unknown(caplog: pytest.LogCaptureFixture) -> None:
    """That is said once, and not for every connection."""
    servers = Servers()

    assert [identity(None, servers), identity({"used_memory": "1"}, servers), identity(None, servers)] == [UNKNOWN] * 3
    assert caplog.text.count("Redis does not say who it is") == 1


def test_one_url_has_one_list_of_servers() -> None:
    """Its connections are shared, and report to whoever made them first."""
    one, again, other = (Servers.at(f"redis://tests-of-servers/{number}") for number in (1, 1, 2))

    assert one is again is not other
