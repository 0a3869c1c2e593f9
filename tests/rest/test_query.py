"""
Parameters in a query string.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import quote
from uuid import UUID

import pytest
from pydantic import BaseModel
from rest_framework import serializers

from mizan.client import client
from tests.api import Api, code_of


def test_parameters_of_every_kind_fit_in_a_query_string(api: Api) -> None:
    """Text as it is, lists repeated or as JSON, dates, flags and nothing."""

    @client(auth=False, context="search")
    def found(
        request: Any,
        text: str,
        tags: list[str] = [],
        ids: list[int] = [],
        day: date | None = None,
        deep: bool = False,  # noqa: B006 - copied
    ) -> list[Any]:
        return [text, tags, ids, None if day is None else day.isoformat(), deep]

    api.serve(found)

    def ask(query: str) -> Any:
        return api.get(f"ctx/search/?{query}").json()["found"]

    assert ask("text=5") == ["5", [], [], None, False]
    assert ask("text=%22x%22&tags=a&tags=5&ids=1&ids=2") == ['"x"', ["a", "5"], [1, 2], None, False]
    assert ask('text=&tags=["a","b"]&ids=[3]&day=2026-01-02&deep=true') == ["", ["a", "b"], [3], "2026-01-02", True]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("id=5&nope=1", "nope"),
        ("", "id"),
        ("id=x", "id"),
        ("id=1&id=2", "id"),
        ("id=5&~only=nope", "~only"),
        ("id=5&~only=", "~only"),
        ("id=9007199254740993", "id"),
        ("id=5&name=%00", "name"),
    ],
)
def test_a_refused_parameter_is_named(api: Api, query: str, field: str) -> None:
    """Only declared parameters get anywhere."""

    @client(auth=False, context="user")
    def profile(request: Any, id: int, name: str = "") -> int:
        return id

    api.serve(profile)

    response = api.get(f"ctx/user/?{query}")

    assert (response.status_code, code_of(response)) == (422, "VALIDATION_ERROR")
    assert list(response.json()["details"]["fields"]) == [field]


def test_format_is_a_parameter_like_any_other(api: Api) -> None:
    """DRF's own meaning of it would answer 404."""

    @client(auth=False, context="report")
    def report(request: Any, format: str) -> str:
        return format

    api.serve(report)

    assert api.get("ctx/report/?format=csv").json() == {"report": "csv"}


def test_a_null_is_what_is_left_out(api: Api) -> None:
    """A query string has no null; a parameter that needs one all the same gets it by its absence."""

    @client(auth=False, context="search")
    def found(request: Any, word: str | None, since: date | None, tags: list[str] | None, page: int = 1) -> list[Any]:
        return [word, since, tags, page]

    @client(auth=False, context="search")
    def asked(request: Any, word: str | None = None) -> Any:
        return word

    api.serve(found, asked)

    assert api.get("ctx/search/").json() == {"asked": None, "found": [None, None, None, 1]}
    assert api.get("ctx/search/?word=null&since=2026-01-02&tags=x").json() == {
        "asked": "null",
        "found": ["null", "2026-01-02", ["x"], 1],
    }


class Point(BaseModel):
    x: int


class PointSerializer(serializers.Serializer[Any]):
    x = serializers.IntegerField()


UNIONS: list[tuple[Any, Any]] = [
    (str | list[str], "a"),
    (str | list[str], ["a", "b"]),
    (str | list[str], []),
    (int | str, 5),
    (int | str, "x"),
    (int | str, "5x"),
    (str | int | None, 5),
    (float | str, 1.5),
    (float | str, 2),
    (bool | str, True),
    (bool | str, "yes"),
    (date | str, "2026-01-01"),
    (date | str, "soon"),
    (datetime | date | str, "2026-01-01T00:00:00Z"),
    (UUID | str, "00000000-0000-0000-0000-000000000001"),
    (Decimal | str, "1.10"),
    (Point | str, {"x": 1}),
    (Point | str, "x"),
    (dict[str, int] | str, {"a": 1}),
    (PointSerializer, {"x": 1}),
    (PointSerializer | None, {"x": 1}),
    (list[PointSerializer], [{"x": 1}, {"x": 2}]),
    (Literal[1, "a"], 1),
    (Literal[1, "a"], "a"),
    (list[int] | int, [1, 2]),
    (list[int] | int, 1),
    (Any, "x"),
]


@pytest.mark.parametrize(("annotation", "value"), UNIONS, ids=str)
def test_a_union_reads_as_it_does_in_a_call(api: Api, annotation: Any, value: Any) -> None:
    """The client writes what is no text as JSON; both ways the function gets the same value."""

    def call(request: Any, v: Any) -> str:
        return repr(v)

    def reader(request: Any, v: Any) -> str:
        return repr(v)

    call.__annotations__["v"] = reader.__annotations__["v"] = annotation
    api.serve(client(auth=False)(call), client(auth=False, context="reading")(reader))
    text = value if isinstance(value, str) else json.dumps(value)

    called, read = api.call("call", v=value), api.get(f"ctx/reading/?v={quote(text)}")

    assert called.status_code == 200
    assert read.json() == {"reader": called.json()["result"]}


def test_a_repeated_parameter_is_a_list_where_it_may_be_one(api: Api) -> None:
    """As HTML forms send one."""

    @client(auth=False, context="tagged")
    def tagged(request: Any, tag: str | list[str]) -> Any:
        return tag

    api.serve(tagged)

    assert api.get("ctx/tagged/?tag=a&tag=b").json() == {"tagged": ["a", "b"]}
    assert api.get("ctx/tagged/?tag=a").json() == {"tagged": "a"}
