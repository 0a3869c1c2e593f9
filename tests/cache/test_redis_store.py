"""
What only Redis does: lifetimes in milliseconds, and looking for keys by a pattern.
"""

from __future__ import annotations

import pytest
import redis

from mizan.cache.redis_store import RedisStore, redis_params


@pytest.fixture
def store(redis_server: str, redis_client: redis.Redis) -> RedisStore:
    """Empty."""
    return RedisStore(*redis_params(redis_server))


@pytest.mark.parametrize("values", [{"one": b"1"}, {"one": b"1", "two": b"2"}], ids=len)
def test_a_value_lives_for_its_seconds(store: RedisStore, redis_client: redis.Redis, values: dict[str, bytes]) -> None:
    """And for fractions of one: nothing stays for ever."""
    store.write(values, 1.5)

    assert all(0 < redis_client.pttl(key) <= 1500 for key in values)


def test_only_its_owner_renews_a_lease(store: RedisStore, redis_client: redis.Redis) -> None:
    """Another process has it by now where it has run out."""
    store.acquire("lease", b"me", 5)

    store.renew("lease", b"you", 60)
    as_before = redis_client.pttl("lease")
    store.renew("lease", b"me", 60)

    assert as_before <= 5000 < redis_client.pttl("lease")


def test_a_lease_that_is_gone_is_not_renewed(store: RedisStore, redis_client: redis.Redis) -> None:
    """Nor does it come back: the next one to compute is somebody else."""
    store.renew("lease", b"me", 60)

    assert not redis_client.exists("lease")


def test_keys_are_found_by_their_pattern(store: RedisStore, redis_client: redis.Redis) -> None:
    """However many there are, and no others."""
    store.write({f"mine:{number}": b"x" * 3 for number in range(2500)}, 60)
    store.write({"theirs:1": b"x"}, 60)

    sizes = store.sizes_matching("mine:*")
    deleted = store.delete_matching("mine:*")

    assert sizes == [3] * 2500
    assert deleted == 2500
    assert redis_client.keys() == [b"theirs:1"]


def test_every_server_has_a_name_of_its_own(store: RedisStore) -> None:
    """Which stays the same as long as the server does."""
    _, first = store.read(["any"])
    store.client.connection_pool.disconnect()
    _, second = store.read(["any"])

    assert first == second != bytes(8)
