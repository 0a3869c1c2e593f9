"""
What a cache holds, and emptying it.
"""

from __future__ import annotations

import pytest

from mizan.cache.current import Cache, current_cache
from mizan.cache.upkeep import Holding, drop, holdings
from tests.api import CachedApi
from tests.freshness.reading import counter


def cache_in_use() -> Cache:
    cache = current_cache()
    assert cache is not None
    return cache


@pytest.mark.parametrize("cached", ["redis"], indirect=True)
def test_a_redis_says_what_it_holds(cached: CachedApi) -> None:
    """By context: the answers in bytes, and the tags; nothing of a context that nobody has read."""
    cached.serve(counter())
    cached.read("count/")

    found = holdings(cache_in_use(), ["count", "nothing"])

    assert found is not None
    assert [(one.context, one.entries) for one in found] == [("count", 1), ("nothing", 0)]
    assert found[0].size > 0 < found[0].tags
    assert found[1] == Holding("nothing", 0, 0, 0)


@pytest.mark.parametrize("cached", ["memory"], indirect=True)
def test_another_store_cannot_list_its_keys(cached: CachedApi) -> None:
    """That is no error, and there is nothing to count."""
    assert holdings(cache_in_use(), ["count"]) is None


def test_what_is_dropped_is_computed_again(cached: CachedApi) -> None:
    """In every store; where the keys can be listed the memory is free at once."""
    cached.serve(counter())
    cached.read("count/")

    deleted = drop(cache_in_use(), ["count"])

    assert deleted == (0 if holdings(cache_in_use(), []) is None else 1)
    assert cached.read("count/") == ("MISS", {"number": 2})
