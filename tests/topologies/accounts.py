"""
Accounts of Redis, and which commands Mizan needs.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import redis
from redis.cluster import RedisCluster
from redis.exceptions import RedisClusterException

from mizan.cache.circuit_breaker import CacheUnavailable
from mizan.cache.current import make_cache
from mizan.cache.entries import EntryKey
from mizan.cache.redis_store import ClusterConnectionFactory
from mizan.cache.stores import Finished
from mizan.cache.upkeep import holdings
from tests.topologies.servers import (
    PAGE,
    Server,
)
from tests.topologies.shop import store


def clients_of(one: Server) -> dict[str, dict[str, str]]:
    """The last connection of each name."""
    with one.client() as asking:
        return {connection["name"]: connection for connection in asking.client_list()}


def commands_of_page() -> list[str]:
    """What docs/deployment.md gives the account."""
    found = re.search(r"ACL SETUSER mizan on >\S+ ~mizan:\* (.+)", PAGE.read_text())
    assert found is not None
    return found[1].split()


def make_account(one: Server, commands: list[str]) -> None:
    """The page's account, which may use *commands*."""
    one.ask("ACL", "SETUSER", "mizan", "reset", "on", ">secret", "~mizan:*", *commands)


def refused(servers: list[Server], commands: list[str], *, anew: bool = False) -> set[str]:
    """
    What an account with *commands* would have needed too, to do all that Mizan does, from the first connection on.

    Args:
        anew: Whether its connections are made by a cache of its own, and not those that others have made already.
    """
    for one in servers:
        make_account(one, commands)
        one.ask("ACL", "LOG", "RESET")
    if anew:
        ClusterConnectionFactory._clusters.clear()
    with suppress(CacheUnavailable, redis.RedisError, RedisClusterException):
        use_everything()
    with suppress(RedisClusterException):
        for pool in pools_of(store().client):
            pool.disconnect()
    needed: set[str] = set()
    for one in servers:
        with one.client() as asking:
            needed |= {line["object"] for line in asking.acl_log()}
    # Newer servers are told which library speaks, and need not let it.
    return needed - {"client|setinfo"}


def pools_of(client: Any) -> list[Any]:
    """The connections of *client*."""
    if isinstance(client, RedisCluster):
        return [node.redis_connection.connection_pool for node in client.get_nodes() if node.redis_connection]
    return [client.connection_pool]


def use_everything() -> None:
    """Each step on its own, so that one that is refused does not keep the next from being tried."""
    cache = make_cache()
    assert cache is not None
    kept, key = cache.entries.store, EntryKey(cache.keys.entry("count", "f", "{}", []), (cache.keys.tag("count"),), 60)
    lease = f"{cache.keys.prefix('count')}:f:lease"
    for step in (
        lambda: cache.entries.look_up([key]),
        lambda: kept.release(lease, b"owner"),
        lambda: kept.acquire(lease, b"owner", 60),
        lambda: kept.renew(lease, b"owner", 60),
        lambda: kept.finish([Finished(key.name, b"entry", 60, lease, b"owner")]),
        lambda: cache.entries.renew_versions([cache.keys.tag("count"), cache.keys.tag("other")]),
        lambda: holdings(cache, ["count"]),
        lambda: kept.delete_matching(f"{cache.keys.prefix('count')}:*"),
    ):
        with suppress(CacheUnavailable, redis.RedisError, RedisClusterException):
            step()
