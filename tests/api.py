"""
A server of whatever functions a test declares, and a client that calls them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.test import Client

from mizan.setup import register

PREFIX = "/api/mizan/"


class Api:
    """The functions of one test and a client that calls them over HTTP."""

    def __init__(self) -> None:
        self.http = Client(raise_request_exception=False)

    def serve(self, *functions: Callable[..., Any]) -> None:
        for function in functions:
            register(function)

    def post(self, path: str, body: Any = None, **headers: Any) -> HttpResponse:
        """POST *body* below the prefix: bytes and text as they are, anything else as JSON."""
        raw = body if isinstance(body, bytes | str) else json.dumps({} if body is None else body)
        content_type = headers.pop("content_type", "application/json")
        # `generic` sends the bytes as they are; `post` would encode them again by the charset.
        return self.http.generic("POST", PREFIX + path, raw, content_type=content_type, **headers)

    def call(self, name: str, /, **arguments: Any) -> HttpResponse:
        return self.post(f"call/{name}/", arguments)

    def get(self, path: str, **headers: Any) -> HttpResponse:
        return self.http.get(PREFIX + path, **headers)


def code_of(response: HttpResponse) -> str:
    """The code of a failure, which has the one shape."""
    body = response.json()
    assert set(body) <= {"error", "code", "message", "details"}
    assert body["error"] is True
    return str(body["code"])


SECRET = "tests-only-0123456789abcdefghijklmnop"


class CachedApi(Api):
    """An `Api` that says how a context was answered."""

    def read(self, path: str, **headers: str) -> tuple[str, object]:
        """``("HIT", {...})``: the header and the body of ``ctx/<path>``."""
        response = self.get(f"ctx/{path}", **headers)
        assert response.status_code == 200, response.content
        return response.headers["X-Mizan-Cache"], response.json()
