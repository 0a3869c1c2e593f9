"""
The API pages of functions and contexts.
"""

from __future__ import annotations

from typing import Annotated, Any

from django.test import AsyncClient
from pydantic import Field
from rest_framework.throttling import UserRateThrottle

from mizan.client import MizanError, client
from tests.api import PREFIX, Api
from tests.pages.markup import HTML, answer_of, inputs_of, shown, tags_of, text_of


def test_a_function_has_a_page_that_says_what_it_is(api: Api) -> None:
    """Docstring in paragraphs, who may call it, what it changes, its types, and how it is called from elsewhere."""

    class Broke(MizanError):
        status = 409

    @client(auth=False, context="user")
    def profile(request: Any, id: int) -> str:
        return ""

    @client(auth="staff", affects="user", merge=profile, raises=Broke, throttle="9/min", websocket=True, rev=2)
    def rename(
        request: Any, id: int, name: str = "Ann", note: Annotated[str | None, Field(max_length=9)] = None
    ) -> str:
        """
        Renames.

        Really:
        it does.
        """
        return name

    api.serve(profile, rename)

    page = api.get("call/rename/", **HTML)
    text = shown(page)

    assert page.status_code == 200
    assert '<p class="doc">Renames.</p><p class="doc">Really:\nit does.</p>' in text_of(page)
    for fact in (
        "staff",
        "affects user by id",
        "merges into user.profile by id",
        "raises BROKE",
        "9/min",
        "WebSocket",
        "rev 2",
    ):
        assert fact in text
    assert "rename(id: int, name: str = 'Ann', note: str | None = None) -> str" in text
    assert "const result = await rename.mutate({ id: 1 })" in text
    assert (
        "curl 'http://testserver/api/mizan/call/rename/' \\\n  -b 'sessionid=YOUR_SESSION; csrftoken=YOUR_CSRF_TOKEN' "
        "\\\n  -H 'X-CSRFToken: YOUR_CSRF_TOKEN' \\\n  -H 'Content-Type: application/json' \\\n  -d '{\"id\": 1}'"
        in text
    )


def test_the_answer_comes_with_its_status_and_headers(api: Api) -> None:
    """X-Mizan-Invalidate among them."""

    @client(auth=False, context="user")
    def profile(request: Any, id: int) -> str:
        return ""

    @client(auth=False, affects="user")
    def rename(request: Any, id: int) -> str:
        return "ü"

    api.serve(profile, rename)

    page = api.http.post(f"{PREFIX}call/rename/", {"id": "5"}, **HTML)

    assert "200 OK" in shown(page)
    assert "<dt>X-Mizan-Invalidate</dt><dd>user;id=5</dd>" in text_of(page)
    assert '"result": "ü"' in answer_of(page)


async def test_an_async_function_has_a_page_too(api: Api) -> None:
    """Templates are read in a thread."""

    @client(auth=False)
    async def echo(request: Any, text: str) -> str:
        return text

    api.serve(echo)
    http = AsyncClient()

    page = await http.get(f"{PREFIX}call/echo/", headers={"accept": "text/html"})
    answer = await http.post(f"{PREFIX}call/echo/", {"text": "hi"}, headers={"accept": "text/html"})

    assert "async" in shown(page)
    assert '"result": "hi"' in answer_of(answer)


def test_a_context_page_opens_with_its_form_and_shows_the_bundle(api: Api) -> None:
    """Without parameters it does not complain; an empty optional input is not sent on."""

    @client(auth=False, context="user")
    def profile(request: Any, id: int) -> dict[str, int]:
        """Who it is."""
        return {"id": id}

    @client(auth=True, context="user")
    def orders(request: Any, id: int, page: int = 1) -> list[int]:
        return []

    api.serve(profile, orders)

    opened = api.get("ctx/user/", **HTML)
    bundle = api.get("ctx/user/?id=5&page=", **HTML)
    wrong = api.get("ctx/user/?id=x&~only=profile", **HTML)

    assert opened.status_code == 200
    assert "hidden" in dict(next(item for item in tags_of(opened) if item[1].get("id") == "answer")[1])
    assert "Who it is." in shown(opened)
    assert "<UserContext id={1}>" in shown(opened)
    assert '"profile": {\n        "id": 5' in answer_of(bundle)
    assert '"UNAUTHORIZED"' in answer_of(bundle)
    assert "ETag" not in bundle.headers
    assert wrong.status_code == 422
    assert inputs_of(wrong)["id"][1]["value"] == "x"


def test_a_function_that_cannot_be_served_has_a_page_all_the_same(api: Api) -> None:
    """Its form says what is wrong; the index and the system checks do too."""

    class Unservable: ...

    @client(auth="blog.add_post", cache=False, deprecated=True, throttle=UserRateThrottle)
    def odd(request: Any, thing: Unservable, other=None): ...

    api.serve(odd)

    page = api.get("call/odd/", **HTML)

    assert page.status_code == 200
    assert "No form can be made of these arguments" in shown(page)
    for fact in (
        "odd(thing: Unservable, other: ? = None)",
        "blog.add_post",
        "not cached",
        "deprecated",
        "UserRateThrottle",
    ):
        assert fact in shown(page)
