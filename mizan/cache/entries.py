"""
Entries and the versions of their tags.

An entry holds the versions that its tags had before its answer was computed. It is a hit only while all of them are the
current ones. To invalidate is to give a tag a new version: one step, however many entries carry the tag. A slow reader
that stores an old answer stores it under old versions.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from mizan.cache.circuit_breaker import CircuitBreaker
from mizan.cache.stores import Store

VERSION_BYTES = 12
IDENTITY_BYTES = 8
FORMAT = b"\x01"
# Longer than any entry is likely to live. An entry whose tag has gone is a miss, never a wrong hit.
TAG_SECONDS = 30 * 86_400.0


@dataclass(frozen=True, slots=True)
class EntryKey:
    """
    Where one answer is kept: the *name* of its entry, the *tags* that the entry carries, and for how many *seconds*.
    """

    name: str
    tags: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Lookup:
    """
    What was found under *key*: the *body*, or None. The *stamp* is what an entry begins with that is stored now: format, the
    server's identity, and the versions of the tags.
    """

    key: EntryKey
    stamp: bytes
    body: bytes | None


class Entries:
    """
    Reads and writes the entries of one store, through a circuit breaker.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.breaker = CircuitBreaker(store, self.renew_versions)

    def look_up(self, keys: Sequence[EntryKey]) -> list[Lookup]:
        """
        Look for the entries of all *keys*, which are of one context, in one round trip. A second one gives versions to tags
        that have none yet.

        Raises:
            CacheUnavailable: the store does not answer.
        """
        tags = list(dict.fromkeys(tag for key in keys for tag in key.tags))
        names = [key.name for key in keys]
        values, server = self.breaker.attempt(self.store.read, [*names, *tags])
        versions = dict(zip(tags, values[len(keys) :], strict=True))
        missing = [tag for tag in tags if not _is_version(versions[tag])]
        if missing:
            # All readers must agree on a version, so the first reader to come makes it.
            made = {tag: _new_version() for tag in missing}
            versions.update(zip(missing, self.breaker.attempt(self.store.create, made, TAG_SECONDS), strict=True))
        return [_found(server, key, versions, entry) for key, entry in zip(keys, values, strict=False)]

    def renew_versions(self, tags: Collection[str]) -> None:
        """Give *tags* new versions now. Raises what the store raises; `CircuitBreaker.invalidate` remembers the tags then."""
        if tags:
            self.store.write({tag: _new_version() for tag in tags}, TAG_SECONDS)


def _found(server: bytes, key: EntryKey, versions: dict[str, bytes | None], entry: bytes | None) -> Lookup:
    stamp = FORMAT + server + b"".join([versions[tag] or _new_version() for tag in key.tags])
    body = entry[len(stamp) :] if entry is not None and entry.startswith(stamp) else None
    return Lookup(key, stamp, body)


def _new_version() -> bytes:
    return os.urandom(VERSION_BYTES)


def _is_version(value: bytes | None) -> bool:
    return value is not None and len(value) == VERSION_BYTES
