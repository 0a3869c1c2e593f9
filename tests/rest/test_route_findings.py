"""
Routes that cannot be used are found, and the rest of the server works.
"""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.http import HttpResponse

from mizan.client import client
from mizan.protocol.registry import FunctionRegistry
from tests.api import Api
from tests.checks.messages import found, serve


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


def test_a_view_function_whose_auth_cannot_be_used_is_shut(api: Api) -> None:
    """The project's own error page answers."""

    @client(auth=42, route="/shut/")
    def shut(request: Any) -> HttpResponse:
        return HttpResponse("secret")

    api.serve(shut)

    assert api.http.get("/shut/").status_code == 403


@pytest.mark.parametrize(
    ("route", "methods", "says"),
    [
        ("/a/<int:id>/<slug:more>/", None, "<more>"),
        ("/a/<odd:id>/", None, "cannot be read"),
        ("/a/<int:id>/", ["FETCH"], "FETCH"),
        ("a/<int:id>/", None, "slash"),
    ],
)
def test_other_unusable_routes(registry: FunctionRegistry, route: str, methods: Any, says: str) -> None:
    """What Django cannot read, what the function cannot take, and a method that HTTP does not have."""

    @client(auth=False, route=route, methods=methods)
    def wrong(request: Any, id: int) -> HttpResponse:
        return HttpResponse()

    serve(wrong)
    messages = found()

    assert [message.id for message in messages] == ["mizan.E010"]
    assert says in messages[0].msg


def test_two_functions_cannot_have_one_route(registry: FunctionRegistry) -> None:
    """The names of the parts do not tell them apart; their kinds do."""

    @client(auth=False, route="/a/<int:id>/")
    def one(request: Any, id: int) -> HttpResponse:
        return HttpResponse()

    @client(auth=False, route="/a/<int:key>/", methods=["POST"])
    def other(request: Any, key: int) -> HttpResponse:
        return HttpResponse()

    @client(auth=False, route="/a/<slug:name>/")
    def third(request: Any, name: str) -> HttpResponse:
        return HttpResponse()

    serve(one, other, third)
    messages = found()

    assert [message.id for message in messages] == ["mizan.E010"]
    assert (
        "is the route of tests.rest.test_route_findings.test_two_functions_cannot_have_one_route.<locals>.one too"
        in messages[0].msg
    )
