"""
Many readers of one cold slot, one computation: in this process by waiting, among processes by a claim in the store.

A flight belongs to a slot *and* the versions seen. Who comes after an invalidation never waits for a value of before it.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial

from mizan.cache.counters import counters
from mizan.cache.guard import CacheUnavailable
from mizan.cache.slots import Entries, Lookup
from mizan.cache.stores import Finished, Store

CLAIM_SECONDS = 3.0
RENEW_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 10.0
_POLL_SECONDS = (0.005, 0.05)


class Abandoned(Exception):
    """Whoever computed has given up or has nothing to share. Compute it yourself."""


class PilotLeft(Exception):
    """Whoever computed was stopped before the end. Board again: one of those who waited takes over."""


@dataclass(slots=True, eq=False)
class Flight:
    """
    One computation under way in this process.
    """

    lookup: Lookup
    name: str
    owner: bytes = field(default_factory=lambda: os.urandom(12))
    answer: Future[bytes] = field(default_factory=Future)
    body: bytes | None = None
    has_waited: bool = False
    is_claimed: bool = False
    is_over: bool = False
    give_up_at: float = 0.0


_piloted: ContextVar[frozenset[Flight]] = ContextVar("mizan-cache-piloted", default=frozenset())
"""The flights that the running code computes for: it must not wait for them."""


@contextmanager
def piloting(flights: Iterable[Flight]) -> Iterator[None]:
    """Compute for *flights* meanwhile, in this thread or task and in those that it waits for."""
    token = _piloted.set(_piloted.get().union(flights))
    try:
        yield
    finally:
        _piloted.reset(token)


class Flights:
    """
    The computations under way. The caller that `board` makes the pilot must `land`, `arrive` and `settle`, or `abandon`.
    """

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        self._lock = threading.Lock()
        self._under_way: dict[str, Flight] = {}
        self._claims = ClaimKeeper(entries)

    def board(self, lookup: Lookup) -> tuple[Flight, bool]:
        """The flight for what *lookup* missed, and whether the caller is its pilot."""
        name = _flight_name(lookup)
        with self._lock:
            flight = self._under_way.get(name)
            if flight is not None:
                return flight, False
            flight = self._under_way[name] = Flight(lookup, name)
            flight.give_up_at = time.monotonic() + LONGEST_WAIT_SECONDS
            return flight, True

    def wait(self, flight: Flight) -> bytes:
        """
        What the pilot of *flight* computes.

        Raises:
            Abandoned: it gave up, takes too long, or waits for the caller.
            PilotLeft: it was stopped.
            Exception: what the computation raised.
        """
        _require_other(flight)
        # Not by the timeout of `result`: the function may raise a TimeoutError of its own.
        if not wait([flight.answer], LONGEST_WAIT_SECONDS).done:
            raise Abandoned
        return flight.answer.result()

    async def await_(self, flight: Flight) -> bytes:
        """`wait` on the event loop."""
        _require_other(flight)
        answer = asyncio.wrap_future(flight.answer)
        answer.add_done_callback(_seen)
        await asyncio.wait([answer], timeout=LONGEST_WAIT_SECONDS)
        if not answer.done():
            raise Abandoned
        return answer.result()

    def claim(self, flights: Sequence[Flight]) -> list[bool]:
        """
        Claim in one round trip what *flights* compute; says of each whether to compute it. `check_in` says what else to do.
        """
        store = self._entries.store
        if not store.is_shared or not flights:
            return [True] * len(flights)
        owners = {flight.name: flight.owner for flight in flights}
        try:
            claimed = self._entries.guard.attempt(lambda store: store.claim_all(owners, CLAIM_SECONDS))
        except CacheUnavailable:
            return [True] * len(flights)
        for flight, is_mine in zip(flights, claimed, strict=True):
            if is_mine:
                self._keep_claim(flight)
            flight.has_waited = not is_mine
        return claimed

    def check_in(self, flight: Flight) -> bytes | float | None:
        """
        Ask whether another process computes the same.

        Returns:
            None: compute it. Bytes: another process has. Seconds: ask again after as long.
        """
        store = self._entries.store
        if not store.is_shared:
            return None
        try:
            is_mine = self._entries.guard.attempt(lambda store: store.claim(flight.name, flight.owner, CLAIM_SECONDS))
            if is_mine:
                self._keep_claim(flight)
            if (is_mine and not flight.has_waited) or time.monotonic() > flight.give_up_at:
                return None
            # Also with the claim: whoever had it before may have finished since the last look.
            flight.has_waited = True
            [seen] = self._entries.look_up([flight.lookup.slot])
        except CacheUnavailable:
            return None
        if seen.body is not None:
            return seen.body
        # Made stale meanwhile: what the other process computes is no answer any more.
        if is_mine or seen.stamp != flight.lookup.stamp:
            return None
        return random.uniform(*_POLL_SECONDS)  # noqa: S311 - jitter

    def arrive(self, flight: Flight, body: bytes) -> None:
        """Share *body* with those who wait in this process; `settle` follows."""
        with self._lock:
            if not flight.is_over and not flight.answer.done():
                flight.body = body
                flight.answer.set_result(body)

    def settle(self, flights: Iterable[Flight]) -> None:
        """Share with everybody who comes what those of *flights* that have arrived brought: one round trip under claims."""
        arrived = [flight for flight in flights if flight.body is not None and not flight.is_over]
        results = [_result(flight) for flight in arrived if flight.is_claimed]
        with suppress(CacheUnavailable):
            if results:
                self._entries.guard.attempt(lambda store: store.finish(results))
            for result in [_result(flight) for flight in arrived if not flight.is_claimed]:
                self._entries.guard.attempt(partial(_write, result))
            counters.add("stores", len(arrived))
        for flight in arrived:
            self._end(flight)

    def land(self, flight: Flight, body: bytes, *, store: bool = True) -> None:
        """`arrive` and `settle`; what another process has stored is only shared here."""
        self.arrive(flight, body)
        if store:
            self.settle([flight])
            return
        if flight.is_claimed:
            self._release(flight)
        self._end(flight)

    def abandon(self, flight: Flight, error: BaseException | None = None) -> None:
        """End *flight* with no value. An *error* of the function is everybody's; anything else is the caller's own."""
        if not self._end(flight):
            return
        if flight.is_claimed:
            self._release(flight)
        if flight.answer.done():
            return
        if error is None:
            flight.answer.set_exception(Abandoned())
        else:
            flight.answer.set_exception(error if isinstance(error, Exception) else PilotLeft())

    def _keep_claim(self, flight: Flight) -> None:
        with self._lock:
            flight.is_claimed = not flight.is_over
            if flight.is_claimed:
                self._claims.keep(flight)
        if not flight.is_claimed:  # its task was cancelled while this thread asked
            self._release(flight)

    def _release(self, flight: Flight) -> None:
        with suppress(CacheUnavailable):
            self._entries.guard.attempt(lambda store: store.release(flight.name, flight.owner))

    def _end(self, flight: Flight) -> bool:
        """Take *flight* off the list; says whether it was still under way."""
        with self._lock:
            if flight.is_over:
                return False
            flight.is_over = True
            del self._under_way[flight.name]
            self._claims.drop(flight)
            return True


class ClaimKeeper:
    """
    Renews the claims of this process from one thread of its own, so that only those of a dead process run out.
    """

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        self._lock = threading.Lock()
        self._held: dict[Flight, float] = {}
        self._is_running = False

    def keep(self, flight: Flight) -> None:
        with self._lock:
            self._held[flight] = time.monotonic() + RENEW_SECONDS
            if not self._is_running:
                self._is_running = True
                threading.Thread(target=self._run, name="mizan-cache-claims", daemon=True).start()

    def drop(self, flight: Flight) -> None:
        with self._lock:
            self._held.pop(flight, None)

    def _run(self) -> None:
        while True:
            time.sleep(RENEW_SECONDS)
            with self._lock:
                if not self._held:
                    self._is_running = False
                    return
                now = time.monotonic()
                due = [flight for flight, at in self._held.items() if at <= now]
            for flight in due:
                self._renew(flight)

    def _renew(self, flight: Flight) -> None:
        try:
            self._entries.guard.attempt(lambda store: store.extend(flight.name, flight.owner, CLAIM_SECONDS))
        except CacheUnavailable:
            return


def _require_other(flight: Flight) -> None:
    if flight in _piloted.get():
        raise Abandoned  # the function reads its own context
    counters.add("waits")


def _result(flight: Flight) -> Finished:
    slot = flight.lookup.slot
    return Finished(
        slot.key, Entries.packed(flight.lookup, flight.body or b""), slot.seconds, flight.name, flight.owner
    )


def _write(result: Finished, store: Store) -> None:
    store.write({result.key: result.value}, result.seconds)


def _seen(answer: asyncio.Future[bytes]) -> None:
    """asyncio complains of failures that nobody looked at; whoever waited may have left."""
    if not answer.cancelled():
        answer.exception()


def _flight_name(lookup: Lookup) -> str:
    # In the hash slot of its entry, and telling as little.
    prefix = lookup.slot.key.split(":e:")[0]
    return f"{prefix}:f:{hashlib.sha256(lookup.slot.key.encode() + lookup.stamp).hexdigest()[:32]}"
