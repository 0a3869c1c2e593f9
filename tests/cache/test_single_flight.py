"""
Many readers of one cold slot: one computes, and the others get what it gets.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterator
from threading import Barrier, Event, Semaphore
from typing import Any

import pytest
import redis
from django.contrib.auth.models import User
from django.core.handlers.asgi import ASGIHandler
from django.test import AsyncClient

import mizan
from mizan.cache import current, single_flight
from mizan.cache.counters import counters
from mizan.cache.current import current_cache
from mizan.cache.leases import LEASE_SECONDS
from mizan.cache.redis_store import RedisStore
from mizan.client import client
from tests.cache.conftest import CachedApi
from tests.postgres import in_thread, start

THREADS = 200
PATIENCE = 20


class Work:
    """
    A computation that a test lets end when it likes, and that says who is waiting for it.
    """

    def __init__(self) -> None:
        self.runs = itertools.count(1)
        self.has_begun, self.may_end = Event(), Event()
        self.boarded = Semaphore(0)

    def __call__(self) -> int:
        """Which run of the function this is."""
        run = next(self.runs)
        self.has_begun.set()
        assert self.may_end.wait(PATIENCE)
        return run

    @property
    def count(self) -> int:
        """How often it was run; the next run has the number after that."""
        return next(self.runs) - 1

    def wait_for_readers(self, count: int) -> None:
        """Until *count* readers, pilots among them, have missed and know for whom they wait."""
        for _ in range(count):
            assert self.boarded.acquire(timeout=PATIENCE)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """Whose readers are counted, whatever they read."""
    made, board = Work(), single_flight.SingleFlight.join

    def counted(self: Any, lookup: Any) -> Any:
        boarded = board(self, lookup)
        made.boarded.release()
        return boarded

    monkeypatch.setattr(single_flight.SingleFlight, "join", counted)
    yield made
    made.may_end.set()


def slow(work: Work) -> Any:
    """A function of the context "slow"."""

    @client(auth=False, context="slow")
    def slow(request: Any) -> int:
        return work()

    return slow


def read(path: str = "slow/") -> tuple[str, Any]:
    """How and with what a reader of their own is answered."""
    return CachedApi().read(path)


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

        def make_slowly() -> Any:
            made.append(make())
            Event().wait(0.05)
            return made[-1]

        cached.serve(slow(work))
        monkeypatch.setattr(current.current_cache, "_make", make_slowly)
        current.forget()
        readers = [start(read) for _ in range(20)]
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

    def test_invalidations_meanwhile_make_a_flight_each(self, cached: CachedApi, work: Work) -> None:
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


@pytest.mark.django_db(transaction=True)
class TestPersonalAnswers:
    """What hangs on something that no key holds is its asker's own."""

    def test_an_answer_is_not_shared(self, cached: CachedApi, work: Work) -> None:
        """Everybody who waited computes their own."""

        @client(auth=False, context="cart")
        def cart(request: Any) -> str:
            work()
            return str(request.COOKIES.get("cart"))

        cached.serve(cart)
        readers = [start(lambda number=number: with_cart(number)) for number in range(10)]
        work.wait_for_readers(10)
        work.may_end.set()

        assert [reader.result(PATIENCE) for reader in readers] == [{"cart": str(number)} for number in range(10)]
        assert work.count == 10

    def test_a_failure_is_not_shared(self, cached: CachedApi, work: Work) -> None:
        """One person's refusal is no other's."""

        @client(auth=False, context="cart")
        def cart(request: Any) -> str:
            work()
            if request.COOKIES.get("cart") == "0":
                raise PermissionError
            return str(request.COOKIES.get("cart"))

        cached.serve(cart)
        first = start(lambda: with_cart(0))
        assert work.has_begun.wait(PATIENCE)
        others = [start(lambda number=number: with_cart(number)) for number in range(1, 10)]
        work.wait_for_readers(10)
        work.may_end.set()

        assert [reader.result(PATIENCE) for reader in others] == [{"cart": str(number)} for number in range(1, 10)]
        assert first.result(PATIENCE)["error"] is True

    def test_the_session_is_one_s_own(self, cached: CachedApi, work: Work) -> None:
        """Of two browsers of the same user, too."""

        @client(auth=True, context="cart")
        def cart(request: Any) -> str | None:
            work()
            return request.session.get("cart")

        cached.serve(cart)
        ada = User.objects.create_user("ada")
        browsers = [CachedApi(), CachedApi()]
        for number, browser in enumerate(browsers):
            browser.http.force_login(ada)
            session = browser.http.session
            session["cart"] = str(number)
            session.save()
        readers = [start(lambda browser=browser: browser.get("ctx/cart/").json()) for browser in browsers]
        work.wait_for_readers(2)
        work.may_end.set()

        assert [reader.result(PATIENCE) for reader in readers] == [{"cart": "0"}, {"cart": "1"}]


class AsyncWork(Work):
    """`Work` on the event loop."""

    def __init__(self) -> None:
        super().__init__()
        self.is_running, self.go_on = asyncio.Event(), asyncio.Event()

    async def run(self) -> int:
        run = next(self.runs)
        self.is_running.set()
        await asyncio.wait_for(self.go_on.wait(), PATIENCE)
        return run

    async def readers(self, count: int) -> None:
        await asyncio.to_thread(self.wait_for_readers, count)


@pytest.fixture
def aslow(cached: CachedApi, monkeypatch: pytest.MonkeyPatch) -> AsyncWork:
    """An ``async def`` function of the context "slow", and what it waits for."""
    made, board = AsyncWork(), single_flight.SingleFlight.join

    def counted(self: Any, lookup: Any) -> Any:
        boarded = board(self, lookup)
        made.boarded.release()
        return boarded

    monkeypatch.setattr(single_flight.SingleFlight, "join", counted)

    @client(auth=False, context="slow")
    async def slow(request: Any) -> int:
        return await made.run()

    cached.serve(slow)
    return made


async def aread(path: str = "slow/") -> tuple[str, Any]:
    """`read` over ASGI."""
    response = await AsyncClient().get(f"/api/mizan/ctx/{path}")
    return response.headers["X-Mizan-Cache"], response.json()


class TestEventLoop:
    """``async def`` functions under ASGI."""

    async def test_one_of_two_hundred_computes(self, aslow: AsyncWork) -> None:
        """The loop waits for nobody."""
        readers = [asyncio.create_task(aread()) for _ in range(THREADS)]
        await aslow.readers(THREADS)
        aslow.go_on.set()

        assert await asyncio.gather(*readers) == [("MISS", {"slow": 1})] * THREADS
        assert await aread() == ("HIT", {"slow": 1})
        assert aslow.count == 1

    async def test_a_waiter_takes_over_from_a_pilot_who_leaves(self, aslow: AsyncWork) -> None:
        """One of them computes, the others wait for that one, and its answer is kept."""
        pilot = asyncio.create_task(aread())
        await aslow.readers(1)
        await aslow.is_running.wait()
        waiters = [asyncio.create_task(aread()) for _ in range(20)]
        await aslow.readers(20)
        pilot.cancel()
        with pytest.raises(asyncio.CancelledError):
            await pilot
        await aslow.readers(20)
        aslow.go_on.set()

        assert await asyncio.gather(*waiters) == [("MISS", {"slow": 2})] * 20
        assert await aread() == ("HIT", {"slow": 2})
        assert aslow.count == 2

    async def test_a_client_that_hangs_up(self, aslow: AsyncWork) -> None:
        """Its request is cancelled by Django's ASGI handler; whoever waited for it is answered."""
        hang_up = asyncio.Event()
        gone = asyncio.create_task(asgi_get("slow/", hang_up))
        await aslow.is_running.wait()
        waiter = asyncio.create_task(aread())
        await aslow.readers(2)
        hang_up.set()
        assert await gone == []
        aslow.go_on.set()

        assert await waiter == ("MISS", {"slow": 2})
        assert await aread() == ("HIT", {"slow": 2})

    async def test_a_waiter_who_leaves_takes_nobody_along(self, aslow: AsyncWork) -> None:
        """Neither the pilot nor the other waiters."""
        pilot = asyncio.create_task(aread())
        await aslow.is_running.wait()
        waiters = [asyncio.create_task(aread()) for _ in range(3)]
        await aslow.readers(4)
        waiters[1].cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiters[1]
        aslow.go_on.set()

        assert await asyncio.gather(pilot, waiters[0], waiters[2]) == [("MISS", {"slow": 1})] * 3
        assert aslow.count == 1

    @pytest.mark.parametrize("error", [RuntimeError, TimeoutError])
    async def test_a_failure_is_everybodys(self, cached: CachedApi, aslow: AsyncWork, error: type[Exception]) -> None:
        """As in threads."""

        @client(auth=False, context="shaky")
        async def shaky(request: Any) -> int:
            if await aslow.run() == 1:
                raise error
            return 2

        cached.serve(shaky)
        readers = [
            asyncio.create_task(AsyncClient(raise_request_exception=False).get("/api/mizan/ctx/shaky/"))
            for _ in range(20)
        ]
        await aslow.readers(20)
        aslow.go_on.set()

        assert [response.json()["code"] for response in await asyncio.gather(*readers)] == ["INTERNAL_ERROR"] * 20
        assert await aread("shaky/") == ("MISS", {"shaky": 2})

    async def test_who_comes_after_an_invalidation_waits_for_nobody_of_before(self, aslow: AsyncWork) -> None:
        """As in threads."""
        before = asyncio.create_task(aread())
        await aslow.readers(1)
        await aslow.is_running.wait()
        await mizan.ainvalidate("slow")
        aslow.is_running.clear()
        after = asyncio.create_task(aread())
        await asyncio.wait_for(aslow.is_running.wait(), PATIENCE)
        aslow.go_on.set()

        assert await asyncio.gather(before, after) == [("MISS", {"slow": 1}), ("MISS", {"slow": 2})]

    async def test_a_function_that_reads_itself_does_not_wait_for_itself(self, cached: CachedApi) -> None:
        """On the loop, and from a thread that it waits for."""
        depths = itertools.count(1)

        @client(auth=False, context="deep")
        async def deep(request: Any) -> int:
            depth = next(depths)
            if depth == 1:
                return (await aread("deep/"))[1]["deep"] + 1
            if depth == 2:
                return (await asyncio.to_thread(read, "deep/"))[1]["deep"] + 1
            return 0

        cached.serve(deep)
        assert await asyncio.wait_for(aread("deep/"), single_flight.LONGEST_WAIT_SECONDS / 2) == ("MISS", {"deep": 2})

    @pytest.mark.parametrize("cached", ["redis"], indirect=True)
    @pytest.mark.parametrize("step", ["acquire_all", "finish"])
    async def test_who_leaves_while_the_store_is_asked_holds_no_lease(
        self, aslow: AsyncWork, step: str, redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The thread that asks goes on after its task was cancelled; nobody waits for that lease."""
        is_asking, may_ask, has_asked = Event(), Event(), Event()
        ask = getattr(RedisStore, step)

        def slowly(self: Any, *args: Any) -> Any:
            is_asking.set()
            assert may_ask.wait(PATIENCE)
            try:
                return ask(self, *args)
            finally:
                has_asked.set()

        monkeypatch.setattr(RedisStore, step, slowly)
        aslow.go_on.set()
        pilot = asyncio.create_task(aread())
        assert await asyncio.to_thread(is_asking.wait, PATIENCE)
        pilot.cancel()
        with pytest.raises(asyncio.CancelledError):
            await pilot
        may_ask.set()
        assert await asyncio.to_thread(has_asked.wait, PATIENCE)
        monkeypatch.undo()

        status, body = await asyncio.wait_for(aread(), LEASE_SECONDS / 2)
        assert body["slow"] in (1, 2)
        assert leases(redis_client) == []
        cache = current_cache()
        assert cache is not None
        assert not cache.single_flight._renewal._held


async def asgi_get(path: str, hang_up: asyncio.Event) -> list[Any]:
    """What is sent to a client that asks and then hangs up."""
    sent: list[Any] = []
    questions = iter([{"type": "http.request", "body": b""}])

    async def receive() -> Any:
        for question in questions:
            return question
        await hang_up.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": f"/api/mizan/ctx/{path}", "query_string": b"", "headers": []}
    await ASGIHandler()(scope, receive, send)
    return sent


def cached_body(path: str) -> Any:
    """The body of an answer that may be a failure."""
    return CachedApi().get(f"ctx/{path}").json()


def with_cart(number: int) -> Any:
    """The cart of a browser that has a cookie."""
    api = CachedApi()
    api.http.cookies["cart"] = str(number)
    return api.get("ctx/cart/").json()


def in_time(work: Callable[[], Any]) -> Any:
    """What *work* gives in a thread, which must not wait for a flight."""
    return start(work).result(single_flight.LONGEST_WAIT_SECONDS / 2)


def leases(client: redis.Redis) -> list[bytes]:
    return list(client.scan_iter("*:f:*"))
