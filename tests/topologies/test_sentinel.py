"""
The cache behind Sentinel.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tests.api import CachedApi
from tests.topologies.servers import (
    HOST,
    SentinelSet,
    quiet_port,
    sentinel_set,
    until,
)
from tests.topologies.shop import (
    SHORT_SECONDS,
    Serve,
    calls,
    change,
    count,
    first_look,
    is_believable,
    store,
    wait_for_hit,
)

SENTINEL = "django_redis.pool.SentinelConnectionFactory"


class TestSentinel:
    """With the settings that docs/deployment.md shows."""

    @pytest.fixture
    def watched(self, tmp_path: Path) -> Iterator[SentinelSet]:
        """A primary, a replica and a Sentinel."""
        with sentinel_set(tmp_path) as made:
            yield made

    @pytest.fixture
    def counted(self, watched: SentinelSet, serve: Serve) -> CachedApi:
        """A context and a mutation of it."""
        api = serve(**watched.settings())
        api.serve(count(), change("count"))
        return api

    def test_the_primary_alone_is_asked(self, watched: SentinelSet, counted: CachedApi) -> None:
        """Hits, misses and what is made stale are as with one server; a replica may be behind."""
        watched.replica.ask("CONFIG", "RESETSTAT")

        assert counted.read("count/") == ("MISS", {"number": 1})
        assert counted.read("count/") == ("HIT", {"number": 1})
        counted.call("save")
        assert counted.read("count/") == ("MISS", {"number": 2})
        assert counted.read("count/") == ("HIT", {"number": 2})

        assert "mget" in calls(watched.primary)
        assert "mget" not in calls(watched.replica)

    def test_a_fail_over_that_loses_nothing(self, watched: SentinelSet, counted: CachedApi) -> None:
        """Nobody can know that, so no entry of before is believed. The new primary is found without a restart."""
        counted.read("count/")
        watched.wait_for_copy()

        watched.fail_over()

        assert is_believable(watched.primary)
        assert first_look(counted) == ("MISS", {"number": 2})
        assert wait_for_hit(counted) == {"number": 2}

    def test_a_fail_over_that_loses_an_invalidation(self, watched: SentinelSet, counted: CachedApi) -> None:
        """The replica has the answer of before with the version of before, and it is not served."""
        counted.read("count/")
        watched.wait_for_copy()
        watched.cut_off_replica()
        counted.call("save")

        watched.fail_over()

        assert is_believable(watched.primary)
        assert first_look(counted) == ("MISS", {"number": 2})
        assert wait_for_hit(counted) == {"number": 2}

    def test_there_and_back(self, watched: SentinelSet, counted: CachedApi) -> None:
        """A primary that was a replica in between is the same process with the data of another."""
        counted.read("count/")
        watched.wait_for_copy()
        watched.cut_off_replica()
        counted.call("save")

        for _ in range(2):
            watched.fail_over()
            watched.wait_for_copy()

        assert watched.primary is watched.first
        assert is_believable(watched.primary)
        assert first_look(counted) == ("MISS", {"number": 2})
        assert wait_for_hit(counted) == {"number": 2}

    def test_a_primary_that_dies(self, watched: SentinelSet, counted: CachedApi) -> None:
        """Until another one takes over there is no cache, and then the other one hears of what was changed meanwhile."""
        counted.read("count/")
        watched.wait_for_copy()
        dead = watched.primary
        dead.stop()

        begun = time.monotonic()
        counted.call("save")
        assert counted.read("count/") == ("BYPASS", {"number": 2})
        assert time.monotonic() - begun < SHORT_SECONDS

        watched.wait_for_new_primary(dead)
        until(lambda: not is_believable(watched.primary), "the new primary knows what was changed")
        assert first_look(counted)[0] == "MISS"
        assert wait_for_hit(counted)["number"] > 2

    def test_sentinels_that_are_down(self, watched: SentinelSet, serve: Serve) -> None:
        """The next one is asked, at once."""
        api = serve(**watched.settings((HOST, quiet_port()), (HOST, quiet_port())))
        api.serve(count())

        begun = time.monotonic()
        assert store().read(["mizan:nothing"])[0] == [None]
        assert time.monotonic() - begun < SHORT_SECONDS
        assert api.read("count/") == ("MISS", {"number": 1})

    def test_a_redis_of_its_own_beside_it(self, serve: Serve, redis_server: str, redis_client: redis.Redis) -> None:
        """The project's caches are behind Sentinel, and Mizan's has a URL."""
        api = serve(DJANGO_REDIS_CONNECTION_FACTORY=SENTINEL, MIZAN_CACHE_REDIS_URL=redis_server)
        api.serve(count())

        api.read("count/")
        assert api.read("count/") == ("HIT", {"number": 1})
