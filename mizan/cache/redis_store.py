"""
Redis, by django-redis: one server, Sentinel, or a Cluster.
"""

from __future__ import annotations

import copy
import hashlib
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.utils.module_loading import import_string
from django_redis.pool import ConnectionFactory
from redis.backoff import NoBackoff
from redis.cluster import RedisCluster
from redis.exceptions import ResponseError
from redis.retry import Retry

logger = logging.getLogger("mizan.cache")

BACKEND = "django_redis.cache.RedisCache"
SOCKET_SECONDS = 0.5
UNKNOWN = bytes(8)
_CHUNK = 1000

_EXTEND = "if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('pexpire', KEYS[1], ARGV[2]) end"
_RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end"
_RUN_ID = re.compile(rb"run_id:(\w+)")


class Servers:
    """
    Which servers answer, by their run ids. Told of every new connection.

    After a fail-over, and after a restart from a dump, writes may be gone: a tag shows its old version again, beside the
    entry that it had made stale. The run id is another one then, and no entry of before is believed.
    """

    def __init__(self) -> None:
        self.by_address: dict[tuple[str, int], bytes] = {}
        self.last = UNKNOWN

    def __call__(self, connection: Any) -> None:
        """Say hello as redis-py does, then `identify`."""
        connection.on_connect()
        self.identify(connection)

    def identify(self, connection: Any) -> None:
        """Ask the server at the other end who it is."""
        try:
            connection.send_command("INFO", "server")
            told = connection.read_response(disable_decoding=True)
        except ResponseError as error:
            logger.warning("Redis does not say who it is, so after a fail-over stale entries may be served: %s", error)
            told = b""
        found = _RUN_ID.search(told)
        self.last = hashlib.sha256(found[1]).digest()[:8] if found else UNKNOWN
        self.by_address[connection.host, int(connection.port)] = self.last


class ClusterConnectionFactory(ConnectionFactory):  # type: ignore[misc]  # django-redis is not typed
    """
    Lets django-redis speak to a Redis Cluster.

    ::

        "OPTIONS": {"CONNECTION_FACTORY": "mizan.cache.redis_store.ClusterConnectionFactory"}
    """

    _clusters: ClassVar[dict[str, RedisCluster]] = {}

    def connect(self, url: str) -> RedisCluster:
        if url not in self._clusters:
            options = {**self.make_connection_params(url), **self.pool_cls_kwargs}
            servers = options.pop("redis_connect_func", None)
            if servers is not None:  # a cluster's client says hello itself
                options["redis_connect_func"] = servers.identify
            options.pop("parser_class", None)
            self._clusters[url] = RedisCluster.from_url(**options)
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
        self._servers = Servers()
        self._client: Any = _client(backend, params, self._servers)
        self._is_cluster = isinstance(self._client, RedisCluster)

    @property
    def client(self) -> Any:
        """The client of redis-py."""
        return self._client

    def identity(self, key: str) -> bytes:
        if not self._is_cluster:
            return self._servers.last
        node = self._client.get_node_from_key(key)
        return self._servers.by_address.get((node.host, int(node.port)), UNKNOWN)

    def read(self, keys: Sequence[str]) -> list[bytes | None]:
        found: list[bytes | None] = self._client.mget(keys)
        return found

    def create(self, values: Mapping[str, bytes], seconds: float) -> None:
        self._set(values, seconds, only_new=True)

    def write(self, values: Mapping[str, bytes], seconds: float) -> None:
        self._set(values, seconds, only_new=False)

    def claim(self, key: str, owner: bytes, seconds: float) -> bool:
        return bool(self._client.set(key, owner, nx=True, px=_milliseconds(seconds)))

    def extend(self, key: str, owner: bytes, seconds: float) -> None:
        self._client.eval(_EXTEND, 1, key, owner, _milliseconds(seconds))

    def release(self, key: str, owner: bytes) -> None:
        self._client.eval(_RELEASE, 1, key, owner)

    def finish(self, key: str, value: bytes, seconds: float, claimed: str, owner: bytes) -> None:
        with self._client.pipeline(transaction=False) as pipeline:
            pipeline.set(key, value, px=_milliseconds(seconds))
            pipeline.eval(_RELEASE, 1, claimed, owner)
            pipeline.execute()

    def sizes_matching(self, pattern: str) -> list[int]:
        """The sizes in bytes of all values whose key matches; walks through all keys."""
        sizes: list[int] = []
        for keys in self._chunks(pattern):
            with self._client.pipeline(transaction=False) as pipeline:
                for key in keys:
                    pipeline.strlen(key)
                sizes += pipeline.execute()
        return sizes

    def delete_matching(self, pattern: str) -> int:
        """Delete what matches, without holding up the server; says how many there were."""
        deleted = 0
        for keys in self._chunks(pattern):
            with self._client.pipeline(transaction=False) as pipeline:
                for key in keys:
                    pipeline.unlink(key)
                deleted += sum(pipeline.execute())
        return deleted

    def _chunks(self, pattern: str) -> Iterator[list[bytes]]:
        keys = self._client.scan_iter(match=pattern, count=_CHUNK)
        while chunk := list(islice(keys, _CHUNK)):
            yield chunk

    def _set(self, values: Mapping[str, bytes], seconds: float, *, only_new: bool) -> None:
        if len(values) == 1:
            for key, value in values.items():
                self._client.set(key, value, px=_milliseconds(seconds), nx=only_new)
            return
        with self._client.pipeline(transaction=False) as pipeline:
            for key, value in values.items():
                pipeline.set(key, value, px=_milliseconds(seconds), nx=only_new)
            pipeline.execute()


def redis_params(url: str) -> tuple[str, dict[str, Any]]:
    """What CACHES would say for one Redis at *url*."""
    return BACKEND, {"LOCATION": url}


def _client(backend: str, params: Mapping[str, Any], on_connect: Any) -> Any:
    settings = copy.deepcopy(dict(params))
    locations = settings.pop("LOCATION", "")
    if isinstance(locations, str):
        locations = locations.split(",")
    options = settings.setdefault("OPTIONS", {})
    options.setdefault("SOCKET_TIMEOUT", SOCKET_SECONDS)
    options.setdefault("SOCKET_CONNECT_TIMEOUT", SOCKET_SECONDS)
    # One attempt: the guard knows what to do about a failure, and reading from the origin is the better retry.
    options["CONNECTION_POOL_KWARGS"] = {
        **options.get("CONNECTION_POOL_KWARGS", {}),
        "redis_connect_func": on_connect,
        "retry": Retry(NoBackoff(), 0),
    }
    # Tags and entries must be read where they are written: the first location is the primary.
    django_cache = import_string(backend)(_own_pool(locations[0]), settings)
    return django_cache.client.get_client(write=True)


def _own_pool(url: str) -> str:
    """*url* so that django-redis, which keeps one pool for each URL, does not share it with other users of the server."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    return urlunsplit(parts._replace(query=urlencode({**query, "client_name": query.get("client_name", "mizan")})))


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))
