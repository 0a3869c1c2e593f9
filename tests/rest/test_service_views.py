"""
Views that are Mizan's own and no function's.
"""

from __future__ import annotations

from typing import Any

import pytest

from mizan.client import client
from tests.api import Api, code_of


@pytest.fixture
def closed(api: Api, settings: Any) -> Api:
    """A project whose own views are for members, and seldom used."""
    settings.REST_FRAMEWORK = {
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
        "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
        "DEFAULT_THROTTLE_RATES": {"anon": "1/day"},
    }
    return api


def test_anybody_may_use_what_is_mizan_s_own(closed: Api) -> None:
    """A visitor who is about to log in needs the CSRF token, as often as they like."""
    assert [closed.get("session/").status_code for _ in range(3)] == [200] * 3


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "options"])
def test_there_is_nothing_where_nothing_is(closed: Api, method: str) -> None:
    """Whoever asks, and by whatever method: no permission and no CSRF token would change that."""
    response = getattr(closed.http, method)("/api/mizan/nowhere/")

    assert (response.status_code, code_of(response)) == (404, "NOT_FOUND")


def test_a_call_that_makes_no_sense_needs_no_login(closed: Api) -> None:
    """Not even bad credentials are in its way."""

    @client(auth=False)
    def echo(request: Any) -> None: ...

    closed.serve(echo)
    bad = {"HTTP_X_MIZAN_TOKEN": "nonsense"}

    assert code_of(closed.post("call/", "{", **bad)) == "BAD_REQUEST"
    assert code_of(closed.post("call/", {"fn": "missing"}, **bad)) == "NOT_FOUND"
    assert closed.get("call/", **bad).status_code == 405
