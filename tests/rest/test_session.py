"""
The session of a browser.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from mizan.client import client
from tests.api import Api, code_of

pytestmark = pytest.mark.django_db


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
