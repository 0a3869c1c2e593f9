"""
What the cache asks of a store, of Redis and of a backend of Django's alike.
"""

from __future__ import annotations

import pytest
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.locmem import LocMemCache

from mizan.cache.redis_store import RedisStore, redis_params
from mizan.cache.stores import DjangoStore, Finished, Store, memory_store


@pytest.fixture(params=["redis", "memory"])
def store(request: pytest.FixtureRequest) -> Store:
    """Empty."""
    if request.param == "redis":
        request.getfixturevalue("redis_client")
        return RedisStore(*redis_params(request.getfixturevalue("redis_server")))
    cache = LocMemCache("tests-of-stores", {})
    cache.clear()
    return DjangoStore(cache)


def test_what_is_written_is_read_in_the_order_of_the_keys(store: Store) -> None:
    """With None for what is not there."""
    store.write({"one": b"1", "two": b"\x00\xff"}, 60)

    assert store.read(["two", "none", "one"])[0] == [b"\x00\xff", None, b"1"]


def test_what_is_there_is_not_created_again(store: Store) -> None:
    """All readers must agree on one value, so whoever comes second gets the first one's."""
    store.write({"one": b"old"}, 60)

    assert store.create({"one": b"new", "two": b"new"}, 60) == [b"old", b"new"]
    assert store.read(["one", "two"])[0] == [b"old", b"new"]


def test_a_lease_has_one_owner(store: Store) -> None:
    """Who comes second does not get it, alone or among others, until it is released by its owner."""
    first = store.acquire("lease", b"me", 60)
    second = store.acquire_all({"lease": b"you", "other": b"you"}, 60)
    store.release("lease", b"you")
    held, _ = store.read(["lease"])
    store.release("lease", b"me")

    assert (first, second, held) == (True, [False, True], [b"me"])
    assert store.acquire("lease", b"you", 60)


def test_what_is_finished_is_stored_and_released(store: Store) -> None:
    """Unless the lease is somebody else's by now: it stays, although the value is stored."""
    store.acquire("mine", b"me", 60)
    store.acquire("lost", b"you", 60)

    store.finish([Finished("one", b"1", 60, "mine", b"me"), Finished("two", b"2", 60, "lost", b"me")])

    assert store.read(["one", "two", "mine", "lost"])[0] == [b"1", b"2", None, b"you"]


def test_only_what_others_see_needs_leases(tmp_path: object) -> None:
    """The memory of a process is its own, and a cache that keeps nothing has nothing to share."""
    caches = [LocMemCache("tests-of-stores", {}), DummyCache("", {}), FileBasedCache(str(tmp_path), {})]

    assert [DjangoStore(cache).is_shared for cache in caches] == [False, False, True]
    assert not memory_store().is_shared


def test_a_value_that_a_backend_refuses_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """An invalidation that was not written must be remembered, so it cannot be passed over."""
    cache = LocMemCache("tests-of-stores", {})
    monkeypatch.setattr(cache, "set_many", lambda values, timeout: ["one"])

    with pytest.raises(OSError, match="refused 1 of 2"):
        DjangoStore(cache).write({"one": b"1", "two": b"2"}, 60)
