"""
What makes an answer stale, for whom, and when.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction

import mizan
from mizan.client import ReactContext, client
from tests.cache.conftest import CachedApi

Project = ReactContext("project")


@pytest.fixture
def numbers() -> Iterator[int]:
    """Different each time a function runs."""
    return itertools.count(1)


@pytest.fixture
def projects(cached: CachedApi, numbers: Iterator[int]) -> CachedApi:
    """A context with the parameters *id* and *page*, of which one function takes one and one takes none."""

    @client(auth=False, context=Project)
    def detail(request: Any, id: int) -> int:
        return next(numbers)

    @client(auth=False, context=Project)
    def tasks(request: Any, id: int, page: int = 1) -> int:
        return next(numbers)

    @client(auth=False, context=Project)
    def total(request: Any) -> int:
        return next(numbers)

    @client(auth=False, affects=Project)
    def save(request: Any, id: int) -> None: ...

    @client(auth=False, affects=Project)
    def save_as_text(request: Any, id: str) -> None: ...

    @client(auth=False, affects=Project)
    def save_any(request: Any, id: int | None = None) -> None: ...

    @client(auth=False, affects=detail)
    def rename(request: Any, id: int) -> None: ...

    @client(auth=False, affects="project")
    def rebuild(request: Any) -> None: ...

    @client(auth=False, affects=Project)
    def fail(request: Any, id: int) -> None:
        raise ValueError

    cached.serve(detail, tasks, total, save, save_as_text, save_any, rename, rebuild, fail)
    return cached


def changed(api: CachedApi, query: str, before: Any) -> set[str]:
    """The functions whose answer is another one than *before*."""
    _, now = api.read(f"project/?{query}")
    assert isinstance(now, dict)
    return {name for name in now if now[name] != before[name]}


QUERIES = ("id=1", "id=1&page=2", "id=2")


@pytest.mark.parametrize(
    ("mutation", "arguments", "stale"),
    [
        # `total` has no id: which instance changed says nothing about it, so it is stale too.
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
def test_a_mutation_makes_stale_what_it_names(
    projects: CachedApi, mutation: str, arguments: dict[str, Any], stale: list[set[str]]
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
    assert seen == stale
    assert all(projects.read(f"project/?{query}")[0] == "HIT" for query in QUERIES)


def test_by_hand(projects: CachedApi) -> None:
    """``mizan.invalidate`` takes a name, a context or a function, and values as the context reads them."""
    from mizan.protocol.registry import default_registry

    detail = default_registry.get("detail").function  # type: ignore[union-attr]
    for call, stale in [
        (lambda: mizan.invalidate("project", id=1), {"detail", "tasks", "total"}),
        (lambda: mizan.invalidate(Project, id="01", page=1), {"detail", "tasks", "total"}),
        # The reader's page was left to its default, which may stand for all of them.
        (lambda: mizan.invalidate("project", page=7), {"detail", "tasks", "total"}),
        (lambda: mizan.invalidate(detail, id=1), {"detail"}),
        (lambda: mizan.invalidate(detail), {"detail"}),
        (lambda: mizan.invalidate("project"), {"detail", "tasks", "total"}),
        (lambda: mizan.invalidate("project", id=2), {"total"}),
    ]:
        _, before = projects.read("project/?id=1")
        call()
        assert changed(projects, "id=1", before) == stale


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

    def stale(mutation: str, **arguments: Any) -> list[str]:
        for query in queries:
            cached.read(f"board/{query}")
        cached.call(mutation, **arguments)
        return [query for query in queries if cached.read(f"board/{query}")[0] != "HIT"]

    assert stale("move", status="done") == ["", "?status=done", "?first=5", "?status=done&first=5"]
    assert stale("move", status="new") == ["", "?first=5"]
    assert stale("insert", status="done", first=7) == ["", "?status=done"]
    assert stale("insert", status="new", first=5) == ["", "?first=5"]


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


async def test_by_hand_on_the_loop(projects: CachedApi) -> None:
    """``await mizan.ainvalidate(...)``."""
    from asgiref.sync import sync_to_async

    _, before = await sync_to_async(projects.read)("project/?id=1")
    await mizan.ainvalidate("project", id=1)
    assert await sync_to_async(changed)(projects, "id=1", before) == {"detail", "tasks", "total"}


def test_what_cannot_be_is_refused(projects: CachedApi) -> None:
    """A mistyped name makes nothing stale silently."""
    with pytest.raises(LookupError, match="There is no context 'projekt'. There are: project"):
        mizan.invalidate("projekt")
    with pytest.raises(TypeError, match="has no parameter ident. It has: id, page"):
        mizan.invalidate("project", ident=5)
    with pytest.raises(ValueError, match="id='five'"):
        mizan.invalidate("project", id="five")
    with pytest.raises(LookupError, match="no registered function of a context"):
        mizan.invalidate(len)


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


def test_a_slow_reader_stores_nothing_stale(cached: CachedApi, numbers: Iterator[int]) -> None:
    """It read before the mutation and answers after it: nobody else gets that answer."""
    during: list[Any] = []

    @client(auth=False, context="count")
    def number(request: Any) -> int:
        value = next(numbers)
        for action in during:
            action()
        return value

    cached.serve(number)
    during.append(lambda: mizan.invalidate("count"))
    assert cached.read("count/") == ("MISS", {"number": 1})
    during.clear()

    assert cached.read("count/") == ("MISS", {"number": 2})
    assert cached.read("count/") == ("HIT", {"number": 2})


@pytest.mark.django_db(transaction=True)
class TestTransactions:
    """At commit, and never on rollback."""

    def test_at_commit(self, projects: CachedApi) -> None:
        """Not before."""
        with transaction.atomic():
            mizan.invalidate("project")
            assert self.is_hit_for_others(projects)
        assert projects.read("project/?id=1")[0] == "MISS"

    def test_not_on_rollback(self, projects: CachedApi) -> None:
        """What did not happen makes nothing stale."""
        projects.read("project/?id=1")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            mizan.invalidate("project")
            1 / 0  # noqa: B018
        assert projects.read("project/?id=1")[0] == "HIT"

    def test_savepoints(self, projects: CachedApi) -> None:
        """What is rolled back to a savepoint does not count; what came before it does."""
        for query in ("id=1", "id=2"):
            projects.read(f"project/?{query}&~only=detail")
        with transaction.atomic():
            mizan.invalidate("project", id=1)
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                mizan.invalidate("project", id=2)
                1 / 0  # noqa: B018
        assert projects.read("project/?id=1&~only=detail")[0] == "MISS"
        assert projects.read("project/?id=2&~only=detail")[0] == "HIT"

    def test_durable(self, projects: CachedApi) -> None:
        """``durable`` blocks commit like others."""
        projects.read("project/?id=1")
        with transaction.atomic(durable=True):
            mizan.invalidate("project")
        assert projects.read("project/?id=1")[0] == "MISS"

    def test_who_has_changed_something_sees_it(self, projects: CachedApi) -> None:
        """Inside the transaction the cache does not know yet, so it is not asked, and learns nothing."""
        _, before = projects.read("project/?id=1")
        with transaction.atomic():
            mizan.invalidate("project")
            status, inside = projects.read("project/?id=1")
            assert (status, inside != before) == ("BYPASS", True)
        assert projects.read("project/?id=1")[0] == "MISS"

    def test_a_transaction_stores_nothing(self, projects: CachedApi) -> None:
        """It may see a state of before; an answer that is there is served."""
        with transaction.atomic():
            assert projects.read("project/?id=1")[0] == "BYPASS"
            assert projects.read("project/?id=1")[0] == "BYPASS"
        projects.read("project/?id=1")
        with transaction.atomic():
            assert projects.read("project/?id=1")[0] == "HIT"

    def test_atomic_requests(self, projects: CachedApi, monkeypatch: pytest.MonkeyPatch) -> None:
        """Reads are cached with ATOMIC_REQUESTS too; a mutation that fails makes nothing stale."""
        from django.db import connection

        monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
        projects.read("project/?id=1")
        assert projects.read("project/?id=1")[0] == "HIT"
        projects.call("fail", id=1)
        assert projects.read("project/?id=1")[0] == "HIT"
        projects.call("save", id=1)
        assert projects.read("project/?id=1")[0] == "MISS"

    @staticmethod
    def is_hit_for_others(api: CachedApi) -> bool:
        """Read in a thread of its own, which has its own connections and no transaction."""
        import threading

        seen: list[str] = []
        for _ in range(2):
            thread = threading.Thread(target=lambda: seen.append(api.read("project/?id=1")[0]))
            thread.start()
            thread.join()
        return seen[-1] == "HIT"
