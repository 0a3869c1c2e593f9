"""
Who may call what: levels of auth=, tokens before cookies, and CSRF.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from rest_framework.permissions import BasePermission, IsAdminUser, IsAuthenticated

from mizan.client import client
from tests.rest.conftest import Api, code_of

pytestmark = pytest.mark.django_db


class NeverOn(BasePermission):
    def has_permission(self, request: Any, view: Any) -> bool:
        return False


def broken(request: Any) -> bool:
    raise RuntimeError("secret")


async def is_named_ann(request: Any) -> bool:
    return bool(request.user.username == "ann")


def visitor(kind: str) -> User | None:
    if kind == "anonymous":
        return None
    user = User.objects.create_user(
        "ann", password="x", is_staff=kind in ("staff", "superuser"), is_superuser=kind == "superuser"
    )
    if kind == "permitted":
        user.user_permissions.add(Permission.objects.get(codename="add_thing"))
    return user


KINDS = ["anonymous", "user", "permitted", "staff", "superuser"]


@pytest.mark.parametrize(
    ("auth", "allowed"),
    [
        (False, KINDS),
        (None, KINDS),
        (True, KINDS[1:]),
        ("staff", KINDS[3:]),
        ("superuser", KINDS[4:]),
        ("things.add_thing", ["permitted", "superuser"]),
        (lambda request: request.user.is_staff, KINDS[3:]),
        (lambda request: 1, []),
        (broken, []),
        (is_named_ann, KINDS[1:]),
        (IsAuthenticated, KINDS[1:]),
        ([IsAuthenticated, IsAdminUser], KINDS[3:]),
        (IsAuthenticated & NeverOn, []),
    ],
    ids=[
        "open",
        "default",
        "login",
        "staff",
        "superuser",
        "codename",
        "predicate",
        "no bool",
        "raises",
        "async",
        "class",
        "classes",
        "operator",
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_auth_lets_in_whom_it_says(api: Api, auth: Any, allowed: list[str], kind: str) -> None:
    """Every level for every kind of caller; a predicate that raises or answers no bool denies (case 19)."""

    @client(auth=auth)
    def guarded(request: Any) -> str:
        return "in"

    api.serve(guarded)
    user = visitor(kind)
    if user is not None:
        api.http.force_login(user)

    response = api.call("guarded")

    if kind in allowed:
        assert response.json() == {"result": "in"}
    elif user is None:
        assert (response.status_code, code_of(response)) == (401, "UNAUTHORIZED")
    else:
        assert (response.status_code, code_of(response)) == (403, "FORBIDDEN")


def test_the_projects_default_permissions_hold_where_nothing_is_said(api: Api, settings: Any) -> None:
    """auth=None is DEFAULT_PERMISSION_CLASSES; auth=False is open whatever they are."""
    settings.REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]}

    @client
    def silent(request: Any) -> None: ...

    @client(auth=False)
    def open_to_all(request: Any) -> None: ...

    api.serve(silent, open_to_all)

    assert api.call("silent").status_code == 401
    assert api.call("open_to_all").status_code == 200


def test_permission_comes_before_validation(api: Api) -> None:
    """Somebody who may not call learns nothing of the arguments."""

    @client(auth="staff")
    def guarded(request: Any, number: int) -> None: ...

    api.serve(guarded)

    assert code_of(api.call("guarded", number="x")) == "UNAUTHORIZED"


@pytest.mark.parametrize(
    "header", [{"HTTP_AUTHORIZATION": "Bearer nonsense"}, {"HTTP_X_MIZAN_TOKEN": "nonsense"}], ids=str
)
def test_a_bad_token_is_not_made_good_by_a_cookie(api: Api, header: dict[str, str]) -> None:
    """Case 18: no fall-through."""

    @client(auth=True)
    def guarded(request: Any) -> None: ...

    api.serve(guarded)
    api.http.force_login(User.objects.create_user("ann"))

    response = api.post("call/guarded/", {}, **header)

    assert (response.status_code, code_of(response)) == (401, "UNAUTHORIZED")
    assert response.headers["WWW-Authenticate"]


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


def test_logging_in_and_out_are_functions_like_any_other(api: Api) -> None:
    """An anonymous form needs the token too; logging in rotates it."""
    from django.contrib.auth import authenticate, login, logout  # noqa: PLC0415 - beside its use

    from mizan.client import Unauthorized  # noqa: PLC0415 - beside its use

    @client(auth=False)
    def log_in(request: Any, name: str, password: str) -> str:
        user = authenticate(request, username=name, password=password)
        if user is None:
            raise Unauthorized("Wrong name or password.")
        login(request, user)
        return str(request.user.get_username())

    @client(auth=True)
    def log_out(request: Any) -> None:
        logout(request)

    User.objects.create_user("ann", password="x")
    api.serve(log_in, log_out)
    api.http = Client(enforce_csrf_checks=True)
    old = api.get("session/").json()["csrfToken"]

    entered = api.post("call/log_in/", {"name": "ann", "password": "x"}, HTTP_X_CSRFTOKEN=old)
    stale = api.post("call/log_out/", {}, HTTP_X_CSRFTOKEN=old)
    fresh = api.post("call/log_out/", {}, HTTP_X_CSRFTOKEN=entered.headers["X-CSRFToken"])

    assert entered.json() == {"result": "ann"}
    assert entered.headers["X-CSRFToken"] != old
    assert "X-CSRFToken" not in stale.headers
    assert code_of(stale) == "CSRF_FAILED"
    assert fresh.json() == {"result": None}
    assert code_of(api.post("call/log_in/", {"name": "ann", "password": "y"}, HTTP_X_CSRFTOKEN=old)) == "CSRF_FAILED"
