"""
Which answers a change concerns: the tags of entries and the tags of changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import event, given
from hypothesis import strategies as st

from mizan.client import client
from mizan.freshness.tags import changed_tags, entry_tags
from mizan.protocol.cache_keys import CacheKeys
from mizan.protocol.registry import FunctionRegistry
from mizan.protocol.specs import FunctionSpec
from mizan.service.current import Service
from mizan.service.invalidations import Invalidation
from tests.api import SECRET, CachedApi
from tests.freshness.reading import changed

KEYS = CacheKeys(SECRET)
NAMES = ("id", "page", "size")
VALUES = st.integers(0, 2)
REQUIRED = None


@dataclass(frozen=True)
class Change:
    """An answer that somebody has cached, a change, and the declarations that decide which tags they have."""

    service: Service
    reader: str
    arguments: Mapping[str, int]
    invalidation: Invalidation

    @property
    def concerns_answer(self) -> bool:
        """
        Whether the change may have altered the answer: where no other reader is named, and each parameter that narrows the
        change and that the reader takes has the value in question, or was left to a default, which may stand for all values.
        """
        endpoint = self.service.contexts["shop"].readers[self.reader]
        defaulted = endpoint.defaulted(self.arguments)
        return self.invalidation.reader in (None, self.reader) and all(
            name not in self.arguments or name in defaulted or self.arguments[name] == value
            for name, value in self.invalidation.params.items()
        )


def function(name: str, parameters: Mapping[str, int | None]) -> Any:
    """A function with these parameters, each with its default or `REQUIRED`."""
    listed = [
        f"{key}: int" if default is REQUIRED else f"{key}: int = {default}" for key, default in parameters.items()
    ]
    namespace: dict[str, Any] = {}
    exec(f"def {name}(request, {', '.join(['*', *listed] if listed else [])}) -> int: ...", namespace)
    return namespace[name]


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """Any context, with whatever mutations narrow their targets by."""
    parameters = st.dictionaries(st.sampled_from(NAMES), st.just(REQUIRED) | VALUES)
    readers = {f"reader{number}": draw(parameters) for number in range(draw(st.integers(1, 3)))}
    registry = FunctionRegistry()
    functions = {name: function(name, taken) for name, taken in readers.items()}
    for name, reader in functions.items():
        registry.add(FunctionSpec(reader, name, context="shop"), by_hand=True)
    for number in range(draw(st.integers(0, 3))):
        name = f"mutation{number}"
        narrowing = dict.fromkeys(draw(st.sets(st.sampled_from(NAMES))), REQUIRED)
        target = draw(st.sampled_from(["shop", *functions.values()]))
        registry.add(FunctionSpec(function(name, narrowing), name, affects=(target,)), by_hand=True)
    service = Service(registry)
    assert not service.graph.findings
    name = draw(st.sampled_from(sorted(readers)))
    arguments = {key: draw(VALUES) for key in readers[name]}
    known = sorted(service.contexts["shop"].parameter_names)
    narrowed = draw(st.dictionaries(st.sampled_from(known), VALUES)) if known else {}
    named = draw(st.sampled_from([None, *sorted(readers)]))
    return Change(service, name, arguments, Invalidation("shop", named, narrowed))


@given(changes(), st.booleans())
def test_a_change_that_concerns_an_answer_invalidates_one_of_its_tags(change: Change, has_user: bool) -> None:
    """Whatever is declared, asked and changed: the tags of entries and the tags of changes agree."""
    context = change.service.contexts["shop"]
    carried = entry_tags(KEYS, context, context.readers[change.reader], change.arguments, has_user=has_user)
    invalidated = changed_tags(KEYS, change.service, [change.invalidation])

    event(f"concerns the answer: {change.concerns_answer}")
    assert not change.concerns_answer or set(carried) & set(invalidated)
    assert set(invalidated.values()) == {KEYS.tag("shop")}


@given(changes())
def test_the_tag_of_the_whole_context_is_carried_by_every_entry(change: Change) -> None:
    """It is what replaces the tags where too many must be remembered, so it concerns all that they do."""
    context = change.service.contexts["shop"]

    assert KEYS.tag("shop") in entry_tags(
        KEYS, context, context.readers[change.reader], change.arguments, has_user=False
    )


@given(changes())
def test_permissions_concern_only_those_who_are_logged_in(change: Change) -> None:
    """A visitor has none that could change."""
    context = change.service.contexts["shop"]
    invalidated = set(changed_tags(KEYS, change.service, [Invalidation.access("shop")]))
    of_user, of_visitor = (
        set(entry_tags(KEYS, context, context.readers[change.reader], change.arguments, has_user=has_user))
        for has_user in (True, False)
    )

    assert of_user & invalidated == invalidated
    assert not of_visitor & invalidated


QUERIES = ("id=1", "id=1&page=2", "id=2")


@pytest.mark.parametrize(
    ("mutation", "arguments", "invalidated"),
    [
        # `total` has no id: which instance changed says nothing about it, so it is invalidated too.
        ("save", {"id": 1}, [{"detail", "tasks", "total"}, {"tasks"}, set()]),
        ("save_as_text", {"id": "01"}, [{"detail", "tasks", "total"}, {"tasks"}, set()]),
        ("save_any", {"id": 1}, [{"detail", "tasks", "total"}, {"tasks"}, set()]),
        ("save_any", {}, [{"detail", "tasks", "total"}, {"tasks"}, {"detail", "tasks"}]),
        ("save_as_text", {"id": "none"}, [{"detail", "tasks", "total"}, {"tasks"}, {"detail", "tasks"}]),
        ("rename", {"id": 1}, [{"detail"}, set(), set()]),
        ("rebuild", {}, [{"detail", "tasks", "total"}, {"tasks"}, {"detail", "tasks"}]),
        ("save", {"id": 3}, [{"total"}, set(), set()]),
        ("fail", {"id": 1}, [set(), set(), set()]),
    ],
)
def test_a_mutation_invalidates_what_it_names(
    projects: CachedApi, mutation: str, arguments: dict[str, Any], invalidated: list[set[str]]
) -> None:
    """That, and no more: what other parameters have is still a hit."""
    before = [projects.read(f"project/?{query}")[1] for query in QUERIES]
    assert all(projects.read(f"project/?{query}")[0] == "HIT" for query in QUERIES)

    projects.call(mutation, **arguments)

    # Functions that share an answer among queries are seen to change at the first of them.
    seen: list[set[str]] = []
    for query, old in zip(QUERIES, before, strict=True):
        now = changed(projects, query, old)
        assert now >= seen[0] & {"total"} if seen else True
        seen.append(now - ({"total"} if seen else set()) - ({"detail"} if query == "id=1&page=2" else set()))
    assert seen == invalidated
    assert all(projects.read(f"project/?{query}")[0] == "HIT" for query in QUERIES)


def test_what_was_left_to_its_default_is_stale_whatever_the_value(cached: CachedApi, numbers: Iterator[int]) -> None:
    """``None`` may stand for all of them, and so may a ``0``; what was given is stale for its own value alone."""

    @client(auth=False, context="board")
    def found(request: Any, status: str | None = None, first: int = 0) -> int:
        return next(numbers)

    @client(auth=False, affects="board")
    def move(request: Any, status: str) -> None: ...

    @client(auth=False, affects=found)
    def insert(request: Any, status: str, first: int) -> None: ...

    cached.serve(found, move, insert)
    queries = ["", "?status=done", "?status=open", "?first=5", "?status=done&first=5"]

    def invalidated(mutation: str, **arguments: Any) -> list[str]:
        for query in queries:
            cached.read(f"board/{query}")
        cached.call(mutation, **arguments)
        return [query for query in queries if cached.read(f"board/{query}")[0] != "HIT"]

    assert invalidated("move", status="done") == ["", "?status=done", "?first=5", "?status=done&first=5"]
    assert invalidated("move", status="new") == ["", "?first=5"]
    assert invalidated("insert", status="done", first=7) == ["", "?status=done"]
    assert invalidated("insert", status="new", first=5) == ["", "?first=5"]


@pytest.mark.parametrize("value", [1, "1"])
def test_a_number_and_its_text_are_one_value_of_a_parameter_that_takes_both(
    cached: CachedApi, numbers: Iterator[int], value: int | str
) -> None:
    """A query string cannot say which of them it holds."""

    @client(auth=False, context="mixed")
    def either(request: Any, key: int | str) -> int:
        return next(numbers)

    @client(auth=False, affects="mixed")
    def change(request: Any, key: int | str) -> None: ...

    cached.serve(either, change)
    cached.read("mixed/?key=1")
    cached.read("mixed/?key=2")
    cached.call("change", key=value)
    assert cached.read("mixed/?key=1")[0] == "MISS"
    assert cached.read("mixed/?key=2")[0] == "HIT"


@pytest.mark.django_db(transaction=True)
def test_somebody_elses_answer_is_stale_too(cached: CachedApi, numbers: Iterator[int]) -> None:
    """What ada changes, bob reads anew."""

    @client(auth=True, context="item")
    def item(request: Any, id: int) -> int:
        return next(numbers)

    @client(auth=True, affects="item")
    def save(request: Any, id: int) -> None: ...

    cached.serve(item, save)
    ada, bob = (User.objects.create_user(name) for name in ("ada", "bob"))
    cached.http.force_login(bob)
    cached.read("item/?id=5")
    cached.http.force_login(ada)
    cached.call("save", id=5)

    cached.http.force_login(bob)
    assert cached.read("item/?id=5") == ("MISS", {"item": 2})


def test_equal_values_are_invalidated_together(cached: CachedApi, numbers: Iterator[int]) -> None:
    """However they are written in the questions, which are two entries, and in the change."""

    @client(auth=False, context="price")
    def price(request: Any, amount: Decimal, at: datetime) -> int:
        return next(numbers)

    @client(auth=False, affects="price")
    def save(request: Any, amount: Decimal, at: datetime) -> None: ...

    cached.serve(price, save)
    assert cached.read("price/?amount=1.50&at=2026-01-01T12:00:00Z")[0] == "MISS"
    assert cached.read("price/?amount=1.5&at=2026-01-01T13:00:00%2B01:00")[0] == "MISS"

    cached.call("save", amount="1.500", at="2026-01-01T14:00:00+02:00")

    assert cached.read("price/?amount=1.50&at=2026-01-01T12:00:00Z")[0] == "MISS"
