"""
Entries and the versions of their tags.

An entry holds the versions that its tags had before its value was computed, and is a hit only while they all are the
current ones. Making something stale is giving a tag a new version: one step, however many entries carry it, and a slow
reader that stores an old value stores it under old versions.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from mizan.cache.guard import Guard
from mizan.cache.stores import Store

VERSION_BYTES = 12
IDENTITY_BYTES = 8
FORMAT = b"\x01"
# Longer than any entry is likely to live. An entry whose tag has gone is a miss, never a wrong hit.
TAG_SECONDS = 30 * 86_400.0

_HEAD = len(FORMAT) + IDENTITY_BYTES


@dataclass(frozen=True, slots=True)
class Slot:
    """
    The place of one function's answer for one reader: its name, its tags, and how long an answer may stay.
    """

    key: str
    tags: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Lookup:
    """
    What was found in a slot, and the versions of its tags then. A *stamp* is identity and versions in the entry's form.
    """

    slot: Slot
    stamp: bytes
    body: bytes | None


class Entries:
    """
    Reads and writes slots in one store.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.guard = Guard(store, self.make_stale)

    def look_up(self, slots: Sequence[Slot]) -> list[Lookup]:
        """
        Look into all *slots*, of one context, in one round trip; a second one gives versions to tags that have none yet.

        Raises:
            CacheUnavailable: the store does not answer.
        """
        return self.guard.attempt(lambda store: self._look_up(store, slots))

    def stale(self, tags: dict[str, str]) -> bool:
        """Give *tags* new versions, now or when the store answers again. See `Guard.invalidate`."""
        return self.guard.invalidate(tags)

    @staticmethod
    def packed(lookup: Lookup, body: bytes) -> bytes:
        """*body* as an entry that is current as long as what *lookup* saw is."""
        return FORMAT + lookup.stamp + body

    def _look_up(self, store: Store, slots: Sequence[Slot]) -> list[Lookup]:
        tags = list(dict.fromkeys(tag for slot in slots for tag in slot.tags))
        values = store.read([*(slot.key for slot in slots), *tags])
        versions = dict(zip(tags, values[len(slots) :], strict=True))
        missing = [tag for tag in tags if not _is_version(versions[tag])]
        if missing:
            # All readers must agree on a version, so the first one to come makes it.
            created = store.create({tag: _new_version() for tag in missing}, TAG_SECONDS)
            versions.update(zip(missing, created, strict=True))
        # Asked for after the answer, so that it names the server which gave it; all slots of a context are on one.
        server = store.identity(slots[0].key)
        return [_found(server, slot, versions, entry) for slot, entry in zip(slots, values[: len(slots)], strict=True)]

    def make_stale(self, tags: Collection[str]) -> None:
        """Give *tags* new versions now; raises what the store raises. `stale` is what a change calls."""
        if tags:
            self.store.write({tag: _new_version() for tag in tags}, TAG_SECONDS)


def _found(server: bytes, slot: Slot, versions: dict[str, bytes | None], entry: bytes | None) -> Lookup:
    stamp = server + b"".join([versions[tag] or _new_version() for tag in slot.tags])
    current = FORMAT + stamp
    body = entry[len(current) :] if entry is not None and entry.startswith(current) else None
    return Lookup(slot, stamp, body)


def _new_version() -> bytes:
    return os.urandom(VERSION_BYTES)


def _is_version(value: bytes | None) -> bool:
    return value is not None and len(value) == VERSION_BYTES
