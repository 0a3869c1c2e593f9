"""
Which renderer answers.
"""

from __future__ import annotations

from typing import Any

import pytest

from mizan.client import client
from tests.api import Api, code_of


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("text/html", "text/html; charset=utf-8"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("application/*", "application/json"),
    ],
)
def test_what_a_caller_accepts_decides(api: Api, accept: str, kind: str) -> None:
    """A program gets JSON, and a browser a page."""

    @client(auth=False)
    def echo(request: Any) -> None: ...

    api.serve(echo)

    assert api.post("call/echo/", {}, HTTP_ACCEPT=accept).headers["Content-Type"] == kind


def test_what_nobody_can_write_is_refused(api: Api) -> None:
    """In JSON, which is better than nothing."""

    @client(auth=False)
    def echo(request: Any) -> None: ...

    api.serve(echo)
    response = api.post("call/echo/", {}, HTTP_ACCEPT="image/png")

    assert (response.status_code, code_of(response)) == (406, "NOT_ACCEPTABLE")
