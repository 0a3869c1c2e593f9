"""
The cache on other backends of Django's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

import mizan
from mizan.cache.counters import counters
from mizan.cache.current import current_cache
from mizan.cache.stores import Finished
from tests.api import CachedApi
from tests.topologies.shop import Serve, change, count


@pytest.mark.django_db(transaction=True)
class TestOtherBackends:
    """Of Django's cache framework, as ``MIZAN_CACHE_ALIAS``."""

    @pytest.fixture(params=["redis", "file", "database", "memory"])
    def alias(self, request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
        """What CACHES says of one of them."""
        backends = "django.core.cache.backends"
        if request.param == "redis":
            request.getfixturevalue("redis_client")
            return {
                "BACKEND": f"{backends}.redis.RedisCache",
                "LOCATION": request.getfixturevalue("redis_server"),
                "KEY_PREFIX": "shop",
            }
        if request.param == "file":
            return {"BACKEND": f"{backends}.filebased.FileBasedCache", "LOCATION": str(tmp_path)}
        if request.param == "database":
            return {"BACKEND": f"{backends}.db.DatabaseCache", "LOCATION": "mizan_cache"}
        return {"BACKEND": f"{backends}.locmem.LocMemCache", "LOCATION": str(tmp_path)}

    @pytest.fixture
    def counted(self, alias: dict[str, Any], serve: Serve) -> Iterator[CachedApi]:
        """A context with two functions, and a mutation of it."""
        api = serve(CACHES={"default": alias}, MIZAN_CACHE_ALIAS="default")
        call_command("createcachetable")
        api.serve(count(), count(name="brief", cache=1), change("count"))
        yield api
        if "db" in alias["BACKEND"]:
            with connection.cursor() as cursor:
                cursor.execute("DROP TABLE mizan_cache")

    def test_hits_and_misses(self, counted: CachedApi) -> None:
        """As with Redis."""
        assert counted.read("count/") == ("MISS", {"number": 1, "brief": 1})
        assert counted.read("count/") == ("HIT", {"number": 1, "brief": 1})

        counted.call("save")

        assert counted.read("count/") == ("MISS", {"number": 2, "brief": 2})
        assert counted.read("count/") == ("HIT", {"number": 2, "brief": 2})
        assert counters.snapshot().get("failures", 0) == 0

    def test_seconds_are_kept_to(self, counted: CachedApi, let_seconds_pass: Callable[[float], None]) -> None:
        """By the function that gives them."""
        counted.read("count/")

        let_seconds_pass(1.1)

        assert counted.read("count/") == ("MISS", {"number": 1, "brief": 2})

    def test_after_commit(self, counted: CachedApi) -> None:
        """A cache in the database of the transaction is no exception."""
        counted.read("count/")
        with suppress(ZeroDivisionError), transaction.atomic():
            mizan.invalidate("count")
            1 / 0  # noqa: B018
        assert counted.read("count/")[0] == "HIT"

        with transaction.atomic():
            mizan.invalidate("count")

        assert counted.read("count/")[0] == "MISS"

    def test_leases(self, counted: CachedApi) -> None:
        """Where processes share the backend, one of them computes."""
        cache = current_cache()
        assert cache is not None
        kept = cache.entries.store

        assert kept.acquire("mizan:lease", b"mine", 60)
        assert not kept.acquire("mizan:lease", b"theirs", 60)
        kept.renew("mizan:lease", b"theirs", 60)
        kept.release("mizan:lease", b"theirs")
        assert kept.read(["mizan:lease"])[0] == [b"mine"]
        kept.renew("mizan:lease", b"mine", 60)
        kept.finish([Finished("mizan:value", b"value", 60, "mizan:lease", b"mine")])

        assert kept.read(["mizan:lease", "mizan:value"])[0] == [None, b"value"]
