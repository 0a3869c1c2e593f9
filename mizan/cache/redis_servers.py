"""
Who answers at a Redis URL. A server that may have lost writes counts as another server.
"""

from __future__ import annotations

import hashlib
import logging
from typing import Any, ClassVar

from redis.connection import UnixDomainSocketConnection
from redis.exceptions import ResponseError

logger = logging.getLogger("mizan.cache")

UNKNOWN = bytes(8)
# A restarted process has a new run id. A promoted replica keeps its own, and remembers whom it followed and how far.
_WHO = (b"run_id", b"master_replid2", b"second_repl_offset")


class Servers:
    """
    Which servers answer at one URL, by their run ids. Hears of every new connection.

    After a fail-over, and after a restart from a dump, writes may be lost: a tag then shows an old version again, and an entry
    that was invalidated looks current. The server has another identity then, and no entry stored under the old identity is
    a hit.
    """

    _by_url: ClassVar[dict[str, Servers]] = {}

    def __init__(self) -> None:
        self.by_address: dict[tuple[str, int], bytes] = {}
        self.last = UNKNOWN
        self._has_warned = False

    @classmethod
    def at(cls, url: str) -> Servers:
        """The one that hears of the connections to *url*: django-redis shares them, and they report to whoever came first."""
        return cls._by_url.setdefault(url, cls())

    def __call__(self, connection: Any) -> None:
        """Say hello as redis-py does, then `identify`."""
        connection.on_connect()
        self.identify(connection)

    def identify(self, connection: Any) -> None:
        """Ask the server at the other end who it is."""
        info = b""
        try:
            connection.send_command("INFO")
            info = connection.read_response(disable_decoding=True)
        except ResponseError as error:
            log = logger.debug if self._has_warned else logger.warning
            log("Redis does not say who it is, so after a fail-over stale entries may be served: %s", error)
            self._has_warned = True
        self.last = _identity(info)
        if not isinstance(connection, UnixDomainSocketConnection):
            self.by_address[connection.host, int(connection.port)] = self.last


def _identity(info: bytes) -> bytes:
    lines = dict(line.split(b":", 1) for line in info.split(b"\r\n") if b":" in line)
    if b"run_id" not in lines:
        return UNKNOWN
    return hashlib.sha256(b" ".join(lines.get(name, b"") for name in _WHO)).digest()[:8]
