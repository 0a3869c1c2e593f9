"""
Computations that a test lets end when it likes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mizan.cache import single_flight
from mizan.client import client
from tests.api import CachedApi
from tests.cache.computations import AsyncWork, Work


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """Whose readers are counted, whatever they read."""
    made, join = Work(), single_flight.SingleFlight.join

    def counted(self: Any, lookup: Any) -> Any:
        joined = join(self, lookup)
        made.joined.release()
        return joined

    monkeypatch.setattr(single_flight.SingleFlight, "join", counted)
    yield made
    made.may_end.set()


@pytest.fixture
def aslow(cached: CachedApi, monkeypatch: pytest.MonkeyPatch) -> AsyncWork:
    """An ``async def`` function of the context "slow", and what it waits for."""
    made, join = AsyncWork(), single_flight.SingleFlight.join

    def counted(self: Any, lookup: Any) -> Any:
        joined = join(self, lookup)
        made.joined.release()
        return joined

    monkeypatch.setattr(single_flight.SingleFlight, "join", counted)

    @client(auth=False, context="slow")
    async def slow(request: Any) -> int:
        return await made.run()

    cached.serve(slow)
    return made
