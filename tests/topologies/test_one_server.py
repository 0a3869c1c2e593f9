"""
The cache on one Redis: by its address, by a socket, with an account, and shared.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import caches

from mizan.cache.current import make_cache
from mizan.cache.redis_servers import UNKNOWN
from tests.api import SECRET
from tests.topologies.accounts import clients_of, commands_of_page, make_account, refused
from tests.topologies.servers import (
    HOST,
    PAGE,
    Server,
    server,
)
from tests.topologies.shop import Serve, change, command, count, first_look, is_believable, rows, store

OTHER_SECRET = "another-deployment-0123456789abcdefghij"


class TestOneServer:
    """By its address, by a socket, with an account, and shared."""

    @pytest.fixture
    def own(self, tmp_path: Path) -> Iterator[Server]:
        """A server whose accounts a test may change."""
        with server(tmp_path / "own", "--unixsocket", "socket") as made:
            yield made

    def test_a_socket(self, own: Server, serve: Serve) -> None:
        """With a password and a database, as redis-py reads them."""
        own.ask("ACL", "SETUSER", "ann", "on", ">it's secret", "~*", "+@all")
        api = serve(MIZAN_CACHE_REDIS_URL=f"unix://ann:it%27s%20secret@{own.folder / 'socket'}?db=3")
        api.serve(count(), change("count"))

        assert api.read("count/") == ("MISS", {"number": 1})
        assert api.read("count/") == ("HIT", {"number": 1})
        api.call("save")
        assert api.read("count/") == ("MISS", {"number": 2})

        assert own.ask("INFO", "keyspace").keys() == {"db3"}
        assert store().read(["mizan:nothing"])[1] != UNKNOWN

    def test_a_server_that_starts_from_an_old_dump(self, own: Server, serve: Serve) -> None:
        """By a socket too it is seen to be another one."""
        api = serve(MIZAN_CACHE_REDIS_URL=f"unix://{own.folder / 'socket'}")
        api.serve(count(), change("count"))
        api.read("count/")
        own.ask("SAVE")
        api.call("save")
        own.stop()
        own.start()

        assert is_believable(own)
        assert first_look(api) == ("MISS", {"number": 2})

    def test_what_the_url_asks_for(self, own: Server, serve: Serve) -> None:
        """Its query is redis-py's, and goes before what Mizan would choose."""
        own.ask("ACL", "SETUSER", "ann", "on", ">a+b&c/d", "~*", "+@all")
        url = f"redis://ann:a+b%26c%2Fd@{HOST}:{own.port}/2?socket_timeout=3&client_name=shop"
        api = serve(MIZAN_CACHE_REDIS_URL=url)
        api.serve(count())

        api.read("count/")
        assert api.read("count/")[0] == "HIT"

        assert clients_of(own)["shop"]["db"] == "2"
        assert clients_of(own)["shop"]["user"] == "ann"
        assert store().client.connection_pool.connection_kwargs["socket_timeout"] == 3

    def test_mizan_says_who_it_is(self, own: Server, serve: Serve) -> None:
        """Its connections are its own: the project's cache at the same address has others, with other timeouts."""
        cache = {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": own.url}
        api = serve(CACHES={"default": cache}, MIZAN_CACHE_ALIAS="default")
        api.serve(count())

        caches["default"].set("theirs", 1)
        api.read("count/")

        assert {"", "mizan"} <= clients_of(own).keys()
        assert store().read(["mizan:nothing"])[1] != UNKNOWN
        assert store().client.connection_pool.connection_kwargs["socket_timeout"] == 0.5

    def test_a_cache_that_is_made_anew(self, own: Server, serve: Serve) -> None:
        """It knows who answers: a check of the settings makes one too, and so may two threads."""
        serve(MIZAN_CACHE_REDIS_URL=own.url)

        seen = set()
        for _ in range(2):
            cache = make_cache()
            assert cache is not None
            seen.add(cache.entries.store.read(["mizan:nothing"])[1])

        assert len(seen) == 1
        assert UNKNOWN not in seen

    def test_an_account(self, own: Server, serve: Serve) -> None:
        """The commands that the page names are enough, and each of them is needed."""
        commands = commands_of_page()
        serve(MIZAN_CACHE_REDIS_URL=f"redis://mizan:secret@{HOST}:{own.port}/0")

        assert refused([own], commands) == set()
        for needed in commands:
            assert refused([own], [one for one in commands if one != needed]) == {needed[1:]}

    def test_an_account_and_a_database(self, own: Server, serve: Serve) -> None:
        """As the page says."""
        serve(MIZAN_CACHE_REDIS_URL=f"redis://mizan:secret@{HOST}:{own.port}/1")

        assert "needs `+select`" in PAGE.read_text()
        assert refused([own], commands_of_page()) == {"select"}
        assert refused([own], [*commands_of_page(), "+select"]) == set()

    def test_without_info(self, own: Server, serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
        """There is a cache all the same, and one line in the log, however many connections there are."""
        make_account(own, [one for one in commands_of_page() if one != "+info"])
        api = serve(MIZAN_CACHE_REDIS_URL=f"redis://mizan:secret@{HOST}:{own.port}/0")
        api.serve(count())

        api.read("count/")
        store().client.connection_pool.disconnect()
        assert api.read("count/") == ("HIT", {"number": 1})

        assert caplog.text.count("Redis does not say who it is") == 1

    def test_two_deployments(self, own: Server, serve: Serve, settings: LazySettings) -> None:
        """Other secrets are other names: they do not see, invalidate or drop one another's answers."""
        api = serve(MIZAN_CACHE_REDIS_URL=own.url)
        api.serve(count(), change("count"))
        api.read("count/")

        settings.MIZAN_CACHE_SECRET = OTHER_SECRET
        assert api.read("count/") == ("MISS", {"number": 2})
        api.call("save")
        assert command("drop").endswith("1 answers deleted.\n")
        assert [row[:2] for row in rows("stats")] == [["count", "0"]]

        settings.MIZAN_CACHE_SECRET = SECRET
        assert api.read("count/") == ("HIT", {"number": 1})
