"""
Addresses that the project did not include.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import clear_script_prefix, include, path, re_path, reverse, set_script_prefix
from openapi_spec_validator import validate

from mizan.client import client
from mizan.export.document import build_document
from mizan.export.text import build_ir
from mizan.protocol.registry import FunctionRegistry
from mizan.rest.installation import base_path
from tests.api import Api
from tests.checks.examples import bad_route_mended, no_return_type_mended
from tests.checks.messages import found, ids, serve

urlpatterns = [path("api/mizan/", include("mizan.urls"))]


@pytest.mark.urls("tests.things.no_urls")
def test_urls_that_are_not_included_are_warned_of(registry: FunctionRegistry) -> None:
    """Once there is a function that needs them."""
    empty = ids()

    @client(auth=False)
    def echo(request: Any) -> None: ...

    serve(echo)
    messages = found()

    assert empty == []
    assert [message.id for message in messages] == ["mizan.W002"]
    assert 'include("mizan.urls")' in str(messages[0].hint)


def test_a_project_without_addresses_is_not_asked_for_them(registry: FunctionRegistry, settings: Any) -> None:
    """It may run commands only."""
    no_return_type_mended()
    settings.ROOT_URLCONF = ""

    assert ids() == []


@pytest.mark.urls("tests.things.no_urls")
def test_routes_that_are_not_included_are_warned_of(registry: FunctionRegistry) -> None:
    """Once there is a view function; nothing is said where either line mounts it."""
    bad_route_mended()

    messages = found()

    assert [message.id for message in messages] == ["mizan.W003"]
    assert 'include("mizan.routes")' in str(messages[0].hint)
    assert 'include("mizan.urls")' in str(messages[0].hint)


@pytest.mark.urls("tests.rest.test_installation")
def test_the_prefix_mounts_routes_too(registry: FunctionRegistry) -> None:
    """A project with the one line of the README has every address."""
    bad_route_mended()

    assert ids() == []


class Addresses:
    """A urlconf for one test."""

    def __init__(self, *urlpatterns: Any) -> None:
        self.urlpatterns = list(urlpatterns)


MIZAN = path("api/mizan/", include("mizan.urls"))


@pytest.mark.parametrize(
    ("urlpatterns", "prefix", "address"),
    [
        ([MIZAN], "/api/mizan/", "/api/mizan/"),
        ([path("", include("mizan.urls"))], "/", "/"),
        ([path("v1/", include(([MIZAN], "shop"), namespace="shop"))], "/v1/api/mizan/", "/v1/api/mizan/"),
        ([path("<slug:tenant>/", include([MIZAN]))], "/{tenant}/api/mizan/", "/acme/api/mizan/"),
        ([re_path(r"^(?P<tenant>\w+)/", include([MIZAN]))], "/{tenant}/api/mizan/", "/acme/api/mizan/"),
        ([path("x/", include("mizan.urls", namespace="other"))], "/x/", "/x/"),
        ([path("", include("mizan.routes")), MIZAN], "/api/mizan/", "/api/mizan/"),
    ],
)
def test_any_prefix_is_served_and_described(
    api: Api, settings: Any, urlpatterns: list[Any], prefix: str, address: str
) -> None:
    """A namespace, a captured part, none at all: what the document says is what clients call."""
    settings.ROOT_URLCONF = Addresses(*urlpatterns)

    @client(auth=False, context="shop")
    def stock(request: Any, id: int) -> int:
        return id

    @client(auth=False, route="/profile/<int:id>/")
    def profile(request: Any, id: int, tab: str = "") -> HttpResponse:
        return HttpResponse(f"{id}{tab}")

    api.serve(stock, profile)
    document = build_document()
    validate(document)
    routes = "/" if "mizan.routes" in str(urlpatterns) else prefix

    assert base_path() == document["x-mizan"]["basePath"] == prefix
    assert set(document["paths"]) == {
        f"{prefix}call/stock/", f"{prefix}ctx/shop/", f"{prefix}session/", f"{routes}profile/{{id}}/"
    }  # fmt: skip
    assert build_ir().base_path == prefix
    assert api.http.post(f"{address}call/stock/", {"id": 5}, "application/json").json() == {"result": 5}
    assert api.http.post(f"{address}call/", {"fn": "stock", "args": {"id": 5}}, "application/json").status_code == 200
    assert api.http.get(f"{address}ctx/shop/?id=5").json()["stock"] == 5
    assert api.http.get(f"{address}profile/5/?tab=x").content == b"5x"
    assert ids() == []


def test_a_script_name_begins_every_path(api: Api) -> None:
    """``FORCE_SCRIPT_NAME`` or the server's own: what clients ask for begins with it."""

    @client(auth=False)
    def echo(request: Any) -> None: ...

    api.serve(echo)
    set_script_prefix("/app/")
    try:
        document = build_document()
    finally:
        clear_script_prefix()

    assert document["x-mizan"]["basePath"] == "/app/api/mizan/"
    assert set(document["paths"]) == {"/app/api/mizan/call/echo/", "/app/api/mizan/session/"}


def test_a_view_function_may_ask_for_what_the_prefix_captures(api: Api, settings: Any) -> None:
    """And needs not."""
    settings.ROOT_URLCONF = Addresses(path("<slug:tenant>/", include([MIZAN])))

    @client(auth=False, route="/home/")
    def home(request: Any, tenant: str) -> HttpResponse:
        return HttpResponse(tenant)

    api.serve(home)

    assert api.http.get("/acme/api/mizan/home/").content == b"acme"
    assert reverse("mizan:route.home", kwargs={"tenant": "acme"}) == "/acme/api/mizan/home/"
    parameters = build_document()["paths"]["/{tenant}/api/mizan/home/"]["get"]["parameters"]
    assert [(one["name"], one["in"]) for one in parameters] == [("tenant", "path")]
