"""
Contexts: many readers, one answer.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import AsyncClient

from mizan.client import GlobalContext, NotFound, ReactContext, client
from tests.api import Api
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
    assert (alone.status_code, list(alone.json())) == (200, ["$errors"])


@pytest.mark.django_db
def test_a_visitor_gets_the_global_context(api: Api) -> None:
    """Every first page asks for it. In another context there is no answer, where nothing may be read."""

    @client(auth=True, context=GlobalContext)
    def me(request: Any) -> str:
        return "me"

    @client(auth="staff", context=GlobalContext)
    def queue(request: Any) -> int:
        return 1

    @client(auth=True, context="mine")
    def mine(request: Any) -> str:
        return "mine"

    api.serve(me, queue, mine)

    answer = api.get("ctx/global/")
    assert answer.status_code == 200
    assert {name: failure["code"] for name, failure in answer.json()["$errors"].items()} == {
        "me": "UNAUTHORIZED",
        "queue": "UNAUTHORIZED",
    }
    assert api.get("ctx/mine/").status_code == 401


@pytest.mark.django_db
@pytest.mark.parametrize("context", ["global", "other"])
def test_the_gravest_failure_is_that_of_the_whole(api: Api, context: str) -> None:
    """A bug is not hidden behind a reader that nobody has asked for in earnest."""

    @client(auth=True, context=context)
    def closed(request: Any) -> str:
        return "me"

    @client(auth=False, context=context)
    def missing(request: Any) -> str:
        raise NotFound

    @client(auth=False, context=context)
    def broken(request: Any) -> str:
        raise RuntimeError

    api.serve(closed, missing, broken)

    assert api.get(f"ctx/{context}/").status_code == 500
    assert api.get(f"ctx/{context}/?~only=closed,missing").status_code == 404


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
