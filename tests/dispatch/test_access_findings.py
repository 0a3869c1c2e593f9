"""
Options that say who may call: an unusable one is found, and lets nobody in.
"""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.permissions import IsAuthenticated
from rest_framework.throttling import ScopedRateThrottle, SimpleRateThrottle, UserRateThrottle

from mizan.client import client
from mizan.dispatch.access_findings import access_findings
from mizan.protocol.registry import FunctionRegistry
from mizan.service.current import Service
from mizan.setup import register
from tests.api import Api, code_of
from tests.checks.examples import bad_auth
from tests.checks.messages import found, ids, serve


@pytest.mark.django_db
@pytest.mark.parametrize("options", [{"auth": 42}, {"auth": []}, {"auth": "admin"}, {"throttle": "often"}], ids=str)
@pytest.mark.parametrize("who", ["anonymous", "superuser"])
def test_nobody_may_call_a_function_whose_options_cannot_be_used(
    api: Api, caplog: pytest.LogCaptureFixture, options: dict[str, Any], who: str
) -> None:
    """Not even a superuser; the log says why, and the other functions answer."""

    @client(**options)
    def shut(request: Any) -> str:
        return "secret"

    @client(auth=False)
    def fine(request: Any) -> str:
        return "fine"

    api.serve(shut, fine)
    if who == "superuser":
        api.http.force_login(User.objects.create_superuser("ann"))

    with caplog.at_level(logging.ERROR, "mizan"):
        refused = [api.call("shut"), api.post("call/", {"fn": "shut"})]

    assert [(answer.status_code, code_of(answer)) for answer in refused] == [(403, "FORBIDDEN")] * 2
    assert "Nobody may call shut" in caplog.text
    assert "mizan.E008" in caplog.text or "mizan.E014" in caplog.text
    assert api.call("fine").json() == {"result": "fine"}


def test_a_reader_that_is_kept_shut_leaves_its_context_be(api: Api) -> None:
    """In the place of its answer is a failure."""

    @client(auth=42, context="user")
    def shut(request: Any) -> str:
        return "secret"

    @client(auth=False, context="user")
    def fine(request: Any) -> str:
        return "fine"

    api.serve(shut, fine)

    body = api.get("ctx/user/").json()

    assert body["fine"] == "fine"
    assert body["$errors"]["shut"]["code"] == "FORBIDDEN"


def test_an_unusable_auth_says_what_it_takes(registry: FunctionRegistry) -> None:
    """Each kind of it, with the function's place."""
    bad_auth()

    message = found()[0]

    where = r"tests\.checks\.examples\.bad_auth\.<locals>\.wrong \(tests/checks/examples\.py:\d+\)"
    assert re.fullmatch(rf"@client\(auth=42\) on {where} is not a way to say who may call it\.", message.msg)
    assert 'auth="staff"' in str(message.hint)


@pytest.mark.parametrize("auth", ["admin", [], (), [IsAuthenticated, 1], int, {"staff"}], ids=repr)
def test_other_unusable_auths(registry: FunctionRegistry, auth: Any) -> None:
    """An empty list names nobody and must not mean everybody; each is said once."""

    @client(auth=auth)
    def wrong(request: Any) -> None: ...

    serve(wrong)

    assert ids() == ["mizan.E008"]


class NoRate(SimpleRateThrottle):
    scope = "nowhere"


@pytest.mark.parametrize(
    "throttle",
    ["10", "0/min", "-1/min", "10/year", 5, int, None, NoRate, UserRateThrottle, ScopedRateThrottle],
    ids=repr,
)
def test_other_unusable_throttles(registry: FunctionRegistry, throttle: Any) -> None:
    """A class whose rate is set nowhere among them."""

    @client(auth=False, throttle=throttle)
    def wrong(request: Any) -> None: ...

    serve(wrong)

    assert ids() == ["mizan.E014"]


def test_functions_that_are_open_by_default_are_warned_of_before_deployment(
    registry: FunctionRegistry, settings: Any
) -> None:
    """Only by check --deploy, and not where somebody decided: on the function, or in the project's default."""

    @client
    def undecided(request: Any) -> None: ...

    @client(auth=False)
    def decided(request: Any) -> None: ...

    serve(undecided, decided)
    quiet, messages = ids(), found(deploy=True)
    settings.REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]}

    assert quiet == []
    assert [message.id for message in messages] == ["mizan.W001"]
    assert not messages[0].is_serious()
    assert re.search(r"\.undecided \(tests/dispatch/test_access_findings\.py:\d+\) has no auth=", messages[0].msg)
    assert "@client(auth=True)" in str(messages[0].hint)
    assert ids(deploy=True) == []


@pytest.mark.parametrize(
    ("auth", "missing"), [("staff", "is_staff"), ("superuser", "is_superuser"), ("things.add_thing", "has_perm")]
)
def test_users_that_cannot_have_what_is_asked_are_found(
    registry: FunctionRegistry, monkeypatch: pytest.MonkeyPatch, auth: str, missing: str
) -> None:
    """A user model without PermissionsMixin; the function would let nobody in."""

    @client(auth=auth)
    def closed(request: Any) -> None: ...

    @client(auth=True)
    def members(request: Any) -> None: ...

    class Person:
        """Such a user model."""

    register(closed)
    register(members)
    assert access_findings(Service(registry)) == ()

    monkeypatch.setattr("mizan.dispatch.access_findings.get_user_model", lambda: Person)
    [finding] = access_findings(Service(registry))

    assert finding.id == "mizan.E008"
    assert f"Person has no {missing}" in finding.message


def test_throttles_that_believe_a_header_are_warned_of_before_deployment(
    registry: FunctionRegistry, settings: Any
) -> None:
    """DRF takes the whole X-Forwarded-For for the address unless it knows how many proxies wrote to it."""

    @client(auth=False, throttle="5/min")
    def send_code(request: Any) -> None: ...

    @client(auth=False, throttle="5/min")
    def log_in(request: Any) -> None: ...

    serve(send_code, log_in)
    quiet, messages = ids(), found(deploy=True)
    settings.REST_FRAMEWORK = {"NUM_PROXIES": 0}

    assert quiet == []
    assert [message.id for message in messages] == ["mizan.W010"]
    assert "and 1 more function count" in messages[0].msg
    assert '"NUM_PROXIES": 1' in str(messages[0].hint)
    assert ids(deploy=True) == []


def test_functions_without_a_throttle_need_no_number_of_proxies(registry: FunctionRegistry) -> None:
    """Nothing of theirs is counted."""

    @client(auth=False)
    def echo(request: Any) -> None: ...

    serve(echo)

    assert ids(deploy=True) == []
