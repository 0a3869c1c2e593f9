"""
One table of calls and reads through every surface: HTTP under WSGI and ASGI, hydration, and `Caller` in threads and on the
event loop. A rule that holds on one surface holds on all, so the envelopes are equal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.db import connection

import mizan
from mizan.protocol.registry import FunctionRegistry
from tests.dispatch.surfaces import (
    ARGUMENTS,
    ENDS,
    GATES,
    SECRET,
    SURFACES,
    USERS,
    Envelope,
    declare,
    forget_everything,
    hydrated,
    make_user,
)
from tests.things.models import Thing

# Answers are not kept inside of a transaction.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=[False, True], ids=["def", "async def"])
def table(request: pytest.FixtureRequest, registry: FunctionRegistry) -> Iterator[None]:
    """Every function of the table is served."""
    declare(request.param)
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(params=["not cached", "cached"])
def cached(request: pytest.FixtureRequest, settings: LazySettings) -> bool:
    """With a cache in this process's memory, and without."""
    if request.param == "cached":
        settings.MIZAN_CACHE_SECRET = SECRET
    return bool(request.param == "cached")


def all_equal(answers: list[list[Envelope]], row: object = "") -> list[Envelope]:
    """The answers of the first surface, which are those of all; *row* names what was asked."""
    first = answers[0]
    for surface, others in zip(SURFACES[1:], answers[1:], strict=True):
        assert others == first, (surface.__name__, row)
    return first


@pytest.mark.parametrize("user", USERS)
def test_the_same_people_may_call(table: None, user: str) -> None:
    """Whatever ``auth=`` says, and however the call comes in."""
    caller = make_user(user)
    name = caller.username if caller is not None and caller.is_active else "nobody"

    for gate in GATES:
        [answer] = all_equal([[surface(caller).call(f"call_{gate}", {})] for surface in SURFACES], gate)

        assert answer.status in (200, 401, 403)
        assert (answer.status == 200) == (answer.body == {"result": name})


@pytest.mark.parametrize("user", USERS)
def test_the_same_people_may_read(table: None, cached: bool, user: str) -> None:
    """Cold and warm, and a page that is rendered for them holds the same."""
    caller = make_user(user)

    for context in (*GATES, "mixed"):
        answers = []
        for surface in SURFACES:
            forget_everything()
            answers.append([surface(caller).read(context, {}) for _ in range(2)])
        cold, warm = all_equal(answers, context)

        assert (warm.status, warm.body) == (cold.status, cold.body)
        if cold.status == 200:
            assert [cold.cache_status, warm.cache_status] == (["MISS", "HIT"] if cached else ["BYPASS", "BYPASS"])
        assert hydrated(caller, context, {}) == (cold.body if cold.status == 200 else None)


@pytest.mark.parametrize("user", ["visitor", "ann"])
def test_what_is_sent_is_refused_alike(table: None, user: str) -> None:
    """The same messages at the same paths."""
    caller = make_user(user)

    for how, arguments in ARGUMENTS.items():
        [answer] = all_equal([[surface(caller).call("order", arguments)] for surface in SURFACES], how)

        assert answer.status == (200 if how.startswith(("as ", "left")) else 422), how


def test_failures_of_a_call_are_the_same(table: None, settings: LazySettings) -> None:
    """A declared error with its details, a row that is not there, a bug."""
    settings.DEBUG = True  # tells of integers that JavaScript cannot hold

    for end in ENDS:
        [answer] = all_equal([[surface(None).call(f"call_{end}", {})] for surface in SURFACES], end)

        assert answer.status >= 400, end
        assert "secret" not in json.dumps(answer.body)


def test_failures_of_a_read_are_the_same(table: None, cached: bool) -> None:
    """Alone they are the failure of the whole; beside a reader that answers they stand under its errors."""
    for context in (*ENDS, "failing"):
        answers = []
        for surface in SURFACES:
            forget_everything()
            answers.append([surface(None).read(context, {})])
        [answer] = all_equal(answers, context)

        assert (answer.status == 200) == (context == "failing")
        assert hydrated(None, context, {}) is None


@pytest.mark.parametrize("kind", ["call", "read"])
def test_throttles_count_alike(table: None, kind: str) -> None:
    """The third call within a minute is refused, and says for how long."""
    answers = []
    for surface in SURFACES:
        forget_everything()
        one = surface(None)
        answers.append(
            [one.call("call_throttled", {}) if kind == "call" else one.read("throttled", {}) for _ in range(3)]
        )
    statuses = [answer.status for answer in all_equal(answers)]

    assert statuses == [200, 200, 429]


PARAMS: tuple[dict[str, Any], ...] = (
    {"id": 5},
    {"id": "5"},
    {"id": 5, "color": "red"},
    {},
    {"id": "x"},
    {"id": 5, "size": 1},
)


@pytest.mark.parametrize("only", [None, ["row"], ["nothing"]], ids=["all readers", "one reader", "no such reader"])
@pytest.mark.parametrize("user", ["visitor", "ann"])
def test_questions_are_understood_alike(table: None, cached: bool, user: str, only: list[str] | None) -> None:
    """Parameters and the choice of readers."""
    caller = make_user(user)

    for params in PARAMS:
        answers = []
        for surface in SURFACES:
            forget_everything()
            answers.append([surface(caller).read("row", params, only) for _ in range(2)])
        cold, warm = all_equal(answers, params)

        assert (warm.status, warm.body) == (cold.status, cold.body)
        if cold.status == 200:
            assert [cold.cache_status, warm.cache_status] == (["MISS", "HIT"] if cached else ["BYPASS", "BYPASS"])
        if only is None and "size" not in params:
            assert hydrated(caller, "row", params) == (cold.body if cold.status == 200 else None)


@pytest.mark.parametrize("function", ["change_row", "change_row_and_value"])
def test_what_changes_is_said_alike(table: None, cached: bool, function: str) -> None:
    """The answer names what it invalidates and what it replaces, and the cache forgets it."""
    caller = make_user("ann")

    answers = []
    for surface in SURFACES:
        forget_everything()
        one = surface(caller)
        answers.append(
            [
                one.read("row", {"id": 5}),
                one.call(function, {"id": 5}),
                one.read("row", {"id": 5}),
                one.call(function, {"id": "x"}),
            ]
        )
    before, changed, after, refused = all_equal(answers)

    assert [before.cache_status, after.cache_status] == (["MISS", "MISS"] if cached else ["BYPASS", "BYPASS"])

    assert changed.body["invalidate"] == [{"context": "row", "params": {"id": 5}}]
    assert ("merge" in changed.body) == (function == "change_row_and_value")
    assert refused.status == 422


def test_an_invalidation_reaches_every_surface(table: None, settings: LazySettings) -> None:
    """`mizan.invalidate` is no matter of a surface."""
    settings.MIZAN_CACHE_SECRET = SECRET
    for surface in SURFACES:
        one = surface(None)
        forget_everything()
        statuses = [one.read("row", {"id": 1}).cache_status for _ in range(2)]
        mizan.invalidate("row")

        assert [*statuses, one.read("row", {"id": 1}).cache_status] == ["MISS", "HIT", "MISS"], surface.__name__


def test_one_surface_finds_what_another_has_computed(table: None, settings: LazySettings) -> None:
    """Where the origin is the same: ASGI's and the in-process surface have a host of their own."""
    settings.MIZAN_CACHE_SECRET = SECRET
    caller = make_user("ann")
    forget_everything()

    statuses = [surface(caller).read("row", {"id": 1}).cache_status for surface in SURFACES]

    assert statuses == ["MISS", "HIT", "HIT", "HIT"]


@pytest.mark.parametrize("user", ["visitor", "ann"])
def test_values_that_json_has_no_word_for_travel_alike(table: None, cached: bool, user: str) -> None:
    """Bytes, and a null that no query string has."""
    caller = make_user(user)
    answers = []
    for surface in SURFACES:
        forget_everything()
        answers.append(
            [surface(caller).read("blob", params) for params in ({"data": "/w=="}, {"data": "/w==", "label": "x"})]
        )
    alone, labelled = all_equal(answers)

    assert (alone.body, labelled.body) == ({"blob": "ff None"}, {"blob": "ff x"})
    assert hydrated(caller, "blob", {"data": "/w=="}) == alone.body


@pytest.mark.parametrize("is_atomic", [False, True], ids=["autocommit", "ATOMIC_REQUESTS"])
def test_a_failure_leaves_behind_what_the_project_says(
    table: None, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, is_atomic: bool
) -> None:
    """Nothing under ATOMIC_REQUESTS, where the function is no coroutine, and otherwise what it wrote."""
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", is_atomic)
    is_async = "async" in request.node.callspec.id
    left = {}
    for surface in SURFACES:
        Thing.objects.all().delete()
        assert surface(None).call("write_and_fail", {}).status == 500
        left[surface.__name__] = Thing.objects.count()

    assert left == dict.fromkeys(left, 0 if is_atomic and not is_async else 1)
