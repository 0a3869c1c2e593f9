"""
Reading the functions of a context through the cache. Who may read is settled before anything here is asked.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from asgiref.sync import sync_to_async

from mizan.cache.counters import counters
from mizan.cache.current import current_cache
from mizan.cache.flights import Abandoned, Flight, PilotLeft, piloting
from mizan.cache.guard import CacheUnavailable
from mizan.cache.slots import Lookup
from mizan.dispatch.access import is_same_reader
from mizan.dispatch.dependencies import Dependencies, watched
from mizan.dispatch.endpoints import ContextEndpoint, Endpoint
from mizan.dispatch.places import slots_of
from mizan.dispatch.staleness import is_in_transaction, is_waiting
from mizan.telemetry import span

logger = logging.getLogger("mizan.cache")

HIT, MISS, BYPASS = "HIT", "MISS", "BYPASS"


class Reading:
    """
    The reads of one request from one context.
    """

    def __init__(self, context: ContextEndpoint, request: Any) -> None:
        """
        Args:
            request: DRF's request, of a user who is known by now.
        """
        self.context = context
        self.request = request
        self._cache = current_cache()
        self._lookups: dict[str, Lookup] = {}
        self._may_store = False
        self._has_hit = self._has_missed = False

    @property
    def status(self) -> str:
        """``HIT`` where every answer that may be cached was, ``MISS`` where one was not, else ``BYPASS``."""
        return MISS if self._has_missed else HIT if self._has_hit else BYPASS

    def look_up(self, arguments: Mapping[str, Mapping[str, Any]]) -> dict[str, bytes]:
        """
        What the cache has of the functions named, in one round trip.

        Args:
            arguments: Validated arguments by function, of those functions that may be read.
        """
        cached = {name: values for name, values in arguments.items() if _is_cached(self.context.readers[name])}
        if self._cache is None or not cached or is_waiting():
            return {}
        slots = slots_of(self._cache, self.context, self.request, cached)
        with span("cache.look_up", context=self.context.name) as current:
            try:
                lookups = self._cache.entries.look_up(list(slots.values()))
            except CacheUnavailable:
                return {}
            self._lookups = dict(zip(slots, lookups, strict=True))
            found = {name: lookup.body for name, lookup in self._lookups.items() if lookup.body is not None}
            current.set_attribute("mizan.hits", len(found))
            current.set_attribute("mizan.misses", len(lookups) - len(found))
        # What is computed in a transaction of before the look-up may be older than the versions seen, and so may the user.
        if len(found) < len(lookups):
            self._may_store = not is_in_transaction() and is_same_reader(self.request.user)
        self._has_hit = bool(found)
        counters.add("hits", len(found))
        counters.add("misses", len(lookups) - len(found))
        return found

    def read(self, name: str, compute: Callable[[], bytes]) -> bytes:
        """
        The answer of a function that was not found: computed once, whoever asks for it at the same time.

        Raises:
            Exception: whatever *compute* raises.
        """
        boarded = self._board(name)
        if boarded is None or self._cache is None:
            return compute()
        flight, is_pilot = boarded
        if not is_pilot:
            try:
                with span("cache.wait", function=name):
                    return self._cache.flights.wait(flight)
            except PilotLeft:
                return self.read(name, compute)
            except Abandoned:
                return compute()
        dependencies = Dependencies()
        try:
            while isinstance(answer := self._cache.flights.check_in(flight), float):
                time.sleep(answer)
            if answer is not None:
                self._cache.flights.land(flight, answer, store=False)
                return answer
            with piloting(flight), watched(self.request._request) as dependencies:
                body = compute()
            self._land(name, flight, body, dependencies)
        except BaseException as error:
            self._cache.flights.abandon(flight, None if self._is_personal(name, dependencies) else error)
            raise
        return body

    async def aread(self, name: str, compute: Callable[[], Awaitable[bytes]]) -> bytes:
        """`read` on the event loop; what asks the store is done in a thread."""
        boarded = self._board(name)
        if boarded is None or self._cache is None:
            return await compute()
        flight, is_pilot = boarded
        if not is_pilot:
            try:
                with span("cache.wait", function=name):
                    return await self._cache.flights.await_(flight)
            except PilotLeft:
                return await self.aread(name, compute)
            except Abandoned:
                return await compute()
        dependencies = Dependencies()
        try:
            while isinstance(answer := await sync_to_async(self._cache.flights.check_in)(flight), float):  # noqa: ASYNC110
                await asyncio.sleep(answer)
            if answer is not None:
                await sync_to_async(self._cache.flights.land)(flight, answer, store=False)
                return answer
            with piloting(flight), watched(self.request._request) as dependencies:
                body = await compute()
            await sync_to_async(self._land)(name, flight, body, dependencies)
        except BaseException as error:
            self._cache.flights.abandon(flight, None if self._is_personal(name, dependencies) else error)
            raise
        return body

    def _board(self, name: str) -> tuple[Flight, bool] | None:
        """The flight to compute *name* on, and whether to pilot it; None where nothing is shared."""
        lookup = self._lookups.get(name)
        if lookup is None or not self._may_store or self._cache is None:
            return None
        self._has_missed = True
        return self._cache.flights.board(lookup)

    def _land(self, name: str, flight: Flight, body: bytes, dependencies: Dependencies) -> None:
        if self._cache is None:
            return
        if self._is_personal(name, dependencies):
            self._cache.flights.abandon(flight)
        else:
            self._cache.flights.land(flight, body)

    def _is_personal(self, name: str, dependencies: Dependencies) -> bool:
        """Whether what *name* answered, or how it failed, is its asker's own; it is not cached from then on."""
        if not dependencies.seen:
            return False
        endpoint = self.context.readers[name]
        endpoint.is_personal = True
        logger.warning(
            "%s looks at %s, which is not part of its cache key, so its answers are not cached. Declare it "
            "@client(cache=False), or tell its key with MIZAN_CACHE_VARY.",
            endpoint.where,
            " and ".join(sorted(dependencies.seen)),
        )
        return True


def _is_cached(endpoint: Endpoint) -> bool:
    return bool(endpoint.spec.cache) and not endpoint.is_personal
