"""
Where entries and tags are kept: Redis, or whatever a Django cache stands on.

A store does what it is told in one round trip and raises what goes wrong; `mizan.cache.circuit_breaker` decides what follows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache

MEMORY_ENTRIES = 20_000


@dataclass(frozen=True, slots=True)
class Finished:
    """
    A *value* that was computed under a lease: the *key* that it is stored under and for how many *seconds*, the name of the
    *lease* and its *owner*.
    """

    key: str
    value: bytes
    seconds: float
    lease: str
    owner: bytes


class Store(Protocol):
    """
    What the cache asks of a store. Lifetimes are in seconds; values are bytes.
    """

    is_shared: bool
    """Whether other processes read and write it too."""

    def read(self, keys: Sequence[str]) -> tuple[list[bytes | None], bytes]:
        """
        The values under *keys*, and eight bytes that name the server which gave them. These change when another server takes
        over or one starts anew, because writes may have been lost then. In a Cluster all keys are in one hash slot.
        """

    def create(self, values: Mapping[str, bytes], seconds: float) -> list[bytes | None]:
        """Write those that are not there, and read all of them. In a Cluster they are all in one hash slot."""

    def write(self, values: Mapping[str, bytes], seconds: float) -> None: ...

    def acquire(self, key: str, owner: bytes, seconds: float) -> bool:
        """Write *owner* to *key* if nobody has; says whether it did."""

    def acquire_all(self, owners: Mapping[str, bytes], seconds: float) -> list[bool]:
        """`acquire` for several keys, in one hash slot of a Cluster."""

    def renew(self, key: str, owner: bytes, seconds: float) -> None:
        """Hold the lease *key* for longer, if it is still *owner*'s."""

    def release(self, key: str, owner: bytes) -> None:
        """Give up the lease *key*, if it is still *owner*'s."""

    def finish(self, results: Sequence[Finished]) -> None:
        """`write` the values and `release` their leases. In a Cluster they are all in one hash slot."""


class DjangoStore:
    """
    Any backend of Django's cache framework.

    These backends cannot compare and delete. Who releases a lease that has just run out may end the lease of the next owner;
    then a value is computed twice.
    """

    def __init__(self, cache: BaseCache) -> None:
        self._cache = cache
        self.is_shared = not isinstance(cache, LocMemCache | DummyCache)

    def read(self, keys: Sequence[str]) -> tuple[list[bytes | None], bytes]:
        found: dict[str, Any] = self._cache.get_many(keys)
        return [found.get(key) for key in keys], bytes(8)

    def create(self, values: Mapping[str, bytes], seconds: float) -> list[bytes | None]:
        for key, value in values.items():
            self._cache.add(key, value, timeout=seconds)
        return self.read(list(values))[0]

    def write(self, values: Mapping[str, bytes], seconds: float) -> None:
        failed = self._cache.set_many(dict(values), timeout=seconds)
        if failed:
            raise OSError(f"The cache refused {len(failed)} of {len(values)} values")

    def acquire(self, key: str, owner: bytes, seconds: float) -> bool:
        return self._cache.add(key, owner, timeout=seconds)

    def acquire_all(self, owners: Mapping[str, bytes], seconds: float) -> list[bool]:
        return [self.acquire(key, owner, seconds) for key, owner in owners.items()]

    def renew(self, key: str, owner: bytes, seconds: float) -> None:
        if self._cache.get(key) == owner:
            self._cache.touch(key, timeout=seconds)

    def release(self, key: str, owner: bytes) -> None:
        if self._cache.get(key) == owner:
            self._cache.delete(key)

    def finish(self, results: Sequence[Finished]) -> None:
        for result in results:
            self._cache.set(result.key, result.value, timeout=result.seconds)
            self.release(result.lease, result.owner)


def memory_store() -> DjangoStore:
    """The memory of this process, for projects that run in one."""
    return DjangoStore(LocMemCache("mizan", {"OPTIONS": {"MAX_ENTRIES": MEMORY_ENTRIES}}))
