"""
View functions: pages at addresses of their own.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse, HttpResponseRedirect
from django.test import Client
from django.urls import include, path, reverse

from mizan.client import Conflict, NotFound, client
from mizan.rest.routes import ViewFunctionResolver
from tests.api import Api

SECRET = UUID("a8098c1a-f86e-11da-bd1a-00112444be1e")


@pytest.fixture
def view_functions(api: Api) -> Api:
    """Two view_functions, a form's address and a context that the form changes."""

    @client(context="profile", auth=False)
    def profile(request: Any, id: int) -> str:
        return ""

    @client(route="/profile/<int:id>/", auth=False)
    def profile_page(request: Any, id: int, tab: str = "posts", tags: list[str] = []) -> HttpResponse:
        if id == 404:
            raise NotFound("There is no such profile.")
        if id == 409:
            raise Conflict("It is being changed.")
        return HttpResponse(f"{id} {tab} {tags}")

    @client(route="/profile/<int:id>/rename/", methods=["POST"], affects="profile", auth=True)
    def rename_page(request: Any, id: int, name: str) -> HttpResponse:
        return HttpResponseRedirect(f"/profile/{id}/") if name else HttpResponse("no name", status=400)

    @client(route="/key/<uuid:key>/", methods=["get", "PUT"], auth=False)
    async def key_page(request: Any, key: UUID, value: int = 0) -> HttpResponse:
        return HttpResponse(f"{request.method} {key} {value}")

    @client(route="/broken/", auth=False)
    def broken_page(request: Any) -> HttpResponse:
        return "no response"  # type: ignore[return-value]  # the mistake under test

    api.serve(profile, profile_page, rename_page, key_page, broken_page)
    return api


def test_arguments_come_from_the_address_and_the_query(view_functions: Api) -> None:
    """Each as its declared type; a link may carry parameters of somebody else."""
    assert view_functions.http.get("/profile/5/").content == b"5 posts []"
    assert view_functions.http.get("/profile/5/?tab=likes&tags=a&tags=b&utm_source=x").content == b"5 likes ['a', 'b']"
    assert view_functions.http.head("/profile/5/").status_code == 200


def test_an_address_is_found_by_its_name(view_functions: Api) -> None:
    """By templates and redirects. Django reads all names when it is first asked, so the test has addresses of its own."""
    addresses = (path("shop/", include(([ViewFunctionResolver()], "mizan_routes"))),)

    assert reverse("mizan_routes:profile_page", addresses, args=[5]) == "/shop/profile/5/"
    assert reverse("mizan_routes:key_page", addresses, kwargs={"key": SECRET}) == f"/shop/key/{SECRET}/"


def test_a_view_function_answers_to_its_methods_only(view_functions: Api) -> None:
    """And says which they are."""
    refused = view_functions.http.post("/profile/5/")

    assert refused.status_code == 405
    assert set(refused.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert view_functions.http.options("/profile/5/").headers["Allow"] == refused.headers["Allow"]
    assert view_functions.http.put(f"/key/{SECRET}/", {"value": 3}, content_type="application/json").content.endswith(
        b" 3"
    )


def test_an_async_view_function_is_awaited(view_functions: Api) -> None:
    """Under WSGI too."""
    assert view_functions.http.get(f"/key/{SECRET}/").content == f"GET {SECRET} 0".encode()


async def test_a_view_function_is_served_under_asgi(view_functions: Api) -> None:
    """Sync and async ones."""
    from django.test import AsyncClient

    http = AsyncClient()
    assert (await http.get("/profile/5/")).content == b"5 posts []"
    assert (await http.get(f"/key/{SECRET}/")).content == f"GET {SECRET} 0".encode()


def test_a_form_is_posted_to_a_view_function(view_functions: Api, db: None) -> None:
    """By whoever may, with Django's token; what it changed is in the header for caches in front."""
    http = Client(enforce_csrf_checks=True)
    http.force_login(User.objects.create_user("ada"))
    form = {"name": "Ada"}

    assert http.post("/profile/5/rename/", form).status_code == 403
    http.cookies["csrftoken"] = "a" * 32
    renamed = http.post("/profile/5/rename/", {**form, "csrfmiddlewaretoken": "a" * 32})
    kept = http.post("/profile/5/rename/", {"name": "", "csrfmiddlewaretoken": "a" * 32})

    assert (renamed.status_code, renamed.headers["X-Mizan-Invalidate"]) == (302, "profile;id=5")
    assert kept.status_code == 400
    assert "X-Mizan-Invalidate" not in kept.headers


def test_a_program_sees_the_failure_in_the_one_shape(view_functions: Api) -> None:
    """Where it asks for JSON; a person gets a line of text, or the project's own page where it has one."""
    program = view_functions.http.get("/profile/409/", HTTP_ACCEPT="application/json")
    person = view_functions.http.get("/profile/409/", HTTP_ACCEPT="text/html")

    assert program.json() == {"error": True, "code": "CONFLICT", "message": "It is being changed."}
    assert (person.status_code, person.content) == (409, b"It is being changed.")
    assert person.headers["Content-Type"] == "text/plain; charset=utf-8"
    missing = view_functions.http.get("/profile/404/", HTTP_ACCEPT="text/html")
    assert (missing.status_code, missing.headers["Content-Type"]) == (404, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("method", "address", "body", "status"),
    [
        ("GET", "/profile/5/?tab=a&tab=b", b"", 422),
        ("GET", "/profile/5/?id=6", b"", 422),
        ("GET", "/profile/5/?tab=%00", b"", 422),
        ("GET", "/profile/x/", b"", 404),
        ("GET", "/profile/99999999999999999999/", b"", 422),
        ("PUT", f"/key/{SECRET}/", b"{", 400),
        ("PUT", f"/key/{SECRET}/", b"[]", 400),
        ("PUT", f"/key/{SECRET}/", b"[" * 100_000, 400),
        ("PUT", f"/key/{SECRET}/", b'{"value": "x"}', 422),
        ("PUT", f"/key/{SECRET}/", b'{"other": 1}', 422),
        ("PUT", f"/key/{SECRET}/", b'{"key": "x"}', 422),
        ("PUT", f"/key/{SECRET}/", b"\xff", 400),
    ],
)
def test_bad_input_is_the_clients_fault(
    view_functions: Api, method: str, address: str, body: bytes, status: int
) -> None:
    """At a view function as anywhere."""
    response = view_functions.http.generic(
        method, address, body, content_type="application/json", HTTP_ACCEPT="application/json"
    )
    assert response.status_code == status
    if address != "/profile/x/":  # that one is Django's: no route matches
        assert response.json()["error"] is True


def test_a_view_function_that_returns_no_response_is_the_servers_fault(view_functions: Api) -> None:
    """The client is told nothing of it; the log says what to return."""
    response = view_functions.http.get("/broken/", HTTP_ACCEPT="application/json")

    assert response.status_code == 500
    assert response.json()["code"] == "INTERNAL_ERROR"


def test_a_view_function_is_no_call(view_functions: Api) -> None:
    """A client calls functions; view functions are for browsers."""
    assert view_functions.call("profile_page", id=5).status_code == 404


def test_a_link_invalidates_nothing_where_a_form_does(view_functions: Api, db: None) -> None:
    """An image of another site must not be able to; a page of reads only may."""

    @client(route="/both/<int:id>/", methods=["GET", "POST"], affects="profile", auth=False)
    def both(request: Any, id: int) -> HttpResponse:
        return HttpResponse()

    @client(route="/confirm/<int:id>/", affects="profile", auth=False)
    def confirm(request: Any, id: int) -> HttpResponse:
        return HttpResponse()

    view_functions.serve(both, confirm)

    assert "X-Mizan-Invalidate" not in view_functions.http.get("/both/5/").headers
    assert view_functions.http.post("/both/5/").headers["X-Mizan-Invalidate"] == "profile;id=5"
    assert view_functions.http.get("/confirm/5/").headers["X-Mizan-Invalidate"] == "profile;id=5"
