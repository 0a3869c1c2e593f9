"""
CSRF: what may be a browser needs the token, and programs need none.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from mizan.client import client
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
