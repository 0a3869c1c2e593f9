"""
The address that issues tokens.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from mizan.identity import issue_token
from tests.api import Api, code_of
from tests.tokens import call

pytestmark = pytest.mark.django_db


def test_a_session_is_exchanged_for_a_token(token_api: Api, ann: User) -> None:
    """With CSRF, as every unsafe request with a cookie; the token then needs none."""
    token_api.http = Client(enforce_csrf_checks=True)
    token_api.http.force_login(ann)
    csrf = token_api.get("session/").json()["csrfToken"]

    refused = token_api.post("token/")
    given = token_api.post("token/", HTTP_X_CSRFTOKEN=csrf)
    token_api.http = Client(enforce_csrf_checks=True)

    assert code_of(refused) == "CSRF_FAILED"
    assert given.json()["expires_in"] == 300
    assert given.headers["Cache-Control"] == "no-store"
    assert call(token_api, given.json()["token"]).json() == {"result": "ann"}
    assert token_api.post(
        "call/me/", {}, HTTP_X_MIZAN_TOKEN=given.json()["token"], HTTP_ORIGIN="https://app.example"
    ).json() == {"result": "ann"}


def test_only_a_logged_in_user_gets_one(token_api: Api, ann: User) -> None:
    """Nobody anonymous, and nobody with nothing but a token."""
    token, _ = issue_token(ann)

    assert code_of(token_api.post("token/")) == "UNAUTHORIZED"
    assert code_of(token_api.post("token/", HTTP_X_MIZAN_TOKEN=token)) == "FORBIDDEN"


def test_a_server_without_a_secret_issues_none(token_api: Api, ann: User, settings: Any) -> None:
    """And takes none."""
    token, _ = issue_token(ann)
    settings.MIZAN_MWT_SECRET = None
    with_session = Client()
    with_session.force_login(ann)

    assert code_of(with_session.post("/api/mizan/token/")) == "NOT_IMPLEMENTED"
    assert code_of(call(token_api, token)) == "UNAUTHORIZED"
