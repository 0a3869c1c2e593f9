"""
How callers say who they are, in the document.
"""

from __future__ import annotations

from typing import Any

import pytest

from mizan.client import client
from tests.openapi.documents import document_of


@pytest.mark.parametrize(("auth", "is_open"), [(False, True), (True, False), ("staff", False), (None, True)])
def test_a_function_says_whether_somebody_unknown_may_call_it(auth: Any, is_open: bool) -> None:
    """Beside the ways to say who one is."""

    @client(auth=auth)
    def function(request: Any) -> None: ...

    security = document_of(function)["paths"]["/api/mizan/call/function/"]["post"]["security"]

    assert ({} in security) is is_open
    assert {"cookieAuth": []} in security


def test_the_cookie_and_the_header_have_the_project_s_names(settings: Any) -> None:
    """A tool sends them as they are."""
    settings.SESSION_COOKIE_NAME = "shop"
    settings.MIZAN_MWT_SECRET = "t" * 40

    @client(auth=True)
    def me(request: Any) -> None: ...

    schemes = document_of(me)["components"]["securitySchemes"]

    recipes = {name: scheme.pop("description", "") for name, scheme in schemes.items()}
    assert schemes["cookieAuth"] == {"type": "apiKey", "in": "cookie", "name": "shop"}
    assert schemes["mizanToken"] == {"type": "apiKey", "in": "header", "name": "X-Mizan-Token"}
    assert "`X-CSRFToken`" in recipes["cookieAuth"]
    assert "`anonymous`" in recipes["mizanToken"]
