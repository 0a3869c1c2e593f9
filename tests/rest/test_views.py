"""
What every DRF view of Mizan shares.
"""

from __future__ import annotations

from typing import Any

import pytest

from mizan.client import client
from tests.api import Api


@pytest.fixture
def server(api: Api, settings: Any) -> Api:
    """A function, a context, and a project with settings of its own for DRF."""
    settings.REST_FRAMEWORK = {
        "DEFAULT_VERSIONING_CLASS": "rest_framework.versioning.AcceptHeaderVersioning",
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.StaticHTMLRenderer"],
        "EXCEPTION_HANDLER": "tests.nothing.like_it",
        "URL_FORMAT_OVERRIDE": "format",
    }

    @client(auth=False)
    def echo(request: Any, text: str) -> str:
        return text

    @client(auth=False, context="user")
    def profile(request: Any, format: str = "") -> str:
        return format

    api.serve(echo, profile)
    return api


def test_the_project_s_drf_settings_are_for_its_own_views(server: Api) -> None:
    """Clients are generated for Mizan's wire, so versions, renderers and handlers of others have no say in it."""
    assert server.call("echo", text="hi").json() == {"result": "hi"}
    assert server.call("echo").json()["code"] == "VALIDATION_ERROR"


def test_a_query_may_have_a_format(server: Api) -> None:
    """It is no wish for another renderer."""
    assert server.get("ctx/user/?format=csv").json() == {"profile": "csv"}


@pytest.mark.parametrize("path", ["call/echo/", "ctx/user/", "session/"])
def test_every_answer_says_what_it_depends_on(server: Api, path: str) -> None:
    """A cache in between must not give one person's answer to another."""
    vary = {name.strip() for name in server.get(path).headers["Vary"].split(",")}

    assert {"Accept", "Cookie", "Authorization", "X-Mizan-Token"} <= vary
    assert server.get(path).headers["Cache-Control"] in ("no-store", "private, no-cache")
