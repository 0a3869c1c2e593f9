"""
``schema/`` and ``docs/`` over HTTP.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from openapi_spec_validator import validate

from mizan import ir
from mizan.client import client
from mizan.protocol.registry import default_registry
from tests.api import PREFIX, Api, code_of
from tests.pages.markup import HTML, tags_of


@pytest.fixture
def api(settings: Any) -> Iterator[Api]:
    """A server of one function whose docs everybody may see."""
    settings.MIZAN_SHOW_DOCS = True
    with default_registry.isolated():
        api = Api()

        @client(auth=False)
        def echo(request: Any, text: str) -> str:
            """Says it back."""
            return text

        api.serve(echo)
        yield api


def test_the_document_is_valid_openapi(api: Api) -> None:
    """It is the one that the export writes."""
    response = api.get("schema/")

    assert response.headers["Content-Type"] == "application/json"
    validate(response.json())
    assert f"{PREFIX}call/echo/" in response.json()["paths"]
    assert response.json()["x-mizan"]["basePath"] == PREFIX


def test_a_browser_and_an_openapi_tool_get_it_too(api: Api) -> None:
    """Nobody is sent a page instead."""
    assert api.get("schema/", **HTML).json() == api.get("schema/").json()
    tool = api.get("schema/", HTTP_ACCEPT="application/vnd.oai.openapi+json")
    assert (tool.status_code, tool.headers["Content-Type"]) == (200, "application/vnd.oai.openapi+json")


def test_the_ir_is_a_format_of_it(api: Api) -> None:
    """As text that the generator reads."""
    response = api.get("schema/?format=kdl")

    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert [function.name for function in ir.read(response.content.decode()).functions] == ["echo"]


def test_an_unchanged_document_is_not_sent_again(api: Api) -> None:
    """Its ETag is that of the bytes; it changes with the functions and the settings in it."""
    first = api.get("schema/")
    again = api.get("schema/", HTTP_IF_NONE_MATCH=first.headers["ETag"])

    @client(auth=False)
    def more(request: Any) -> None: ...

    api.serve(more)
    grown = api.get("schema/", HTTP_IF_NONE_MATCH=first.headers["ETag"])

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == "private, no-cache"
    assert grown.status_code == 200


def test_the_title_is_a_setting(api: Api, settings: Any) -> None:
    """The document that was kept is not sent after the setting changed."""
    before = api.get("schema/").json()["info"]["title"]
    settings.MIZAN_TITLE = "Shop"

    assert (before, api.get("schema/").json()["info"]["title"]) == ("Mizan", "Shop")


def test_requests_at_the_same_time_get_the_same_document(api: Api) -> None:
    """drf-spectacular keeps state for the whole process."""
    bodies: list[bytes] = []
    threads = [threading.Thread(target=lambda: bodies.append(Api().get("schema/").content)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(bodies) == 4
    assert len(set(bodies)) == 1


@pytest.mark.parametrize("address", ["schema/", "schema/?format=kdl"])
def test_what_cannot_be_described_is_said(api: Api, address: str) -> None:
    """The findings of the system check instead of a traceback."""

    @client(auth=False)
    def broken(request: Any, thing: threading.Thread) -> None: ...

    api.serve(broken)

    response = api.get(address)

    assert response.status_code == 500
    assert "mizan.E002" in response.content.decode()
    assert "Thread" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["schema/", "docs/"])
@pytest.mark.parametrize(("who", "status"), [(None, 404), ("user", 404), ("staff", 200)])
def test_only_those_who_may_see_how_the_server_is_made(
    api: Api, settings: Any, address: str, who: str | None, status: int
) -> None:
    """To all others the addresses do not exist."""
    settings.MIZAN_SHOW_DOCS = None
    if who:
        api.http.force_login(User.objects.create_user("ann", is_staff=who == "staff"))

    response = api.get(address)

    assert response.status_code == status
    if status == 404:
        assert code_of(response) == "NOT_FOUND"


def test_the_docs_come_out_of_packages(api: Api) -> None:
    """Swagger UI's script and style from Mizan's own addresses, and no inline script."""
    page = api.get("docs/", **HTML)
    tags = tags_of(page)
    scripts = [str(attributes.get("src")) for tag, attributes in tags if tag == "script"]
    styles = [str(attributes["href"]) for tag, attributes in tags if attributes.get("rel") == "stylesheet"]
    place = next(attributes for _, attributes in tags if attributes.get("id") == "swagger")

    assert place["data-schema"] == f"{PREFIX}schema/"
    assert len(scripts) == 2
    assert all(address.startswith(f"{PREFIX}assets/") for address in [*scripts, *styles])
    assert all(api.http.get(address).status_code == 200 for address in [*scripts, *styles])


def test_the_document_is_json_with_its_own_spelling(api: Api) -> None:
    """Text outside ASCII stays readable."""

    @client(auth=False)
    def gruss(request: Any) -> None:
        """Grüß Gott."""

    api.serve(gruss)

    assert "Grüß Gott." in api.get("schema/").content.decode()
    assert json.loads(api.get("schema/").content)["openapi"].startswith("3.1")
