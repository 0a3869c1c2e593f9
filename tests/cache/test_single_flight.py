"""
Many readers of one missing entry, in threads: one computes, and the others get what it gets.
"""

from __future__ import annotations

import itertools
from threading import Barrier, Event
from typing import Any

import pytest
import redis

import mizan
from mizan.cache import current
from mizan.cache.counters import counters
from mizan.cache.current import current_cache
from mizan.client import client
from tests.api import CachedApi
from tests.cache.computations import PATIENCE, THREADS, Work, cached_body, in_time, leases, read, slow
from tests.threads import in_thread, start
from tests.waiting import wait_until


class TestThreads:
    """In one process."""

    def test_one_of_two_hundred_computes(self, cached: CachedApi, work: Work) -> None:
        """All of them get its answer, and what comes after them is a hit."""
        cached.serve(slow(work))
        are_ready = Barrier(THREADS)
        readers = [start(lambda: (are_ready.wait(PATIENCE), read())[1]) for _ in range(THREADS)]
        work.wait_for_readers(THREADS)
        work.may_end.set()

        assert [reader.result(PATIENCE) for reader in readers] == [("MISS", {"slow": 1})] * THREADS
        assert read() == ("HIT", {"slow": 1})
        assert work.count == 1
        assert counters.snapshot()["waits"] == THREADS - 1
        assert counters.snapshot()["stores"] == 1

    def test_the_first_readers_of_a_process_share_too(
        self, cached: CachedApi, work: Work, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """They come before there is a cache, and there is one cache for all of them."""
        make, made = current.make_cache, []
        arrived: list[None] = []

        def make_once_all_are_there() -> Any:
            wait_until(lambda: len(arrived) == 20, PATIENCE, "every reader has arrived")
            made.append(make())
            return made[-1]

        def arrive_and_read() -> Any:
            arrived.append(None)
            return read()

        cached.serve(slow(work))
        monkeypatch.setattr(current.current_cache, "_make", make_once_all_are_there)
        current.forget()
        readers = [start(arrive_and_read) for _ in range(20)]
        work.wait_for_readers(20)
        work.may_end.set()

        assert [reader.result(PATIENCE) for reader in readers] == [("MISS", {"slow": 1})] * 20
        assert made == [current_cache()]

    def test_other_entries_are_not_waited_for(self, cached: CachedApi, work: Work) -> None:
        """Another parameter, another function, another user."""

        @client(auth=False, context="slow")
        def slow(request: Any, id: int) -> int:
            return work() if id == 1 else 0

        @client(auth=False, context="slow")
        def quick(request: Any, id: int) -> int:
            return id

        cached.serve(slow, quick)
        reader = start(lambda: read("slow/?id=1"))
        assert work.has_begun.wait(PATIENCE)
        assert in_thread(lambda: read("slow/?id=2")) == ("MISS", {"slow": 0, "quick": 2})
        assert in_thread(lambda: read("slow/?id=1&~only=quick"))[1] == {"quick": 1}
        assert not reader.done()
        work.may_end.set()
        assert reader.result(PATIENCE) == ("MISS", {"slow": 1, "quick": 1})

    def test_a_failure_is_everybodys(self, cached: CachedApi, work: Work) -> None:
        """Of those who waited for it. It is not kept: the next read computes anew."""

        @client(auth=False, context="slow")
        def slow(request: Any) -> int:
            if work() == 1:
                raise RuntimeError
            return 2

        cached.serve(slow)
        readers = [start(lambda: cached_body("slow/")) for _ in range(20)]
        work.wait_for_readers(20)
        work.may_end.set()

        answers = [reader.result(PATIENCE) for reader in readers]
        assert [answer["code"] for answer in answers] == ["INTERNAL_ERROR"] * 20
        assert read() == ("MISS", {"slow": 2})
        assert read() == ("HIT", {"slow": 2})

    def test_a_time_out_of_the_function_is_a_failure(self, cached: CachedApi, work: Work) -> None:
        """It is not that of the wait: two hundred readers do not ask a service that is down two hundred times."""

        @client(auth=False, context="slow")
        def slow(request: Any) -> int:
            work()
            raise TimeoutError

        cached.serve(slow)
        readers = [start(lambda: cached_body("slow/")) for _ in range(20)]
        work.wait_for_readers(20)
        work.may_end.set()

        assert [reader.result(PATIENCE)["code"] for reader in readers] == ["INTERNAL_ERROR"] * 20
        assert work.count == 1

    def test_who_comes_after_an_invalidation_waits_for_nobody_of_before(self, cached: CachedApi, work: Work) -> None:
        """Nor do they get the value that was computed before it."""
        later = Event()

        @client(auth=False, context="slow")
        def slow(request: Any) -> int:
            return 7 if later.is_set() else work()

        cached.serve(slow)
        before = [start(read) for _ in range(5)]
        work.wait_for_readers(5)
        assert work.has_begun.wait(PATIENCE)
        mizan.invalidate("slow")
        later.set()

        assert in_thread(read) == ("MISS", {"slow": 7})
        work.may_end.set()
        assert [reader.result(PATIENCE) for reader in before] == [("MISS", {"slow": 1})] * 5
        assert read()[1] == {"slow": 7}
        assert read() == ("HIT", {"slow": 7})

    def test_invalidations_meanwhile_make_a_computation_each(self, cached: CachedApi, work: Work) -> None:
        """Nobody joins one that began before what they have seen."""
        cached.serve(slow(work))
        readers = []
        for number in range(3):
            readers += [start(read), start(read)]
            work.wait_for_readers(2)
            mizan.invalidate("slow")
            assert len(readers) == 2 * (number + 1)
        work.may_end.set()

        answers = [reader.result(PATIENCE)[1]["slow"] for reader in readers]
        assert answers[::2] == answers[1::2]
        assert sorted(answers[::2]) == [1, 2, 3]
        assert read() == ("MISS", {"slow": 4})

    def test_a_function_that_reads_itself_does_not_wait_for_itself(self, cached: CachedApi) -> None:
        """In the thread that computes."""
        depths = itertools.count(1)

        @client(auth=False, context="slow")
        def slow(request: Any) -> int:
            if next(depths) < 3:
                return read()[1]["slow"] + 1
            return 0

        cached.serve(slow)
        assert in_time(read) == ("MISS", {"slow": 2})
        assert read() == ("HIT", {"slow": 2})

    def test_a_function_that_reads_another_waits_for_it(self, cached: CachedApi, work: Work) -> None:
        """That one is computed once, too."""

        @client(auth=False, context="outer")
        def outer(request: Any, id: int) -> int:
            return read()[1]["slow"]

        cached.serve(slow(work), outer)
        readers = [start(lambda number=number: read(f"outer/?id={number}")) for number in range(5)]
        work.wait_for_readers(10)
        work.may_end.set()
        assert [reader.result(PATIENCE) for reader in readers] == [("MISS", {"outer": 1})] * 5

    @pytest.mark.parametrize("cached", ["redis"], indirect=True)
    def test_no_lease_outlives_its_computation(self, cached: CachedApi, work: Work, redis_client: redis.Redis) -> None:
        """While it lasts others can see it; neither success nor failure leaves it behind."""

        @client(auth=False, context="slow")
        def slow(request: Any, fail: bool = False) -> int:
            work()
            return 1 // (not fail)

        cached.serve(slow)
        readers = [start(lambda path=path: cached_body(path)) for path in ("slow/", "slow/?fail=true")]
        assert work.has_begun.wait(PATIENCE)
        work.wait_for_readers(2)
        work.may_end.set()
        [reader.result(PATIENCE) for reader in readers]
        assert leases(redis_client) == []
