"""
Computations that a test lets end when it likes, and readers who wait for them.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from threading import Event, Semaphore
from typing import Any

import redis
from django.test import AsyncClient

from mizan.cache import single_flight
from mizan.client import client
from tests.api import CachedApi
from tests.threads import start

THREADS = 200


PATIENCE = 20


class Work:
    """
    A computation that a test lets end when it likes, and that says who is waiting for it.
    """

    def __init__(self) -> None:
        self.runs = itertools.count(1)
        self.has_begun, self.may_end = Event(), Event()
        self.joined = Semaphore(0)

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
        """Until *count* readers, leaders among them, have missed and know for whom they wait."""
        for _ in range(count):
            assert self.joined.acquire(timeout=PATIENCE)


def slow(work: Work) -> Any:
    """A function of the context "slow"."""

    @client(auth=False, context="slow")
    def slow(request: Any) -> int:
        return work()

    return slow


def read(path: str = "slow/") -> tuple[str, Any]:
    """How and with what a reader of their own is answered."""
    return CachedApi().read(path)


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


async def aread(path: str = "slow/") -> tuple[str, Any]:
    """`read` over ASGI."""
    response = await AsyncClient().get(f"/api/mizan/ctx/{path}")
    return response.headers["X-Mizan-Cache"], response.json()


def cached_body(path: str) -> Any:
    """The body of an answer that may be a failure."""
    return CachedApi().get(f"ctx/{path}").json()


def with_cart(number: int) -> Any:
    """The cart of a browser that has a cookie."""
    api = CachedApi()
    api.http.cookies["cart"] = str(number)
    return api.get("ctx/cart/").json()


def in_time(work: Callable[[], Any]) -> Any:
    """What *work* gives in a thread, which must not wait for another computation."""
    return start(work).result(single_flight.LONGEST_WAIT_SECONDS / 2)


def leases(client: redis.Redis) -> list[bytes]:
    return list(client.scan_iter("*:f:*"))
