"""
Mizan Web Tokens over HTTP: who is let in with one, and what is refused.
"""

from __future__ import annotations

import time
from typing import Any

import jwt
import pytest
from django.contrib.auth.models import User
from django.test import Client

from mizan.client import client
from mizan.identity import issue_token
from tests.api import Api, code_of
from tests.tokens import NEW, call, signed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "header", [{"HTTP_AUTHORIZATION": "Bearer nonsense"}, {"HTTP_X_MIZAN_TOKEN": "nonsense"}], ids=str
)
def test_a_bad_token_is_not_made_good_by_a_cookie(api: Api, header: dict[str, str]) -> None:
    """Case 18: no fall-through."""

    @client(auth=True)
    def restricted(request: Any) -> None: ...

    api.serve(restricted)
    api.http.force_login(User.objects.create_user("ann"))

    response = api.post("call/restricted/", {}, **header)

    assert (response.status_code, code_of(response)) == (401, "UNAUTHORIZED")
    assert response.headers["WWW-Authenticate"]


@pytest.mark.parametrize("secret", [None, NEW])
def test_a_visitor_says_so_and_needs_no_csrf_token(
    token_api: Api, ann: User, settings: Any, secret: str | None
) -> None:
    """From any origin, and whatever cookies the browser sends along: they do not count."""
    settings.MIZAN_MWT_SECRET = secret
    token_api.http = Client(enforce_csrf_checks=True)
    token_api.http.force_login(ann)
    visitor = {"HTTP_X_MIZAN_TOKEN": "anonymous", "HTTP_ORIGIN": "https://app.example"}

    assert code_of(token_api.post("call/me/", {}, **visitor)) == "UNAUTHORIZED"
    assert token_api.post("call/who/", {}, **visitor).json() == {"result": ""}
    assert code_of(token_api.post("call/who/", {}, HTTP_ORIGIN="https://app.example")) == "CSRF_FAILED"
    assert code_of(token_api.post("token/", {}, **visitor)) in ("UNAUTHORIZED", "NOT_IMPLEMENTED")


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="empty"),
        pytest.param("nonsense", id="nonsense"),
        pytest.param("x" * 65_536, id="64 kB"),
        pytest.param(signed(kid=None), id="no key id"),
        pytest.param(signed(kid="unknown"), id="an unknown key id"),
        pytest.param(signed(key="z" * 40), id="another key"),
        pytest.param(signed(aud="other"), id="another audience"),
        pytest.param(signed(aud=["mizan", "other"]), id="several audiences"),
        pytest.param(signed(exp=1), id="expired"),
        pytest.param(signed(nbf=int(time.time()) + 3600), id="not yet valid"),
        pytest.param(signed(sub=5), id="a subject that is no text"),
        pytest.param(signed(staff="yes"), id="a claim of another type"),
        pytest.param(signed(sub="999"), id="nobody"),
        pytest.param(signed(sub="x' OR 1=1"), id="no primary key"),
        pytest.param(signed(key=NEW * 2, algorithm="HS512"), id="another algorithm"),
        pytest.param(jwt.encode({"sub": "1"}, None, algorithm="none"), id="no algorithm"),
    ],
)
def test_a_bad_token_is_refused_in_one_shape(token_api: Api, ann: User, token: str) -> None:
    """Case 21: the answer does not say why, and no cookie makes it good."""
    token_api.http.force_login(ann)

    response = call(token_api, token)

    assert (response.status_code, code_of(response)) == (401, "UNAUTHORIZED")
    assert response.json()["message"] == "The token is not valid."


def test_any_flipped_character_is_refused(token_api: Api, ann: User) -> None:
    """Header, claims and signature are all under the signature."""
    token, _ = issue_token(ann)
    for position in range(0, len(token), 7):
        flipped = token[:position] + ("A" if token[position] != "A" else "B") + token[position + 1 :]
        if position < len(token) - 1:  # the last character holds bits that base64 leaves unused
            assert call(token_api, flipped).status_code == 401


def test_permissions_hold_for_tokens_too(token_api: Api, ann: User) -> None:
    """A token says who somebody is, not what a function asks for."""
    token, _ = issue_token(ann)

    assert call(token_api, token, "add").status_code == 403
