"""
Calls: arguments in, a checked result out, on a thread or on the event loop.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from django.db import connection, transaction
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from mizan.client import Conflict, client
from mizan.freshness.listeners import Listener
from mizan.service.endpoints import Endpoint
from mizan.service.invalidations import Invalidation
from mizan.testing import Caller
from mizan.types import BigInt
from tests.api import Api, code_of


class ThingOut(BaseModel):
    name: str
    price: Decimal


def test_both_addresses_run_the_same_function(api: Api) -> None:
    """`call/` and `call/<name>/` are one code path."""

    @client(auth=False)
    def echo(request: Any, text: str, times: int = 1) -> dict[str, str]:
        return {"message": text * times}

    api.serve(echo)

    assert api.call("echo", text="hi").json() == {"result": {"message": "hi"}}
    assert api.post("call/", {"fn": "echo", "args": {"text": "hi", "times": 2}}).json() == {
        "result": {"message": "hihi"}
    }


def test_every_scalar_comes_back_as_it_was_sent(api: Api) -> None:
    """Case 7: exact text for what JSON numbers and strings would blur."""

    class Everything(BaseModel):
        decimal: Decimal
        moment: datetime
        day: date
        clock: time
        span: timedelta
        key: UUID
        data: bytes
        big: BigInt

    @client(auth=False)
    def same(request: Any, value: Everything) -> Everything:
        return value

    api.serve(same)
    sent = {
        "decimal": "1.10",
        "moment": "2026-03-29T02:30:00.123456+01:00",
        "day": "2026-02-28",
        "clock": "23:59:59.999999",
        "span": "P1DT2H0M0.5S",
        "key": "a8098c1a-f86e-11da-bd1a-00112444be1e",
        "data": "AP+A/w==",
        "big": "123456789012345678901234567890",
    }

    assert api.call("same", value=sent).json()["result"] == sent


def test_types_of_every_kind_are_served(api: Api) -> None:
    """Dataclasses, TypedDicts, enums, literals, unions, tuples, maps and recursive models, all hinted as text."""

    class Colour(Enum):
        RED = "red"

    @dataclass
    class Point:
        x: int
        y: int = 0

    class Options(TypedDict, total=False):
        deep: bool

    class Cat(BaseModel):
        kind: Literal["cat"]

    class Dog(BaseModel):
        kind: Literal["dog"]

    class Tree(BaseModel):
        children: list[Tree] = []

    @client(auth=False)
    def kinds(
        request: Any,
        colour: Colour,
        point: Point,
        options: Options,
        pet: Annotated[Cat | Dog, Field(discriminator="kind")],
        pair: tuple[int, str],
        counts: dict[str, int],
        tree: Tree,
        size: Annotated[int, Field(ge=1, le=3)],
        maybe: str | None = None,
    ) -> list[str]:
        return [type(value).__name__ for value in (colour, point, options, pet, pair, counts, tree, size, maybe)]

    Tree.model_rebuild()
    api.serve(kinds)
    arguments = {
        "colour": "red",
        "point": {"x": 1},
        "options": {},
        "pet": {"kind": "dog"},
        "pair": [1, "a"],
        "counts": {"a": 1},
        "tree": {"children": [{"children": []}]},
        "size": 3,
    }

    assert api.call("kinds", **arguments).json()["result"] == [
        "Colour", "Point", "dict", "Dog", "tuple", "dict", "Tree", "int", "NoneType",
    ]  # fmt: skip
    assert list(api.call("kinds", **{**arguments, "size": 4, "pair": [1]}).json()["details"]["fields"]) == [
        "pair.1",
        "size",
    ]


def test_arguments_may_be_called_like_attributes_of_models(api: Api) -> None:
    """`schema`, `copy` and `_x` are fine names for arguments."""

    @client(auth=False)
    def odd(request: Any, schema: int, copy: str, model_config: bool = True) -> list[Any]:
        return [schema, copy, model_config]

    api.serve(odd)

    assert api.call("odd", schema=1, copy="c").json() == {"result": [1, "c", True]}
    assert list(api.call("odd", schema="x", copy="c").json()["details"]["fields"]) == ["schema"]


@pytest.mark.parametrize("value", [{"name": "a"}, {"name": 1, "price": "x"}, None, float("nan")], ids=str)
def test_a_result_of_another_type_is_the_servers_fault(api: Api, value: Any) -> None:
    """The declared output is enforced; the client learns an id and no more."""

    @client(auth=False)
    def wrong(request: Any) -> ThingOut:
        return value

    @client(auth=False)
    def infinite(request: Any) -> float:
        return float("inf")

    api.serve(wrong, infinite)

    for name in ("wrong", "infinite"):
        response = api.call(name)
        assert (response.status_code, code_of(response)) == (500, "INTERNAL_ERROR")
        assert set(response.json()["details"]) == {"error_id"}


def test_integers_that_javascript_would_change_are_found_while_developing(api: Api, settings: Any) -> None:
    """Under DEBUG, even where a model lets them through."""
    settings.DEBUG = True

    class Row(BaseModel):
        id: int

    @client(auth=False)
    def row(request: Any) -> Row:
        return Row(id=2**53 + 1)

    api.serve(row)

    assert code_of(api.call("row")) == "INTERNAL_ERROR"


def test_a_failed_mutation_invalidates_nothing(api: Api) -> None:
    """What did not happen changed nothing."""

    @client(auth=False, context="user")
    def user(request: Any) -> None: ...

    @client(auth=False, affects="user")
    def fail(request: Any) -> None:
        raise Conflict

    api.serve(user, fail)

    response = api.call("fail")

    assert "invalidate" not in response.json()
    assert "X-Mizan-Invalidate" not in response.headers


@pytest.mark.django_db(transaction=True)
def test_a_function_may_ask_for_no_transaction(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """``atomic(durable=True)`` works only where none is open: for a function, a reader, a view function."""
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)

    def begin() -> str:
        with transaction.atomic(durable=True):
            return "begun"

    @client(auth=False)
    @transaction.non_atomic_requests
    def call(request: Any) -> str:
        return begin()

    @transaction.non_atomic_requests(using="default")
    @client(auth=False, context="begun")
    def reader(request: Any) -> str:
        return begin()

    @client(auth=False)
    def within(request: Any) -> str:
        return begin()

    api.serve(call, reader, within)

    assert api.call("call").json() == {"result": "begun"}
    assert api.get("ctx/begun/").json() == {"reader": "begun"}
    assert api.call("within").status_code == 500
    assert Caller().call("call") == {"result": "begun"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["def", "async def"])
def test_what_was_done_is_told_though_its_result_is_wrong(api: Api, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """The row is there, and who shows the old one must look again."""
    told: list[Any] = []
    monkeypatch.setattr("mizan.freshness.listeners.listeners", [Listener(told.extend, is_listening=lambda: True)])

    @client(auth=False, context="rows")
    def rows(request: Any) -> int:
        return 1

    @client(auth=False, affects="rows", name="change")
    def change(request: Any) -> int:
        return "no number"  # type: ignore[return-value]  # on purpose

    @client(auth=False, affects="rows", name="change")
    async def achange(request: Any) -> int:
        return "no number"  # type: ignore[return-value]  # on purpose

    api.serve(rows, change if kind == "def" else achange)

    assert api.call("change").status_code == 500
    assert [change.invalidations for change in told] == [(Invalidation("rows"),)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["def", "async def"])
def test_what_cannot_be_said_exactly_is_said_of_the_whole(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    """By then it is done, so nothing may fail that follows."""

    @client(auth=False, context="rows")
    def rows(request: Any, id: int) -> int:
        return 1

    @client(auth=False, affects="rows", name="change")
    def change(request: Any, id: int) -> int:
        return id

    @client(auth=False, affects="rows", name="change")
    async def achange(request: Any, id: int) -> int:
        return id

    def fails(*arguments: Any) -> Any:
        raise OverflowError("too large")

    api.serve(rows, change if kind == "def" else achange)
    monkeypatch.setattr(Endpoint, "changed", fails)
    answer = api.call("change", id=5).json()

    assert (answer["result"], answer["invalidate"]) == (5, ["rows"])
    assert "whole contexts" in caplog.text
