"""
What a cache holds, and emptying it: for ``manage.py mizan_cache``, not for requests.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mizan.cache.current import Cache
from mizan.cache.redis_store import RedisStore


@dataclass(frozen=True, slots=True)
class Holding:
    """
    How many entries and tags there are of one context. *size* is in bytes and counts the answers alone.
    """

    context: str
    entries: int
    tags: int
    size: int


def holdings(cache: Cache, contexts: Iterable[str]) -> list[Holding] | None:
    """What *cache* keeps of each context, or None for a store that cannot list its keys. Walks through all keys once."""
    store = cache.entries.store
    if not isinstance(store, RedisStore):
        return None
    return [_holding(store, cache.keys.prefix(name), name) for name in contexts]


def drop(cache: Cache, contexts: Iterable[str]) -> int:
    """
    Invalidate every entry of *contexts* and, in Redis, free its memory.

    Returns:
        How many entries were deleted.

    Raises:
        CacheUnavailable: the store does not answer. Then nothing is invalidated.
    """
    names = list(contexts)
    tags = [cache.keys.tag(name) for name in names]
    cache.entries.breaker.attempt(cache.entries.renew_versions, tags)
    store = cache.entries.store
    if not isinstance(store, RedisStore):
        return 0
    return sum(store.delete_matching(f"{cache.keys.prefix(name)}:e:*") for name in names)


def _holding(store: RedisStore, prefix: str, context: str) -> Holding:
    sizes = store.sizes_matching(f"{prefix}:e:*")
    return Holding(context, len(sizes), len(store.sizes_matching(f"{prefix}:t:*")), sum(sizes))
