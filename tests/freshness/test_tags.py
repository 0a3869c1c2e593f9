"""
Which answers a change concerns: the tags of entries and the tags of changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User

from mizan.client import client
from tests.api import CachedApi
from tests.freshness.reading import changed

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


def test_values_that_are_equal_are_one(cached: CachedApi, numbers: Iterator[int]) -> None:
    """However they are written."""

    @client(auth=False, context="price")
    def price(request: Any, amount: Decimal, at: datetime) -> int:
        return next(numbers)

    @client(auth=False, affects="price")
    def save(request: Any, amount: Decimal, at: datetime) -> None: ...

    cached.serve(price, save)
    assert cached.read("price/?amount=1.50&at=2026-01-01T12:00:00Z")[0] == "MISS"
    assert cached.read("price/?amount=1.5&at=2026-01-01T13:00:00%2B01:00")[0] == "HIT"

    cached.call("save", amount="1.500", at="2026-01-01T14:00:00+02:00")

    assert cached.read("price/?amount=1.50&at=2026-01-01T12:00:00Z")[0] == "MISS"
