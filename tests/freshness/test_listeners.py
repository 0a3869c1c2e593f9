"""
Who is told of a change: at its commit, with the event id of the answer, and also where nothing is cached.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import transaction

import mizan
from mizan.apps import watch_data
from mizan.client import client
from mizan.freshness import listeners
from mizan.freshness.listeners import Change, Listener
from mizan.protocol.registry import FunctionRegistry
from mizan.service.invalidations import Invalidation
from mizan.setup import register
from mizan.testing import Caller
from tests.things.models import Thing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch, registry: FunctionRegistry) -> Iterator[list[Change]]:
    """What a listener hears beside the cache, in a project that has none."""
    changes: list[Change] = []

    @client(auth=False, context="user", watch=[Thing])
    def name(request: Any, id: int) -> str:
        return "ann"

    @client(auth=False, affects="user")
    def rename(request: Any, id: int) -> None:
        Thing.objects.create(name="new")

    @client(auth=False, affects="user")
    def fail(request: Any, id: int) -> None:
        raise RuntimeError

    for function in (name, rename, fail):
        register(function)
    monkeypatch.setattr(listeners, "listeners", [*listeners.listeners, Listener(changes.extend, lambda: True)])
    watch_data()  # as at the start of a process with this listener
    yield changes


def test_the_answer_and_whoever_is_told_have_one_event_id(heard: list[Change]) -> None:
    """So that a client knows its own change when it hears of it."""
    answer = Caller().call("rename", id=5)

    of_the_row, of_the_call = heard
    assert of_the_call == Change(answer["event"], (Invalidation("user", None, {"id": 5}),))
    assert of_the_row.invalidations == (Invalidation("user"),)
    assert of_the_row.event != of_the_call.event


def test_it_is_told_when_it_is_committed(heard: list[Change]) -> None:
    """Before that nobody else can read it, and afterwards everybody must know."""
    with transaction.atomic():
        answer = Caller().call("rename", id=5)
        assert heard == []

    assert answer["event"] in [change.event for change in heard]


def test_what_is_rolled_back_is_never_told(heard: list[Change]) -> None:
    """Nor is what a failed function has announced."""
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Caller().call("rename", id=5)
        1 / 0  # noqa: B018
    Caller().call("fail", id=5)

    assert heard == []


def test_many_writes_of_one_transaction_are_told_at_once(heard: list[Change]) -> None:
    """The same invalidation once, under the event that was announced last."""
    with transaction.atomic():
        for _ in range(50):
            Thing.objects.create(name="new")
        mizan.invalidate("user", id=1)

    assert [change.invalidations for change in heard] == [
        (Invalidation("user"),),
        (Invalidation("user", None, {"id": 1}),),
    ]


def test_permissions_are_watched_for_whoever_listens(heard: list[Change]) -> None:
    """Without a cache too: a socket must be told that its user may do something else now."""
    User.objects.create(username="ann").groups.add(Group.objects.create(name="editors"))

    assert heard
    assert all(change.invalidations == (Invalidation.access("user"),) for change in heard)


def test_a_listener_that_fails_keeps_nobody_from_hearing(
    heard: list[Change], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing after a commit raises."""

    def break_down(changes: Sequence[Change]) -> None:
        raise RuntimeError

    monkeypatch.setattr(listeners, "listeners", [Listener(break_down, lambda: True), *listeners.listeners])

    mizan.invalidate("user")

    assert [change.invalidations for change in heard] == [(Invalidation("user"),)]
    assert "A listener failed" in caplog.text


def test_permissions_are_left_alone_where_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """A project without a cache pays nothing for the groups of its users."""
    resolved: list[bool] = []
    monkeypatch.setattr("mizan.freshness.writes.current_watches", lambda: resolved.append(True))
    watch_data()

    User.objects.create(username="ann").groups.add(Group.objects.create(name="editors"))

    assert resolved == []
