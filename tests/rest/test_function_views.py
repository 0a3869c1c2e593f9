"""
The addresses of functions.
"""

from __future__ import annotations

from typing import Any

import pytest

from mizan.client import client
from tests.api import Api, code_of


def test_a_call_is_never_stored_by_a_cache(api: Api) -> None:
    """no-store on successes and failures."""

    @client(auth=False)
    def ping(request: Any) -> None: ...

    api.serve(ping)

    for response in (api.call("ping"), api.call("ping", extra=1), api.call("none")):
        assert response.headers["Cache-Control"] == "no-store"
        assert "Cookie" in response.headers["Vary"]


@client(auth=False)
def take(request: Any, text: str = "", number: int = 0, ratio: float = 0.0) -> str:
    return text


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        pytest.param("text/plain", '{"text": "x"}', 415, id="JSON as text"),
        pytest.param("application/xml", "<x/>", 415, id="XML"),
        pytest.param("application/json; charset=utf-16", '{"text": "x"}', 400, id="another charset"),
        pytest.param("application/json; charset=klingon", b'{"text": "x"}', 400, id="an unknown charset"),
        pytest.param("multipart/form-data", "x", 400, id="no boundary"),
        pytest.param("multipart/form-data; boundary=", "x", 400, id="an empty boundary"),
        pytest.param("multipart/form-data; boundary=é", "x", 400, id="a boundary of no ASCII"),
        pytest.param("multipart/form-data; boundary=b", "--b\r\nContent-Disp", 400, id="cut short"),
        pytest.param(
            "multipart/form-data; boundary=b",
            '--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nabc',
            400,
            id="cut short after a value",
        ),
        pytest.param(
            "multipart/form-data; boundary=b", f"--b\r\nA: {'b' * 3000}\r\n\r\nabc\r\n--b--", 400, id="long headers"
        ),
    ],
)
def test_media_types_that_are_not_taken(api: Api, content_type: str, body: Any, status: int) -> None:
    """Cases 4, 14 and 15."""

    @client(auth=False)
    def need(request: Any, text: str) -> str:
        return text

    api.serve(need)

    for path in ("call/need/", "call/"):
        response = api.post(path, body, content_type=content_type)

        assert response.status_code == status
        code_of(response)


def test_a_method_override_does_nothing(api: Api) -> None:
    """Case 15: the method is the method."""
    api.serve(take)

    assert api.get("call/take/", HTTP_X_HTTP_METHOD_OVERRIDE="POST").status_code == 405


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["call/take/", "call/"])
def test_only_post_calls(api: Api, method: str, path: str) -> None:
    """Case 17: a link or an image cannot change anything."""
    api.serve(take)

    response = getattr(api.http, method)(f"/api/mizan/{path}")

    assert (response.status_code, code_of(response)) == (405, "METHOD_NOT_ALLOWED")
    assert "POST" in response.headers["Allow"]


@pytest.mark.parametrize(
    "path", ["nope", "call/echo", "ctx/me.css", "ctx/user;x.js", "call/a%2fb/", "call//", "x/y/z/"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_address_has_the_one_shape(api: Api, path: str, method: str) -> None:
    """Case 37: a path that looks like an asset finds nothing, and no cache keeps the answer."""
    response = getattr(api.http, method)(f"/api/mizan/{path}")

    assert (response.status_code, code_of(response)) == (404, "NOT_FOUND")
    assert response.headers["Cache-Control"] == "no-store"


def test_a_private_function_looks_missing(api: Api) -> None:
    """The same answer, to the letter, as for a name that nobody took."""

    @client(auth=False, private=True)
    def hidden(request: Any) -> str:
        return "secret"

    api.serve(hidden)

    assert api.call("hidden").content == api.call("missing").content
    assert api.post("call/", {"fn": "hidden"}).content == api.post("call/", {"fn": "missing"}).content
