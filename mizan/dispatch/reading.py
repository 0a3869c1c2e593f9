"""
Reading the functions of a context through the cache. Who may read is settled before anything here is asked.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from asgiref.sync import sync_to_async

from mizan.cache.counters import counters
from mizan.cache.current import current_cache
from mizan.cache.flights import Abandoned, Flight, Flights, PilotLeft, piloting
from mizan.cache.guard import CacheUnavailable
from mizan.cache.slots import Lookup
from mizan.dispatch.access import is_same_reader
from mizan.dispatch.dependencies import Dependencies, watched
from mizan.dispatch.endpoints import ContextEndpoint, Endpoint
from mizan.dispatch.places import declared_dependencies, slots_of
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
        self._boarded: dict[str, tuple[Flight, bool]] = {}
        self._piloted: dict[str, Flight] = {}
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

    def depart(self, names: Iterable[str]) -> list[str]:
        """
        Which of the functions that were not found to `compute` now, and then to `settle`; the rest are to be `read` after
        that, because whoever computes those may be waiting for these. `close` follows whatever happens.
        """
        names = list(names)
        self._boarded = {name: boarded for name in names if (boarded := self._board(name)) is not None}
        self._piloted = {name: flight for name, (flight, is_pilot) in self._boarded.items() if is_pilot}
        if not self._piloted:
            return [name for name in names if name not in self._boarded]
        claimed = dict(zip(self._piloted, self._flights.claim(list(self._piloted.values())), strict=True))
        return [name for name in names if name not in self._boarded or claimed.get(name)]

    def compute(self, name: str, function: Callable[[], bytes]) -> bytes:
        """
        The answer of a function that `depart` says to compute.

        Raises:
            Exception: whatever *function* raises.
        """
        flight = self._piloted.get(name)
        if flight is None:
            return function()
        with self._flying(name, flight):
            body = function()
        self._flights.arrive(flight, body)
        return body

    async def acompute(self, name: str, function: Callable[[], Awaitable[bytes]]) -> bytes:
        """`compute` on the event loop."""
        flight = self._piloted.get(name)
        if flight is None:
            return await function()
        with self._flying(name, flight):
            body = await function()
        self._flights.arrive(flight, body)
        return body

    def settle(self) -> None:
        """Store what was computed by now, in one round trip."""
        if self._piloted:
            self._flights.settle(self._piloted.values())

    def close(self) -> None:
        """Leave nobody waiting for what was not computed."""
        for flight in self._piloted.values():
            self._flights.abandon(flight, PilotLeft())

    def read(self, name: str, function: Callable[[], bytes]) -> bytes:
        """
        The answer of a function that somebody else computes, or did not in the end.

        Raises:
            Exception: whatever *function* raises.
        """
        boarded = self._boarded.pop(name, None) or self._board(name)
        if boarded is None:
            return function()
        flight, is_pilot = boarded
        if not is_pilot:
            try:
                with span("cache.wait", function=name):
                    return self._flights.wait(flight)
            except PilotLeft:
                return self.read(name, function)
            except Abandoned:
                return function()
        self._piloted[name] = flight
        while isinstance(answer := self._flights.check_in(flight), float):
            time.sleep(answer)
        if answer is not None:
            self._flights.land(flight, answer, store=False)
            return answer
        body = self.compute(name, function)
        self.settle()
        return body

    async def aread(self, name: str, function: Callable[[], Awaitable[bytes]]) -> bytes:
        """`read` on the event loop; what asks the store is done in a thread."""
        boarded = self._boarded.pop(name, None) or self._board(name)
        if boarded is None:
            return await function()
        flight, is_pilot = boarded
        if not is_pilot:
            try:
                with span("cache.wait", function=name):
                    return await self._flights.await_(flight)
            except PilotLeft:
                return await self.aread(name, function)
            except Abandoned:
                return await function()
        self._piloted[name] = flight
        while isinstance(answer := await sync_to_async(self._flights.check_in)(flight), float):  # noqa: ASYNC110
            await asyncio.sleep(answer)
        if answer is not None:
            await sync_to_async(self._flights.land)(flight, answer, store=False)
            return answer
        body = await self.acompute(name, function)
        await sync_to_async(self.settle)()
        return body

    def _board(self, name: str) -> tuple[Flight, bool] | None:
        """The flight to compute *name* on, and whether to pilot it; None where nothing is shared."""
        lookup = self._lookups.get(name)
        if lookup is None or not self._may_store:
            return None
        self._has_missed = True
        return self._flights.board(lookup)

    @property
    def _flights(self) -> Flights:
        if self._cache is None:
            raise LookupError("There is no cache, so nothing is shared.")
        return self._cache.flights

    @contextmanager
    def _flying(self, name: str, flight: Flight) -> Iterator[None]:
        """Compute for *flight* inside. A failure ends it, and so does an answer that is its asker's own."""
        dependencies = Dependencies()
        try:
            with piloting(self._piloted.values()), watched(self.request._request) as dependencies:
                yield
        except BaseException as error:
            self._flights.abandon(flight, None if self._is_personal(name, dependencies) else error)
            raise
        if self._is_personal(name, dependencies):
            self._flights.abandon(flight)

    def _is_personal(self, name: str, dependencies: Dependencies) -> bool:
        """Whether what *name* answered, or how it failed, is its asker's own; it is not cached from then on."""
        seen = dependencies.seen
        if seen:
            seen = seen - declared_dependencies(self.request._request)
        if not seen:
            return False
        endpoint = self.context.readers[name]
        endpoint.is_personal = True
        logger.warning(
            "%s looks at %s, which is not part of its cache key, so its answers are not cached. Declare it "
            "@client(cache=False), or tell its key with MIZAN_CACHE_VARY.",
            endpoint.where,
            " and ".join(sorted(seen)),
        )
        return True


def _is_cached(endpoint: Endpoint) -> bool:
    return bool(endpoint.spec.cache) and not endpoint.is_personal
