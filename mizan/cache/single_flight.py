"""
Many requests for one missing entry, one computation: among the threads of this process by waiting, among processes by a lease.

A computation belongs to an entry *and* to the tag versions that the request saw. A request that comes after an invalidation
sees other versions, so none ever waits for an answer that is older than the last change.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import threading
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, wait
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field

from mizan.cache import leases
from mizan.cache.circuit_breaker import CacheUnavailable
from mizan.cache.counters import counters
from mizan.cache.entries import Entries, Lookup
from mizan.cache.leases import Lease, LeaseRenewal
from mizan.cache.stores import Finished
from mizan.telemetry import span

LONGEST_WAIT_SECONDS = 10.0
_POLL_SECONDS = (0.005, 0.05)


class Abandoned(Exception):
    """The leader gave up, or its answer is its own. The follower computes for itself."""


class LeaderLeft(Exception):
    """The leader was stopped before the end. The followers join again, and one of them leads."""


@dataclass(slots=True, eq=False)
class Computation:
    """
    One answer being computed in this process: *lookup* says for which entry, *lease* what other processes see of it.
    """

    lookup: Lookup
    lease: Lease
    answer: Future[bytes] = field(default_factory=Future)
    body: bytes | None = None
    has_waited: bool = False
    has_lease: bool = False
    is_over: bool = False
    give_up_at: float = 0.0


led: ContextVar[frozenset[Computation]] = ContextVar("mizan-cache-led", default=frozenset())
"""The computations that the running code leads. It must not wait for them: a function may read its own context."""


class SingleFlight:
    """
    The computations under way in this process.

    The caller that `join` makes the leader of a computation must end it: with `resolve` and `store_all`, with `finish`, or
    with `abandon`.
    """

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        self._lock = threading.Lock()
        self._under_way: dict[str, Computation] = {}
        self._renewal = LeaseRenewal(entries.breaker)

    def join(self, lookup: Lookup) -> tuple[Computation, bool]:
        """The computation of what *lookup* missed, and whether the caller leads it."""
        name = _lease_name(lookup)
        with self._lock:
            computation = self._under_way.get(name)
            if computation is not None:
                return computation, False
            computation = self._under_way[name] = Computation(lookup, Lease(name, os.urandom(12)))
            computation.give_up_at = time.monotonic() + LONGEST_WAIT_SECONDS
            return computation, True

    def join_all(self, lookups: Mapping[str, Lookup]) -> dict[str, tuple[Computation, bool]]:
        """
        `join` each of *lookups*, and take the leases of those that the caller leads, in one round trip. Where another process
        has a lease, ``has_waited`` is set: `poll` says when it has computed.
        """
        joined = {name: self.join(lookup) for name, lookup in lookups.items()}
        self._acquire([computation for computation, is_leader in joined.values() if is_leader])
        return joined

    def _acquire(self, computations: list[Computation]) -> None:
        breaker = self._entries.breaker
        if not breaker.store.is_shared or not computations:
            return
        owners = {computation.lease.name: computation.lease.owner for computation in computations}
        try:
            acquired = breaker.attempt(breaker.store.acquire_all, owners, leases.LEASE_SECONDS)
        except CacheUnavailable:
            return
        for computation, is_ours in zip(computations, acquired, strict=True):
            if is_ours:
                self._hold_lease(computation)
            computation.has_waited = not is_ours

    def follow(self, computation: Computation, *, reader: str) -> bytes:
        """
        What the leader of *computation* computes; the *reader* is named in the trace.

        Raises:
            Abandoned: the leader gave up, takes too long, or waits for the caller.
            LeaderLeft: the leader was stopped.
            Exception: what the leader's function raised.
        """
        _require_other_leader(computation)
        with span("cache.wait", function=reader):
            # Not by the timeout of `result`: the function may raise a TimeoutError of its own.
            if not wait([computation.answer], LONGEST_WAIT_SECONDS).done:
                raise Abandoned
            return computation.answer.result()

    async def afollow(self, computation: Computation, *, reader: str) -> bytes:
        """`follow` on the event loop."""
        _require_other_leader(computation)
        answer = asyncio.wrap_future(computation.answer)
        answer.add_done_callback(_mark_seen)
        with span("cache.wait", function=reader):
            await asyncio.wait([answer], timeout=LONGEST_WAIT_SECONDS)
            if not answer.done():
                raise Abandoned
            return answer.result()

    def poll(self, computation: Computation) -> bytes | float | None:
        """
        Ask whether another process computes the same.

        Returns:
            None: compute it. Bytes: another process has. Seconds: ask again after as long.
        """
        breaker = self._entries.breaker
        if not breaker.store.is_shared:
            return None
        lease = computation.lease
        try:
            is_ours = breaker.attempt(breaker.store.acquire, lease.name, lease.owner, leases.LEASE_SECONDS)
            if is_ours:
                self._hold_lease(computation)
            if (is_ours and not computation.has_waited) or time.monotonic() > computation.give_up_at:
                return None
            # Also with the lease: its holder of before may have finished since the last look.
            computation.has_waited = True
            [seen] = self._entries.look_up([computation.lookup.key])
        except CacheUnavailable:
            return None
        if seen.body is not None:
            return seen.body
        # Where the entry was invalidated meanwhile, the other process computes an answer that is stale.
        if is_ours or seen.stamp != computation.lookup.stamp:
            return None
        return random.uniform(*_POLL_SECONDS)  # noqa: S311 - jitter

    def resolve(self, computation: Computation, body: bytes) -> None:
        """Give *body* to the followers in this process; `store_all` follows."""
        with self._lock:
            if not computation.is_over and not computation.answer.done():
                computation.body = body
                computation.answer.set_result(body)

    def store_all(self, computations: Iterable[Computation]) -> None:
        """Store the computed values and release their leases, in one round trip."""
        computed = [one for one in computations if one.body is not None and not one.is_over]
        leased = [_finished(one) for one in computed if one.has_lease]
        breaker = self._entries.breaker
        with suppress(CacheUnavailable):
            if leased:
                breaker.attempt(breaker.store.finish, leased)
            for one in [_finished(one) for one in computed if not one.has_lease]:
                breaker.attempt(breaker.store.write, {one.key: one.value}, one.seconds)
            counters.add("stores", len(computed))
        for computation in computed:
            self._end(computation)

    def finish(self, computation: Computation, body: bytes) -> None:
        """Give the followers the *body* that another process has stored."""
        self.resolve(computation, body)
        if computation.has_lease:
            self._release(computation)
        self._end(computation)

    def abandon(self, computation: Computation, error: BaseException | None = None) -> None:
        """End *computation* without an answer. The followers get an *error* of the function; else they compute themselves."""
        if not self._end(computation):
            return
        if computation.has_lease:
            self._release(computation)
        if computation.answer.done():
            return
        if error is None:
            computation.answer.set_exception(Abandoned())
        else:
            computation.answer.set_exception(error if isinstance(error, Exception) else LeaderLeft())

    def _hold_lease(self, computation: Computation) -> None:
        with self._lock:
            computation.has_lease = not computation.is_over
            if computation.has_lease:
                self._renewal.hold(computation, computation.lease)
        if not computation.has_lease:  # its task was cancelled while this thread asked for the lease
            self._release(computation)

    def _release(self, computation: Computation) -> None:
        breaker, lease = self._entries.breaker, computation.lease
        with suppress(CacheUnavailable):
            breaker.attempt(breaker.store.release, lease.name, lease.owner)

    def _end(self, computation: Computation) -> bool:
        """Take *computation* off the list; says whether it was still under way."""
        with self._lock:
            if computation.is_over:
                return False
            computation.is_over = True
            del self._under_way[computation.lease.name]
            if computation.has_lease:
                self._renewal.drop(computation)
            return True


def _require_other_leader(computation: Computation) -> None:
    if computation in led.get():
        raise Abandoned  # the function reads its own context
    counters.add("waits")


def _finished(computation: Computation) -> Finished:
    key = computation.lookup.key
    value = computation.lookup.stamp + (computation.body or b"")
    return Finished(key.name, value, key.seconds, computation.lease.name, computation.lease.owner)


def _mark_seen(answer: asyncio.Future[bytes]) -> None:
    """asyncio complains of failures that nobody looked at; the follower may have left."""
    if not answer.cancelled():
        answer.exception()


def _lease_name(lookup: Lookup) -> str:
    # In a Cluster the name hashes to the node of its entry, and reveals no more than the entry's name.
    prefix = lookup.key.name.split(":e:")[0]
    return f"{prefix}:f:{hashlib.sha256(lookup.key.name.encode() + lookup.stamp).hexdigest()[:32]}"
