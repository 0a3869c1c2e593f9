"""
Reading the answers of a context through the cache. Who may read is settled before anything here is asked.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from mizan.cache.circuit_breaker import CacheUnavailable
from mizan.cache.counters import counters
from mizan.cache.current import Cache, current_cache
from mizan.cache.entries import Lookup
from mizan.cache.single_flight import Abandoned, Computation, LeaderLeft, SingleFlight, led
from mizan.freshness.commit import has_untold_changes, is_in_transaction
from mizan.freshness.entry_keys import entry_keys
from mizan.freshness.observed_request import Observation, observed, seen_by_vary
from mizan.freshness.viewer import has_same_access
from mizan.service.endpoints import ContextEndpoint
from mizan.steps import THREAD, Step, Steps, paused
from mizan.telemetry import span

logger = logging.getLogger("mizan.cache")

HIT, MISS, BYPASS = "HIT", "MISS", "BYPASS"


@dataclass(slots=True)
class Computed:
    """The answer of one reader, set by whoever computes it with *request*."""

    request: Any
    body: bytes = b""


class CachedRead:
    """
    What the cache has of one question to a context, and what becomes of the answers that it does not have.

    After `look_up` come `begin`, `computing` for each reader that `begin` names, `store`, then `follow` for the other readers
    that were missing, and `close` whatever happens.
    """

    def __init__(self, context: ContextEndpoint, request: Any) -> None:
        self.context = context
        self.request = request
        self.found: dict[str, bytes] = {}
        """The answers that were cached, by reader."""
        self.status = BYPASS
        """``HIT`` where every answer that may be cached was, ``MISS`` where one was not, else ``BYPASS``."""
        self._cache = current_cache()
        self._lookups: dict[str, Lookup] = {}
        self._joined: dict[str, tuple[Computation, bool]] = {}
        self._led: dict[str, Computation] = {}
        self._may_store = False

    @classmethod
    def look_up(
        cls,
        context: ContextEndpoint,
        request: Any,
        sent: Mapping[str, Any],
        arguments: Mapping[str, Mapping[str, Any]],
    ) -> CachedRead:
        """
        Look for the answers of readers of *context*, in one round trip.

        Args:
            request: DRF's request, of a user who is known by now.
            sent: The parameters as they were sent, as JSON data.
            arguments: Validated arguments by reader, of those readers that the viewer may read.
        """
        cached = cls(context, request)
        readers = context.readers
        cacheable = {
            name: values
            for name, values in arguments.items()
            if readers[name].spec.cache and not readers[name].is_personal and not readers[name].has_made_default
        }
        if cached._cache is not None and cacheable and not has_untold_changes():
            cached._look_up(cached._cache, sent, cacheable)
        return cached

    def _look_up(self, cache: Cache, sent: Mapping[str, Any], cacheable: Mapping[str, Mapping[str, Any]]) -> None:
        keys = entry_keys(cache, self.context, self.request, sent, cacheable)
        with span("cache.look_up", context=self.context.name) as current:
            try:
                lookups = cache.entries.look_up(list(keys.values()))
            except CacheUnavailable:
                return
            self._lookups = dict(zip(keys, lookups, strict=True))
            self.found = {name: lookup.body for name, lookup in self._lookups.items() if lookup.body is not None}
            hits, misses = len(self.found), len(lookups) - len(self.found)
            if current is not None:
                current.set_attribute("mizan.hits", hits)
                current.set_attribute("mizan.misses", misses)
        if misses:
            # A transaction that was open before the look-up may show data that is older than the versions seen.
            self._may_store = not is_in_transaction() and has_same_access(self.request.user)
        if hits:
            self.status = HIT
        counters.add_all(hits=hits, misses=misses)

    def begin(self, names: Iterable[str]) -> list[str]:
        """
        Which of the readers *names* to compute now. The others follow after that, because whoever computes one of them may be
        waiting for one of these.
        """
        names = list(names)
        missed = {name: self._lookups[name] for name in names if name in self._lookups}
        if not missed or not self._may_store:
            return names
        self.status = MISS
        self._joined = self._single_flight.join_all(missed)
        self._led = {name: computation for name, (computation, is_leader) in self._joined.items() if is_leader}
        return [
            name for name in names if name not in self._joined or (name in self._led and not self._led[name].has_waited)
        ]

    @contextmanager
    def computing(self, name: str) -> Iterator[Computed]:
        """
        Compute the answer of a reader inside, with the request that is given, and set it. Whoever waits for it gets it, or
        the failure.
        """
        computed = Computed(self.request)
        computation = self._led.get(name)
        if computation is None:
            yield computed
            return
        token = led.set(led.get().union(self._led.values()))
        observation = None
        try:
            with observed(self.request) as (computed.request, observation):
                yield computed
        except BaseException as error:
            self._single_flight.abandon(computation, None if self._is_personal(name, observation) else error)
            raise
        finally:
            led.reset(token)
        if self._is_personal(name, observation):
            self._single_flight.abandon(computation)
        else:
            self._single_flight.resolve(computation, computed.body)

    def store(self) -> None:
        """Store what was computed by now, in one round trip."""
        if self._led:
            self._single_flight.store_all(self._led.values())

    def close(self) -> None:
        """Leave nobody waiting for what was not computed."""
        for computation in self._led.values():
            if not computation.is_over:
                self._single_flight.abandon(computation, LeaderLeft())

    def follow(self, name: str) -> Steps[bytes | None]:
        """
        The answer of a reader that somebody else computes, or None: then this caller computes it, inside `computing`, and
        calls `store`.

        Raises:
            Exception: what the function raised for whoever computed it.
        """
        while (joined := self._joined.pop(name, None) or self._join(name)) is not None:
            computation, is_leader = joined
            if is_leader:
                return (yield from self._await_other_process(name, computation))
            others = self._single_flight
            try:
                body: bytes = yield Step(
                    partial(others.follow, computation, reader=name), partial(others.afollow, computation, reader=name)
                )
            except LeaderLeft:
                continue
            except Abandoned:
                return None
            return body
        return None

    def _await_other_process(self, name: str, computation: Computation) -> Steps[bytes | None]:
        self._led[name] = computation
        while True:
            yield THREAD
            answer = self._single_flight.poll(computation)
            if not isinstance(answer, float):
                break
            yield paused(answer)
        if answer is not None:
            self._single_flight.finish(computation, answer)
        return answer

    def _join(self, name: str) -> tuple[Computation, bool] | None:
        """The computation of *name*, and whether to lead it; None where nothing is shared."""
        lookup = self._lookups.get(name)
        if lookup is None or not self._may_store:
            return None
        return self._single_flight.join(lookup)

    @property
    def _single_flight(self) -> SingleFlight:
        if self._cache is None:
            raise LookupError("There is no cache, so nothing is shared.")
        return self._cache.single_flight

    def _is_personal(self, name: str, observation: Observation | None) -> bool:
        """Whether the answer or the failure of *name* is its viewer's own. From then on the reader is not cached."""
        if observation is None or not observation.seen:
            return False
        seen = observation.seen - seen_by_vary(self.request._request)
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
