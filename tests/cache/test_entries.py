"""
Entries: a hit only while the versions of all their tags are the ones that their reader saw.
"""

from __future__ import annotations

import pytest
from django.core.cache.backends.locmem import LocMemCache
from hypothesis import given
from hypothesis import strategies as st

from mizan.cache.circuit_breaker import CacheUnavailable
from mizan.cache.entries import Entries, EntryKey, Lookup
from mizan.cache.stores import DjangoStore

TAGS = ("a", "b", "c")


@pytest.fixture
def entries() -> Entries:
    """An empty store in memory."""
    return fresh_entries()


def fresh_entries() -> Entries:
    cache = LocMemCache("tests-of-entries", {})
    cache.clear()
    return Entries(DjangoStore(cache))


def look_up(entries: Entries, key: EntryKey) -> Lookup:
    [lookup] = entries.look_up([key])
    return lookup


def store(entries: Entries, lookup: Lookup, body: bytes) -> None:
    """As a reader does who has computed *body* after *lookup*."""
    entries.store.write({lookup.key.name: lookup.stamp + body}, lookup.key.seconds)


@given(st.sets(st.sampled_from(TAGS), min_size=1), st.sets(st.sampled_from(TAGS)), st.binary())
def test_an_entry_is_a_hit_until_one_of_its_tags_is_invalidated(
    carried: set[str], invalidated: set[str], body: bytes
) -> None:
    """Whatever the body is, and whichever other tags are invalidated."""
    entries, key = fresh_entries(), EntryKey("entry", tuple(sorted(carried)), 60)
    store(entries, look_up(entries, key), body)
    before = look_up(entries, key).body

    entries.renew_versions(invalidated)

    assert before == body
    assert look_up(entries, key).body == (None if carried & invalidated else body)


def test_what_was_computed_before_an_invalidation_is_stored_stale(entries: Entries) -> None:
    """However slow its reader was: nobody gets it."""
    key = EntryKey("entry", ("a",), 60)
    lookup = look_up(entries, key)
    entries.renew_versions(["a"])

    store(entries, lookup, b"old")

    assert look_up(entries, key).body is None


def test_two_readers_see_one_version(entries: Entries) -> None:
    """The first to come makes it; what either of them stores the other one finds."""
    key, other = EntryKey("entry", ("a",), 60), EntryKey("another", ("a",), 60)

    assert look_up(entries, key).stamp == look_up(entries, other).stamp


@pytest.mark.parametrize("damage", [None, b"", b"short", b"longer than a version is"])
def test_a_tag_that_is_lost_or_damaged_makes_a_miss(entries: Entries, damage: bytes | None) -> None:
    """A store may drop what it likes; nothing wrong is served for it."""
    key = EntryKey("entry", ("a",), 60)
    store(entries, look_up(entries, key), b"body")
    LocMemCache("tests-of-entries", {}).delete("a")
    if damage is not None:
        entries.store.write({"a": damage}, 60)

    assert look_up(entries, key).body is None


def test_what_another_server_has_is_not_believed(entries: Entries, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may have lost the last invalidations."""
    key = EntryKey("entry", ("a",), 60)
    store(entries, look_up(entries, key), b"body")

    values = entries.store.read
    monkeypatch.setattr(entries.store, "read", lambda keys: (values(keys)[0], b"another!"))

    assert look_up(entries, key).body is None


def test_a_store_that_fails_is_no_answer(entries: Entries, monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller reads from the origin."""

    def fail(keys: object) -> None:
        raise OSError

    monkeypatch.setattr(entries.store, "read", fail)

    with pytest.raises(CacheUnavailable):
        look_up(entries, EntryKey("entry", ("a",), 60))
