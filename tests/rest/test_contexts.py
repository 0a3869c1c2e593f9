"""
Contexts over HTTP: many readers, one answer.
"""

from __future__ import annotations

import asyncio
import json
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import AsyncClient

from mizan.client import GlobalContext, NotFound, ReactContext, client
from tests.rest.conftest import Api, code_of
from tests.things.models import Thing


def test_a_context_answers_with_every_reader(api: Api) -> None:
    """Values are validated: "05" and 5 are one."""

    @client(auth=False, context="user")
    def profile(request: Any, id: int) -> dict[str, int]:
        return {"id": id}

    @client(auth=False, context=ReactContext("user"))
    def orders(request: Any, id: int, page: int = 1) -> list[int]:
        return [id, page]

    api.serve(profile, orders)

    assert api.get("ctx/user/?id=05").json() == {"orders": [5, 1], "profile": {"id": 5}}
    assert api.get("ctx/user/?id=5&page=2&~only=orders").json() == {"orders": [5, 2]}
    assert api.get("ctx/user/?id=5").headers["Cache-Control"] == "private, no-cache"
    assert api.get("ctx/user/?id=5").headers["X-Mizan-Cache"] == "BYPASS"


def test_one_failure_leaves_its_neighbours_be(api: Api) -> None:
    """It stands under $errors; where all fail, the failure is the answer."""

    @client(auth=False, context=GlobalContext)
    def stats(request: Any) -> int:
        return 1

    @client(auth=True, context="global")
    def current_user(request: Any) -> str:
        return "ann"

    api.serve(stats, current_user)

    response = api.get("ctx/global/")
    alone = api.get("ctx/global/?~only=current_user")

    assert response.status_code == 200
    assert response.json()["stats"] == 1
    assert response.json()["$errors"]["current_user"]["code"] == "UNAUTHORIZED"
    assert (alone.status_code, code_of(alone)) == (401, "UNAUTHORIZED")


@pytest.mark.django_db
def test_each_reader_has_its_own_permission(api: Api) -> None:
    """A member sees what members may, not what staff may."""

    @client(auth=True, context="user")
    def mine(request: Any) -> str:
        return str(request.user)

    @client(auth="staff", context="user")
    def theirs(request: Any) -> str:
        return "secret"

    api.serve(mine, theirs)
    api.http.force_login(User.objects.create_user("ann"))

    body = api.get("ctx/user/").json()

    assert body["mine"] == "ann"
    assert body["$errors"]["theirs"]["code"] == "FORBIDDEN"


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


def test_an_unchanged_answer_is_not_sent_again(api: Api) -> None:
    """304 for the ETag the client has; a changed one is sent."""
    state = {"value": 1}

    @client(auth=False, context="thing")
    def thing(request: Any) -> int:
        return state["value"]

    api.serve(thing)
    etag = api.get("ctx/thing/").headers["ETag"]

    same = api.get("ctx/thing/", HTTP_IF_NONE_MATCH=f'"other", W/{etag}')
    state["value"] = 2
    changed = api.get("ctx/thing/", HTTP_IF_NONE_MATCH=etag)

    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", etag)
    assert changed.json() == {"thing": 2}


def test_a_context_only_reads(api: Api) -> None:
    """Case 17: no method but GET, HEAD and OPTIONS; an unknown or private one is not found."""

    @client(auth=False, context="thing")
    def thing(request: Any) -> int:
        return 1

    @client(auth=False, context="hidden", private=True)
    def hidden(request: Any) -> int:
        return 1

    api.serve(thing, hidden)

    assert api.post("ctx/thing/").status_code == 405
    assert api.http.head("/api/mizan/ctx/thing/").status_code == 200
    assert api.get("ctx/hidden/").content == api.get("ctx/nothing/").content
    assert api.get("ctx/hidden/").status_code == 404


async def test_a_context_may_have_async_readers(api: Api) -> None:
    """Each on the event loop, beside sync ones in a thread."""
    loop = asyncio.get_running_loop()

    @client(auth=False, context="mixed")
    async def awaited(request: Any, id: int) -> bool:
        return asyncio.get_running_loop() is loop

    @client(auth=False, context="mixed")
    def plain(request: Any, id: int) -> int:
        return id

    @client(auth=False, context="mixed")
    async def failing(request: Any) -> None:
        raise NotFound

    api.serve(awaited, plain, failing)
    http = AsyncClient()

    body = json.loads((await http.get("/api/mizan/ctx/mixed/?id=3")).content)

    assert (body["awaited"], body["plain"]) == (True, 3)
    assert body["$errors"]["failing"]["code"] == "NOT_FOUND"
    assert (await http.post("/api/mizan/ctx/mixed/")).status_code == 405
    assert (await http.get("/api/mizan/ctx/mixed/?nope=3")).status_code == 422


def test_format_is_a_parameter_like_any_other(api: Api) -> None:
    """DRF's own meaning of it would answer 404."""

    @client(auth=False, context="report")
    def report(request: Any, format: str) -> str:
        return format

    api.serve(report)

    assert api.get("ctx/report/?format=csv").json() == {"report": "csv"}


@pytest.mark.django_db
def test_a_broken_query_does_not_break_the_neighbours(api: Api) -> None:
    """What one reader wrote before it failed is taken back; the others go on in the same transaction."""

    @client(auth=False, context="things")
    def a_failing(request: Any) -> None:
        Thing.objects.create(name="half")
        Thing.objects.create(id=Thing.objects.get().pk, name="twice")

    @client(auth=False, context="things")
    def b_counted(request: Any) -> int:
        return Thing.objects.count()

    api.serve(a_failing, b_counted)

    body = api.get("ctx/things/").json()

    assert body["b_counted"] == 0
    assert body["$errors"]["a_failing"]["code"] == "CONFLICT"


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
