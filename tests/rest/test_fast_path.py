"""
The law of the fast path: whatever is asked, it answers as DRF's own dispatch would.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mizan.client import NotFound, ReactContext, client
from mizan.rest import fast_path
from tests.api import PREFIX, Api

SECRET = "a secret of the tests, long enough to be believed"  # noqa: S105 - signs nothing that leaves a test
Exchange = tuple[int, dict[str, str], dict[str, str], str]

ACCEPTS = (
    "*/*",
    "application/json",
    "text/html,*/*;q=0.8",
    "application/json; indent=2",
    "image/png",
    ";;",
    "",
    "application/*",
)
BODIES = (
    b"{}",
    b'{"text": "hi"}',
    b'{"text": 1}',
    b'{"text": "hi", "more": 1}',
    b"",
    b"[]",
    b"null",
    b"{",
    b'{"text": "\xff"}',
    b'{"text": NaN}',
    b"[" * 5000,
)
CONTENT_TYPES = (
    "application/json",
    "application/json; charset=utf-8",
    "application/json; charset=nonsense",
    "text/plain",
    "",
)
HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"HTTP_COOKIE": "sessionid=unknown"},
    {"HTTP_ORIGIN": "https://elsewhere.example"},
    {"HTTP_ORIGIN": "http://testserver"},
    {"HTTP_AUTHORIZATION": "Basic nonsense"},
    {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(b"ada:pass").decode()},
    {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(b"ada:wrong").decode()},
    {"HTTP_AUTHORIZATION": "Bearer nonsense"},
    {"HTTP_X_MIZAN_TOKEN": "nonsense"},
    {"HTTP_X_MIZAN_TOKEN": ""},
    {"HTTP_X_HTTP_METHOD_OVERRIDE": "PUT"},
    {"HTTP_IF_NONE_MATCH": "*"},
)
PATHS = ("call/open/", "call/closed/", "call/staff/", "call/failing/", "call/raising/", "call/changing/", "call/")
QUERIES = (
    "",
    "?id=1",
    "?id=one",
    "?id=1&id=2",
    "?other=1",
    "?~only=shown",
    "?id=1&~only=hidden",
    "?format=api",
    "?id=%ff",
)


@pytest.fixture
def server(api: Api, db: None, settings: Any) -> Api:
    settings.MIZAN_MWT_SECRET = SECRET
    shop = ReactContext("shop")

    @client(auth=False)
    def open(request: Any, text: str = "nothing") -> str:
        """Works for everybody, and says for whom."""
        return f"{text} for {request.user}"

    @client(auth=True)
    def closed(request: Any, text: str) -> str:
        return f"{text} for {request.user}"

    @client(auth="staff")
    def staff(request: Any) -> str:
        return "staff"

    @client(auth=False)
    def failing(request: Any) -> str:
        raise RuntimeError("inside")

    @client(auth=False, raises=[NotFound])
    def raising(request: Any) -> str:
        raise NotFound("There is none.")

    @client(auth=False, affects=shop)
    def changing(request: Any, text: str = "") -> str:
        return text

    @client(context=shop, auth=False)
    def shown(request: Any, id: int = 1) -> str:
        return f"{id} for {request.user}"

    @client(context=shop, auth=True)
    def hidden(request: Any, id: int = 1) -> str:
        return f"{id} for {request.user}"

    api.serve(open, closed, staff, failing, raising, changing, shown, hidden)
    User.objects.create_user("ada", password="pass")
    User.objects.create_user("gone", password="pass", is_active=False)
    return api


def exchange(response: HttpResponse) -> Exchange:
    """What a client can see of *response*, without the ids that are new in each answer."""
    text = re.sub(r"\b([0-9a-f]{32}|[0-9a-f]{16})\b", "", response.content.decode())
    cookies = {name: morsel.OutputString() for name, morsel in response.cookies.items()}
    return response.status_code, dict(response.headers), cookies, text


def browser(user: str | None) -> Client:
    http = Client(raise_request_exception=False, enforce_csrf_checks=True)
    if user is not None:
        http.force_login(User.objects.get(username=user))
    return http


def both_ways(ask: Callable[[], HttpResponse], monkeypatch: pytest.MonkeyPatch) -> tuple[Exchange, Exchange]:
    """The answer of the path that a request takes by itself, and that of DRF's dispatch."""
    own = exchange(ask())
    with monkeypatch.context() as patch:
        patch.setattr(fast_path, "accepted_json", lambda view, request: None)
        return own, exchange(ask())


def took_the_fast_path(ask: Callable[[], HttpResponse], monkeypatch: pytest.MonkeyPatch) -> bool:
    taken = []
    whole = fast_path._fast_request
    with monkeypatch.context() as patch:
        patch.setattr(fast_path, "_fast_request", lambda *args: taken.append(1) or whole(*args))
        ask()
    return bool(taken)


@given(
    path=st.sampled_from(PATHS),
    body=st.sampled_from(BODIES),
    content_type=st.sampled_from(CONTENT_TYPES),
    accept=st.sampled_from(ACCEPTS),
    headers=st.sampled_from(HEADERS),
    user=st.sampled_from([None, "ada", "gone"]),
    method=st.sampled_from(["POST", "POST", "POST", "GET", "PUT", "OPTIONS", "HEAD"]),
)
@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_call_is_answered_as_drf_would(
    server: Api,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    body: bytes,
    content_type: str,
    accept: str,
    headers: dict[str, str],
    user: str | None,
    method: str,
) -> None:
    """Whoever asks, whatever the body, the headers and the method are."""
    if path == "call/":
        body = json.dumps({"fn": "open", "args": {"text": "hi"}}).encode() if body == b"{}" else body

    def ask() -> HttpResponse:
        own = {"HTTP_ACCEPT": accept, **headers}
        return browser(user).generic(method, PREFIX + path, body, content_type=content_type, **own)

    own, drf = both_ways(ask, monkeypatch)

    assert own == drf


@given(
    query=st.sampled_from(QUERIES),
    accept=st.sampled_from(ACCEPTS),
    headers=st.sampled_from(HEADERS),
    user=st.sampled_from([None, "ada", "gone"]),
    method=st.sampled_from(["GET", "GET", "GET", "HEAD", "POST", "OPTIONS"]),
)
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_context_is_answered_as_drf_would(
    server: Api,
    monkeypatch: pytest.MonkeyPatch,
    query: str,
    accept: str,
    headers: dict[str, str],
    user: str | None,
    method: str,
) -> None:
    """Whoever asks, whatever the parameters, the headers and the method are."""

    def ask() -> HttpResponse:
        own = {"HTTP_ACCEPT": accept, **headers}
        return browser(user).generic(method, f"{PREFIX}ctx/shop/{query}", **own)

    own, drf = both_ways(ask, monkeypatch)

    assert own == drf


def test_the_common_requests_take_the_fast_path(server: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the law above would compare DRF with itself."""
    http = browser(None)

    def call() -> HttpResponse:
        return http.generic("POST", PREFIX + "call/open/", b"{}", content_type="application/json")

    def page() -> HttpResponse:
        return http.get(PREFIX + "call/open/", HTTP_ACCEPT="text/html")

    assert took_the_fast_path(call, monkeypatch)
    assert took_the_fast_path(lambda: http.get(PREFIX + "ctx/shop/"), monkeypatch)
    assert not took_the_fast_path(page, monkeypatch)


def test_a_valid_token_is_taken_on_either_way(server: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the token's user, whoever the cookie says."""
    from mizan.identity import issue_token

    token, _lifetime = issue_token(User.objects.get(username="ada"))

    def ask() -> HttpResponse:
        return browser(None).generic(
            "POST",
            PREFIX + "call/closed/",
            b'{"text": "hi"}',
            content_type="application/json",
            HTTP_X_MIZAN_TOKEN=token,
            HTTP_ORIGIN="https://elsewhere.example",
        )

    own, drf = both_ways(ask, monkeypatch)

    assert own == drf
    assert own[0] == 200
    assert "hi for ada" in own[3]
