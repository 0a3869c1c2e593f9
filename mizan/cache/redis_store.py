"""
Redis, by django-redis: one server, Sentinel, or a Cluster.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.utils.module_loading import import_string
from django_redis.pool import ConnectionFactory
from redis.backoff import NoBackoff
from redis.cluster import ClusterNode, RedisCluster
from redis.retry import Retry

from mizan.cache.redis_servers import UNKNOWN, Servers
from mizan.cache.stores import Finished

BACKEND = "django_redis.cache.RedisCache"
SOCKET_SECONDS = 0.5
# As many as Redis lets in. redis-py stops at 100 and raises then, which would look like a Redis that is down.
MOST_CONNECTIONS = 10_000
_CHUNK = 1000

_RENEW = "if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('pexpire', KEYS[1], ARGV[2]) end"
_RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end"
# Scripts rather than pipelines: one command costs this process less than several do, and a Cluster's pipeline takes no script.
_CREATE = """
local found = {}
for i = 1, #KEYS do
    redis.call('set', KEYS[i], ARGV[i], 'px', ARGV[#ARGV], 'nx')
    found[i] = redis.call('get', KEYS[i])
end
return found
"""
_ACQUIRE = """
local acquired = {}
for i = 1, #KEYS do acquired[i] = redis.call('set', KEYS[i], ARGV[i], 'px', ARGV[#ARGV], 'nx') and 1 or 0 end
return acquired
"""
_FINISH = """
for i = 1, #KEYS / 2 do
    local lease, key, owner, value, milliseconds = KEYS[2 * i - 1], KEYS[2 * i], ARGV[3 * i - 2], ARGV[3 * i - 1], ARGV[3 * i]
    redis.call('set', key, value, 'px', milliseconds)
    if redis.call('get', lease) == owner then redis.call('del', lease) end
end
"""


class ClusterConnectionFactory(ConnectionFactory):  # type: ignore[misc]  # django-redis is not typed
    """
    Lets django-redis speak to a Redis Cluster.

    ::

        "LOCATION": ["redis://node-1:6379/0", "redis://node-2:6379/0"],
        "OPTIONS": {"CONNECTION_FACTORY": "mizan.cache.redis_store.ClusterConnectionFactory"},

    Any node that answers tells where the others are.
    """

    _clusters: ClassVar[dict[str, RedisCluster]] = {}

    def connect(self, url: str) -> RedisCluster:
        """
        Args:
            url: One or more with commas between them.
        """
        if url not in self._clusters:
            first, *others = url.split(",")
            options = {**self.make_connection_params(first), **self.pool_cls_kwargs}
            options["startup_nodes"] = [_node(other) for other in others]
            servers = options.pop("redis_connect_func", None)
            if servers is not None:  # a cluster's client says hello itself
                options["redis_connect_func"] = servers.identify
            options.pop("parser_class", None)
            # Asks the cluster. Threads that come at once do so side by side, since a cluster that is down takes its time.
            self._clusters.setdefault(url, RedisCluster.from_url(**options))
        return self._clusters[url]

    def disconnect(self, connection: RedisCluster) -> None:
        connection.disconnect_connection_pools()  # type: ignore[no-untyped-call]


class RedisStore:
    """
    A Redis that several processes share.
    """

    is_shared = True

    def __init__(self, backend: str, params: Mapping[str, Any]) -> None:
        """
        Args:
            backend, params: A backend of django-redis and its settings, as in CACHES.
        """
        self._connections, self._servers = _connections(backend, params)
        if not isinstance(self._connections.connection_factory, ClusterConnectionFactory):
            _ = self.client  # says now what is wrong with the settings

    @property
    def client(self) -> Any:
        """The client of redis-py. A Cluster's needs the Cluster, so it is made when it is first asked for."""
        return self._connections.get_client(write=True)

    def read(self, keys: Sequence[str]) -> tuple[list[bytes | None], bytes]:
        client: Any = self.client
        values: list[bytes | None] = client.mget(keys)
        # Asked for after the answer, so that it names the server which gave the answer.
        if not isinstance(client, RedisCluster):
            return values, self._servers.last
        node = client.get_node_from_key(keys[0])  # type: ignore[no-untyped-call]  # nor is that part of redis-py
        return values, self._servers.by_address.get((node.host, int(node.port)), UNKNOWN)

    def create(self, values: Mapping[str, bytes], seconds: float) -> list[bytes | None]:
        found: list[bytes | None] = self._run(_CREATE, values, seconds)
        return found

    def write(self, values: Mapping[str, bytes], seconds: float) -> None:
        if len(values) == 1:
            for key, value in values.items():
                self.client.set(key, value, px=_milliseconds(seconds))
            return
        with self.client.pipeline(transaction=False) as pipeline:
            for key, value in values.items():
                pipeline.set(key, value, px=_milliseconds(seconds))
            pipeline.execute()

    def acquire(self, key: str, owner: bytes, seconds: float) -> bool:
        return bool(self.client.set(key, owner, nx=True, px=_milliseconds(seconds)))

    def acquire_all(self, owners: Mapping[str, bytes], seconds: float) -> list[bool]:
        return [bool(answer) for answer in self._run(_ACQUIRE, owners, seconds)]

    def _run(self, script: str, values: Mapping[str, bytes], seconds: float) -> Any:
        return self.client.eval(script, len(values), *values, *values.values(), _milliseconds(seconds))

    def renew(self, key: str, owner: bytes, seconds: float) -> None:
        self.client.eval(_RENEW, 1, key, owner, _milliseconds(seconds))

    def release(self, key: str, owner: bytes) -> None:
        self.client.eval(_RELEASE, 1, key, owner)

    def finish(self, results: Sequence[Finished]) -> None:
        keys = [key for result in results for key in (result.lease, result.key)]
        values = [value for result in results for value in (result.owner, result.value, _milliseconds(result.seconds))]
        self.client.eval(_FINISH, len(keys), *keys, *values)

    def sizes_matching(self, pattern: str) -> list[int]:
        """The sizes in bytes of all values whose key matches; walks through all keys."""
        sizes: list[int] = []
        for keys in self._chunks(pattern):
            with self.client.pipeline(transaction=False) as pipeline:
                for key in keys:
                    pipeline.strlen(key)
                sizes += pipeline.execute()
        return sizes

    def delete_matching(self, pattern: str) -> int:
        """Delete what matches, without holding up the server; says how many there were."""
        deleted = 0
        for keys in self._chunks(pattern):
            with self.client.pipeline(transaction=False) as pipeline:
                for key in keys:
                    pipeline.unlink(key)
                deleted += sum(pipeline.execute())
        return deleted

    def _chunks(self, pattern: str) -> Iterator[list[bytes]]:
        keys = self.client.scan_iter(match=pattern, count=_CHUNK)
        while chunk := list(islice(keys, _CHUNK)):
            yield chunk


def redis_params(url: str) -> tuple[str, dict[str, Any]]:
    """What CACHES would say for one Redis at *url*."""
    # Named, since a project may have set another one for its own caches.
    return BACKEND, {"LOCATION": url, "OPTIONS": {"CONNECTION_FACTORY": "django_redis.pool.ConnectionFactory"}}


def _connections(backend: str, params: Mapping[str, Any]) -> tuple[Any, Servers]:
    """A client of django-redis with connections of its own, and who is told of them."""
    settings = copy.deepcopy(dict(params))
    locations = settings.pop("LOCATION", "")
    if isinstance(locations, str):
        locations = locations.split(",")
    options = settings.setdefault("OPTIONS", {})
    options.setdefault("SOCKET_TIMEOUT", SOCKET_SECONDS)
    options.setdefault("SOCKET_CONNECT_TIMEOUT", SOCKET_SECONDS)
    # Tags and entries must be read where they are written: the first location is the primary, unless all are one Cluster.
    factory = options.get("CONNECTION_FACTORY")
    is_cluster = factory is not None and issubclass(import_string(factory), ClusterConnectionFactory)
    # django-redis keeps one pool for each URL. With a fragment, which nobody sends, it is not that of the project's caches.
    url = f"{','.join(locations) if is_cluster else locations[0]}#mizan"
    servers = Servers.at(url)
    # One attempt: the circuit breaker knows what to do about a failure, and reading from the origin is the better retry.
    once = {"retry": Retry(NoBackoff(), 0)}
    options["CONNECTION_POOL_KWARGS"] = {
        "client_name": "mizan",
        "max_connections": MOST_CONNECTIONS,
        **options.get("CONNECTION_POOL_KWARGS", {}),
        "redis_connect_func": servers,
        **once,
    }
    options["SENTINEL_KWARGS"] = {
        "socket_timeout": options["SOCKET_TIMEOUT"],
        "socket_connect_timeout": options["SOCKET_CONNECT_TIMEOUT"],
        **(options.get("SENTINEL_KWARGS") or {}),
        **once,
    }
    return import_string(backend)([url], settings).client, servers


def _node(url: str) -> ClusterNode:
    parts = urlsplit(url)
    return ClusterNode(parts.hostname, parts.port or 6379)  # type: ignore[no-untyped-call]  # as above


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))
