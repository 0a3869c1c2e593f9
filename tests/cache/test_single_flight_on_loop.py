"""
Many readers of one missing entry, on the event loop: one computes, and the others get what it gets.
"""

from __future__ import annotations

import asyncio
import itertools
from threading import Event
from typing import Any

import pytest
import redis
from django.core.handlers.asgi import ASGIHandler
from django.test import AsyncClient

import mizan
from mizan.cache import single_flight
from mizan.cache.current import current_cache
from mizan.cache.leases import LEASE_SECONDS
from mizan.cache.redis_store import RedisStore
from mizan.client import client
from tests.api import CachedApi
from tests.cache.computations import PATIENCE, THREADS, AsyncWork, aread, leases, read


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

    async def test_a_follower_takes_over_from_a_leader_who_leaves(self, aslow: AsyncWork) -> None:
        """One of them computes, the others wait for that one, and its answer is kept."""
        leader = asyncio.create_task(aread())
        await aslow.readers(1)
        await aslow.is_running.wait()
        followers = [asyncio.create_task(aread()) for _ in range(20)]
        await aslow.readers(20)
        leader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leader
        await aslow.readers(20)
        aslow.go_on.set()

        assert await asyncio.gather(*followers) == [("MISS", {"slow": 2})] * 20
        assert await aread() == ("HIT", {"slow": 2})
        assert aslow.count == 2

    async def test_a_client_that_hangs_up(self, aslow: AsyncWork) -> None:
        """Its request is cancelled by Django's ASGI handler; whoever waited for it is answered."""
        hang_up = asyncio.Event()
        gone = asyncio.create_task(asgi_get("slow/", hang_up))
        await aslow.is_running.wait()
        follower = asyncio.create_task(aread())
        await aslow.readers(2)
        hang_up.set()
        assert await gone == []
        aslow.go_on.set()

        assert await follower == ("MISS", {"slow": 2})
        assert await aread() == ("HIT", {"slow": 2})

    async def test_a_follower_who_leaves_takes_nobody_along(self, aslow: AsyncWork) -> None:
        """Neither the leader nor the other followers."""
        leader = asyncio.create_task(aread())
        await aslow.is_running.wait()
        followers = [asyncio.create_task(aread()) for _ in range(3)]
        await aslow.readers(4)
        followers[1].cancel()
        with pytest.raises(asyncio.CancelledError):
            await followers[1]
        aslow.go_on.set()

        assert await asyncio.gather(leader, followers[0], followers[2]) == [("MISS", {"slow": 1})] * 3
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
        leader = asyncio.create_task(aread())
        assert await asyncio.to_thread(is_asking.wait, PATIENCE)
        leader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leader
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
