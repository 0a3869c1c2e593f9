"""
Caches to test with: a real Redis, and the memory of the process.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis
from django.conf import LazySettings
from django.core.cache.backends.locmem import LocMemCache

from mizan.apps import watch_data
from mizan.cache.counters import counters
from tests.rest.conftest import Api, api

__all__ = ["api"]

SECRET = "tests-only-0123456789abcdefghijklmnop"


class CachedApi(Api):
    """An `Api` that says how a context was answered."""

    def read(self, path: str, **headers: str) -> tuple[str, object]:
        """``("HIT", {...})``: the header and the body of ``ctx/<path>``."""
        response = self.get(f"ctx/{path}", **headers)
        assert response.status_code == 200, response.content
        return response.headers["X-Mizan-Cache"], response.json()


@pytest.fixture
def redis_client(redis_server: str) -> Iterator[redis.Redis]:
    """The Redis of this test process, empty."""
    client = redis.Redis.from_url(redis_server)
    client.flushall()
    yield client
    client.flushall()


@pytest.fixture(params=["redis", "memory"])
def cached(request: pytest.FixtureRequest, settings: LazySettings, api: Api) -> Iterator[CachedApi]:
    """A server with a cache and no function yet."""
    if request.param == "redis":
        request.getfixturevalue("redis_client")
        settings.MIZAN_CACHE_REDIS_URL = request.getfixturevalue("redis_server")
    else:
        LocMemCache("mizan", {}).clear()
    settings.MIZAN_CACHE_SECRET = SECRET
    watch_data()  # as at the start of a process with these settings
    counters.reset()
    return CachedApi()
