"""
CSRF: what may be a browser needs the token, and programs need none.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from rest_framework.permissions import IsAuthenticated

from mizan.client import client
from mizan.types import Upload
from tests.api import Api, code_of

pytestmark = pytest.mark.django_db


class TestCsrf:
    """Case 16, and its opposite: programs need no token."""

    @pytest.fixture
    def browser(self, api: Api) -> Api:
        @client(auth=False)
        def ping(request: Any) -> str:
            return "pong"

        api.serve(ping)
        api.http = Client(enforce_csrf_checks=True, raise_request_exception=False)
        return api

    @pytest.mark.parametrize(
        "headers",
        [
            {"HTTP_ORIGIN": "https://evil.example"},
            {"HTTP_REFERER": "https://evil.example/"},
            {"HTTP_SEC_FETCH_SITE": "cross-site"},
            {"HTTP_COOKIE": "anything=1"},
        ],
        ids=lambda headers: next(iter(headers)),
    )
    @pytest.mark.parametrize("path", ["call/ping/", "call/"])
    def test_what_may_be_a_browser_needs_the_token(self, browser: Api, headers: dict[str, str], path: str) -> None:
        """Logged in or not."""
        response = browser.post(path, {"fn": "ping"} if path == "call/" else {}, **headers)

        assert (response.status_code, code_of(response)) == (403, "CSRF_FAILED")

    def test_a_program_needs_none(self, browser: Api) -> None:
        """No cookie, no Origin, no Referer, no Sec-Fetch header: no browser."""
        assert browser.call("ping").json() == {"result": "pong"}

    def test_the_session_gives_the_token(self, browser: Api) -> None:
        """In the body for the header, and as the cookie it is compared with."""
        token = browser.get("session/").json()["csrfToken"]

        assert browser.post("call/ping/", {}, HTTP_X_CSRFTOKEN=token).status_code == 200
        assert browser.post("call/", {"fn": "ping"}, HTTP_X_CSRFTOKEN=token).status_code == 200
        assert code_of(browser.post("call/ping/", {}, HTTP_X_CSRFTOKEN="x" * 64)) == "CSRF_FAILED"

    def test_a_form_carries_it_in_its_body(self, browser: Api) -> None:
        """As the browsable API's forms do."""
        token = browser.get("session/").json()["csrfToken"]
        form = f"csrfmiddlewaretoken={token}"

        assert browser.post("call/ping/", form, content_type="application/x-www-form-urlencoded").status_code == 200

    def test_basic_credentials_do_not_replace_it(self, browser: Api) -> None:
        """A browser sends them by itself, like a cookie."""
        User.objects.create_user("ann", password="x")
        basic = {"HTTP_AUTHORIZATION": "Basic YW5uOng="}

        assert browser.post("call/ping/", {}, **basic).status_code == 200
        assert code_of(browser.post("call/ping/", {}, **basic, HTTP_ORIGIN="https://evil.example")) == "CSRF_FAILED"


class Unread(BytesIO):
    """A body that must not be read."""

    def read(self, *size: Any) -> bytes:
        raise AssertionError("The body was read.")


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data; boundary=b", "application/x-www-form-urlencoded", "application/json"]
)
@pytest.mark.parametrize("header", ["right", "wrong", "none"])
@pytest.mark.parametrize(
    "auth", [True, "staff", lambda request: False, (IsAuthenticated,)], ids=["user", "staff", "predicate", "class"]
)
def test_whoever_may_not_call_is_told_before_the_body_is_read(
    api: Api, auth: Any, header: str, content_type: str
) -> None:
    """An upload may be large. The token in a header is looked at first, and a form is not searched for one."""

    @client(auth=auth)
    def upload(request: Any, file: Upload) -> None: ...

    @client(auth=auth, route="/upload/", methods=["POST"])
    def page(request: Any, file: Upload) -> HttpResponse:
        return HttpResponse()

    api.serve(upload, page)
    api.http = Client(enforce_csrf_checks=True, raise_request_exception=False)
    token = api.get("session/").json()["csrfToken"]
    headers = {} if header == "none" else {"HTTP_X_CSRFTOKEN": token if header == "right" else token[::-1]}
    if header == "wrong" and content_type != "application/json":
        headers = {"HTTP_AUTHORIZATION": "Bearer nonsense"}

    answer = api.http.generic(
        "POST",
        "/api/mizan/call/upload/",
        b"x",
        content_type=content_type,
        **{"wsgi.input": Unread(), "CONTENT_LENGTH": "100000000", **headers},
    )

    assert answer.status_code in (401, 403), answer.content


def test_a_form_with_a_stale_header_may_hold_the_token(api: Api) -> None:
    """The header is looked at first; where it is wrong, the form is asked as it always was."""

    @client(auth=False)
    def ping(request: Any) -> str:
        return "pong"

    api.serve(ping)
    api.http = Client(enforce_csrf_checks=True, raise_request_exception=False)
    token = api.get("session/").json()["csrfToken"]

    answer = api.http.post("/api/mizan/call/ping/", {"csrfmiddlewaretoken": token}, headers={"X-CSRFToken": "x" * 64})

    assert answer.json() == {"result": "pong"}
