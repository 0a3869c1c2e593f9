"""
Whatever happens in whatever order, nobody who begins to read is given what is no longer true.

Several users read three functions of a context, at two revisions. Mutations change what they read, alone or in transactions
that commit or are rolled back. Slow readers store what they computed long ago. Between any two commands the Redis may refuse,
lose a reply, lose everything, evict a key, or come back as it was some time ago.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
import redis
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test

from mizan.cache import circuit_breaker
from mizan.cache.circuit_breaker import CacheUnavailable
from mizan.cache.current import Cache
from mizan.cache.entries import Lookup
from mizan.cache.redis_store import RedisStore, redis_params
from mizan.cache.stores import Store
from mizan.client import client
from mizan.freshness import commit, listeners
from mizan.freshness.entry_keys import _key
from mizan.protocol.cache_keys import CacheKeys
from mizan.protocol.registry import FunctionRegistry
from mizan.protocol.specs import spec_of
from mizan.service.current import Service
from mizan.service.endpoints import ContextEndpoint
from mizan.service.invalidations import Invalidation
from tests.api import SECRET

IDS, PAGES = (1, 2), (1, 2)
REVISIONS = (1, 2)
FAULTS = ("refuse", "lose the reply", "flush", "evict")


def service_at(revision: int) -> Service:
    """The functions that are read, and the mutations whose targets make their tags."""

    @client(context="item", rev=revision)
    def detail(request: Any, id: int) -> int: ...

    @client(context="item", rev=revision)
    def listing(request: Any, page: int) -> int: ...

    @client(context="item", rev=revision)
    def both(request: Any, id: int, page: int) -> int: ...

    @client(affects="item")
    def move(request: Any, id: int, page: int) -> None: ...

    @client(affects=detail)
    def rename(request: Any, id: int) -> None: ...

    registry = FunctionRegistry()
    for function in (detail, listing, both, move, rename):
        registry.add(spec_of(function), by_hand=True)  # type: ignore[arg-type]  # each has one
    return Service(registry)


SERVICES = {revision: service_at(revision) for revision in REVISIONS}


class FaultyStore:
    """A Redis to which the next fault in line happens before, or after, each command."""

    is_shared = True

    def __init__(self, store: RedisStore, seed: int) -> None:
        self._store = store
        self._random = random.Random(seed)
        self._server = bytes(8)
        self.faults: list[str | None] = []
        self.copy: dict[bytes, bytes] = {}

    def identity(self) -> bytes:
        return self._server

    def read(self, keys: Any) -> Any:
        values, _ = self.__getattr__("read")(keys)
        return values, self.identity()

    def remember(self) -> None:
        """As a dump or a replica does."""
        self.copy = {key: self._store.client.get(key) for key in self._store.client.keys("*")}

    def come_back(self) -> None:
        """Another server, with what was remembered and no more."""
        self._store.client.flushall()
        for key, value in self.copy.items():
            self._store.client.set(key, value)
        self._server = self._random.randbytes(8)

    def __getattr__(self, name: str) -> Any:
        command = getattr(self._store, name)

        def with_fault(*args: Any) -> Any:
            fault = self.faults.pop(0) if self.faults else None
            if fault == "refuse":
                raise redis.ConnectionError("refused")
            if fault == "flush":
                self._store.client.flushall()
            keys = self._store.client.keys("*")
            if fault == "evict" and keys:
                self._store.client.delete(self._random.choice(sorted(keys)))
            answer = command(*args)
            if fault == "lose the reply":
                raise redis.TimeoutError("lost")
            return answer

        return with_fault


@dataclass
class Clock:
    """Time for the circuit breaker, which passes when a rule says so."""

    now: float = 0.0

    def monotonic(self) -> float:
        return self.now


@dataclass
class Truth:
    """What a database would hold: a number for each thing that can change, which only grows."""

    items: dict[int, int] = field(default_factory=lambda: dict.fromkeys(IDS, 0))
    names: dict[int, int] = field(default_factory=lambda: dict.fromkeys(IDS, 0))
    pages: dict[int, int] = field(default_factory=lambda: dict.fromkeys(PAGES, 0))
    cells: dict[tuple[int, int], int] = field(default_factory=lambda: {(id, page): 0 for id in IDS for page in PAGES})

    def read(self, function: str, id: int, page: int) -> bytes:
        answers: dict[str, Any] = {
            "detail": (self.items[id], self.names[id], [self.cells[id, each] for each in PAGES]),
            "listing": (self.pages[page], list(self.items.values()), [self.cells[each, page] for each in IDS]),
            "both": (self.items[id], self.pages[page], self.cells[id, page]),
        }
        return repr(answers[function]).encode()


PARAMS = {"detail": ("id",), "listing": ("page",), "both": ("id", "page")}
ids, pages = st.sampled_from(IDS), st.sampled_from(PAGES)


class CacheMachine(RuleBasedStateMachine):
    """One process. `address` is its Redis."""

    address: str
    slow_reads = Bundle("slow_reads")

    def __init__(self) -> None:
        super().__init__()
        self.raw = redis.Redis.from_url(self.address)
        self.raw.flushall()
        self.clock = Clock()
        self.undo = pytest.MonkeyPatch()
        self.undo.setattr(circuit_breaker, "time", self.clock)
        self.undo.setattr(
            circuit_breaker.CircuitBreaker, "_keep_catching_up", lambda self: None
        )  # it would do so at any time
        self.store = FaultyStore(RedisStore(*redis_params(self.address)), seed=1)
        store: Store = self.store  # type: ignore[assignment]  # by __getattr__
        self.cache = Cache(CacheKeys(SECRET), store)
        self.undo.setattr(listeners, "current_cache", lambda: self.cache)
        self.undo.setattr(listeners, "current_service", lambda: SERVICES[1])
        self.truth = Truth()
        self.transaction: ExitStack | None = None
        self.uncommitted: list[Callable[[], None]] = []

    def teardown(self) -> None:
        self.store.faults.clear()
        if self.transaction is not None:
            self.roll_back()
        self.undo.undo()

    # Reading

    def look_up(self, function: str, id: int, page: int, user: str, revision: int) -> Lookup | None:
        context: ContextEndpoint = SERVICES[revision].contexts["item"]
        values = {"id": id, "page": page}
        values = {name: values[name] for name in PARAMS[function]}
        place: Any = (self.cache, function, (user,), json.dumps(values))  # a viewer who is only a user
        key = _key(place, context, values)
        try:
            [lookup] = self.cache.entries.look_up([key])
        except CacheUnavailable:
            return None
        if lookup.body is not None:
            assert lookup.body == self.truth.read(function, id, page), f"{function} is stale"
        return lookup

    @rule(
        target=slow_reads,
        function=st.sampled_from(sorted(PARAMS)),
        id=ids,
        page=pages,
        user=st.sampled_from(["ada", "bob"]),
        revision=st.sampled_from(REVISIONS),
    )
    def begin_read(self, function: str, id: int, page: int, user: str, revision: int) -> Any:
        """What is found is true now. What is not is computed now, and stored by `end_read` some time later."""
        lookup = self.look_up(function, id, page, user, revision)
        if lookup is None or lookup.body is not None:
            return multiple()
        return lookup, self.truth.read(function, id, page)

    @rule(read=slow_reads)
    def end_read(self, read: tuple[Lookup, bytes]) -> None:
        lookup, body = read
        computation, is_leader = self.cache.single_flight.join(lookup)
        assert is_leader
        if isinstance(self.cache.single_flight.poll(computation), bytes):
            self.cache.single_flight.abandon(computation)  # another has stored it
        else:
            self.cache.single_flight.resolve(computation, body)
            self.cache.single_flight.store_all([computation])

    @rule(function=st.sampled_from(sorted(PARAMS)), id=ids, page=pages)
    def read_at_once(self, function: str, id: int, page: int) -> None:
        """A reader nobody comes between: the next one has a hit, while all is well."""
        lookup = self.look_up(function, id, page, "ada", 1)
        if lookup is not None and lookup.body is None:
            self.end_read((lookup, self.truth.read(function, id, page)))

    # Changing

    def change(self, table: dict[Any, int], keys: list[Any], changed: Invalidation) -> None:
        def write() -> None:
            for key in keys:
                table[key] += 1

        if self.transaction is None:
            write()
        else:
            self.uncommitted.append(write)
        commit.announce([changed])

    @rule(id=ids)
    def save(self, id: int) -> None:
        self.change(self.truth.items, [id], Invalidation("item", None, {"id": id}))

    @rule(page=pages)
    def turn(self, page: int) -> None:
        self.change(self.truth.pages, [page], Invalidation("item", None, {"page": page}))

    @rule(id=ids, page=pages)
    def move(self, id: int, page: int) -> None:
        self.change(self.truth.cells, [(id, page)], Invalidation("item", None, {"id": id, "page": page}))

    @rule(id=ids)
    def rename(self, id: int) -> None:
        self.change(self.truth.names, [id], Invalidation("item", "detail", {"id": id}))

    @rule()
    def rebuild(self) -> None:
        self.change(self.truth.items, list(IDS), Invalidation("item"))

    @rule()
    def begin(self) -> None:
        """A transaction, or a savepoint of one that is open already: then it is that which the next rule ends."""
        if self.transaction is None:
            self.transaction = ExitStack()
            self.transaction.enter_context(transaction.atomic())

    @rule()
    def commit(self) -> None:
        if self.transaction is not None:
            # What others can read changes first, and what is cached is invalidated after it.
            for change in self.uncommitted:
                change()
            self.uncommitted, done, self.transaction = [], self.transaction, None
            done.close()

    @rule()
    def roll_back(self) -> None:
        if self.transaction is not None:
            self.uncommitted, done, self.transaction = [], self.transaction, None
            transaction.set_rollback(True)
            done.close()

    # Failing

    @rule(faults=st.lists(st.sampled_from([None, None, *FAULTS]), min_size=1, max_size=4))
    def fail_soon(self, faults: list[str | None]) -> None:
        self.store.faults = list(faults)

    @rule()
    def make_a_copy(self) -> None:
        self.store.remember()

    @rule()
    def lose_writes(self) -> None:
        self.store.come_back()

    @rule(seconds=st.sampled_from([0.6, 20.0]))
    def let_time_pass(self, seconds: float) -> None:
        self.clock.now += seconds

    @invariant()
    def memory_is_bounded(self) -> None:
        """What is owed is a set of tags, not a log."""
        assert len(self.cache.entries.breaker._owed) < 50


@pytest.mark.django_db(transaction=True)
def test_nothing_stale_is_read(redis_server: str) -> None:
    """See above."""
    CacheMachine.address = redis_server
    run_state_machine_as_test(
        CacheMachine,
        settings=settings(
            max_examples=400,
            stateful_step_count=40,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )


def lost_writes(machine: CacheMachine) -> None:
    machine.make_a_copy()
    machine.save(1)
    machine.lose_writes()


def refused_invalidation(machine: CacheMachine) -> None:
    machine.fail_soon(["refuse"])
    machine.save(1)
    machine.let_time_pass(0.6)


# What goes wrong without one of the cache's precautions, and the story that shows it.
PRECAUTIONS: dict[str, tuple[Callable[[CacheMachine], None], Callable[[pytest.MonkeyPatch], None]]] = {
    "servers are told apart": (
        lost_writes,
        lambda patch: patch.setattr(FaultyStore, "identity", lambda self: bytes(8)),
    ),
    "what is owed is remembered": (
        refused_invalidation,
        lambda patch: patch.setattr(circuit_breaker.CircuitBreaker, "_owe", lambda self, tags: None),
    ),
    "versions are new": (
        lambda machine: machine.save(1),
        lambda patch: patch.setattr("mizan.cache.entries._new_version", lambda: bytes(12)),
    ),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("precaution", PRECAUTIONS)
@pytest.mark.parametrize("is_taken", [True, False])
def test_the_machine_can_fail(
    redis_server: str, monkeypatch: pytest.MonkeyPatch, precaution: str, is_taken: bool
) -> None:
    """Without one of the cache's precautions it finds a stale answer."""
    story, leave_out = PRECAUTIONS[precaution]
    if not is_taken:
        leave_out(monkeypatch)
    CacheMachine.address = redis_server
    machine = CacheMachine()
    try:
        machine.read_at_once("detail", 1, 1)
        story(machine)
        if is_taken:
            machine.read_at_once("detail", 1, 1)
        else:
            with pytest.raises(AssertionError, match="is stale"):
                machine.read_at_once("detail", 1, 1)
    finally:
        machine.teardown()
