"""
Functions whose options cannot be used are kept shut, and the rest of the server works.
"""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse

from mizan.client import client
from tests.rest.conftest import Api, code_of


@pytest.mark.django_db
@pytest.mark.parametrize("options", [{"auth": 42}, {"auth": []}, {"auth": "admin"}, {"throttle": "often"}], ids=str)
@pytest.mark.parametrize("who", ["anonymous", "superuser"])
def test_nobody_may_call_a_function_whose_options_cannot_be_used(
    api: Api, caplog: pytest.LogCaptureFixture, options: dict[str, Any], who: str
) -> None:
    """Not even a superuser; the log says why, and the other functions answer."""

    @client(**options)
    def shut(request: Any) -> str:
        return "secret"

    @client(auth=False)
    def fine(request: Any) -> str:
        return "fine"

    api.serve(shut, fine)
    if who == "superuser":
        api.http.force_login(User.objects.create_superuser("ann"))

    with caplog.at_level(logging.ERROR, "mizan"):
        refused = [api.call("shut"), api.post("call/", {"fn": "shut"})]

    assert [(answer.status_code, code_of(answer)) for answer in refused] == [(403, "FORBIDDEN")] * 2
    assert "Nobody may call shut" in caplog.text
    assert "mizan.E008" in caplog.text or "mizan.E014" in caplog.text
    assert api.call("fine").json() == {"result": "fine"}


def test_a_reader_that_is_kept_shut_leaves_its_context_be(api: Api) -> None:
    """Its slot is a failure."""

    @client(auth=42, context="user")
    def shut(request: Any) -> str:
        return "secret"

    @client(auth=False, context="user")
    def fine(request: Any) -> str:
        return "fine"

    api.serve(shut, fine)

    body = api.get("ctx/user/").json()

    assert body["fine"] == "fine"
    assert body["$errors"]["shut"]["code"] == "FORBIDDEN"


def test_a_view_function_that_cannot_be_mounted_leaves_all_addresses_be(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    """One bad route would otherwise keep Django from resolving anything."""

    @client(auth=False, route="/good/<int:id>/")
    def good(request: Any, id: int) -> HttpResponse:
        return HttpResponse(f"page {id}")

    @client(auth=False, route="/bad/<odd:id>/")
    def bad(request: Any, id: int) -> HttpResponse:
        return HttpResponse()

    @client(auth=False, route="/missing/<int:id>/")
    def missing(request: Any) -> HttpResponse:
        return HttpResponse()

    api.serve(good, bad, missing)

    with caplog.at_level(logging.ERROR, "mizan"):
        answer = api.http.get("/good/5/")

    assert answer.content == b"page 5"
    assert api.http.get("/missing/5/").status_code == 404
    assert api.get("session/").status_code == 200
    assert caplog.text.count("A view function is not mounted") == 2


def test_a_page_whose_auth_cannot_be_used_is_shut(api: Api) -> None:
    """The project's own error page answers."""

    @client(auth=42, route="/shut/")
    def shut(request: Any) -> HttpResponse:
        return HttpResponse("secret")

    api.serve(shut)

    assert api.http.get("/shut/").status_code == 403
