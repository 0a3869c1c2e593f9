"""
Mizan Web Tokens over HTTP: who gets one, who is let in with one, and what is refused.
"""

from __future__ import annotations

import time
from typing import Any

import jwt
import pytest
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from django.test import Client

from mizan.client import client
from mizan.identity import issue_token, revoke_tokens
from mizan.protocol.mwt import ALGORITHM, Claims, Keyring, issue
from tests.rest.conftest import Api, code_of

pytestmark = pytest.mark.django_db

OLD, NEW = "o" * 40, "n" * 40


@pytest.fixture
def served(api: Api, settings: Any) -> Api:
    """A server with tokens, and a function that says who calls."""
    settings.MIZAN_MWT_SECRET = {"new": NEW, "old": OLD}
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()

    @client(auth=True)
    def me(request: Any) -> str:
        return str(request.user.get_username())

    @client(auth="things.add_thing")
    def add(request: Any) -> None: ...

    @client(auth=False)
    def who(request: Any) -> str:
        return str(request.user.get_username())

    api.serve(me, add, who)
    return api


@pytest.fixture
def ann(served: Api) -> User:
    return User.objects.create_user("ann")


def call(api: Api, token: str, name: str = "me") -> Any:
    return api.post(f"call/{name}/", {}, HTTP_X_MIZAN_TOKEN=token)


def signed(key: str = NEW, kid: str | None = "new", algorithm: str = ALGORITHM, **claims: Any) -> str:
    now = int(time.time())
    whole = {
        "sub": "1",
        "staff": False,
        "super": False,
        "pkey": "x",
        "aud": "mizan",
        "iat": now,
        "nbf": now,
        "exp": now + 60,
    }
    return jwt.encode({**whole, **claims}, key, algorithm=algorithm, headers={"kid": kid} if kid else None)


def test_a_session_is_exchanged_for_a_token(served: Api, ann: User) -> None:
    """With CSRF, as every unsafe request with a cookie; the token then needs none."""
    served.http = Client(enforce_csrf_checks=True)
    served.http.force_login(ann)
    csrf = served.get("session/").json()["csrfToken"]

    refused = served.post("token/")
    given = served.post("token/", HTTP_X_CSRFTOKEN=csrf)
    served.http = Client(enforce_csrf_checks=True)

    assert code_of(refused) == "CSRF_FAILED"
    assert given.json()["expires_in"] == 300
    assert given.headers["Cache-Control"] == "no-store"
    assert call(served, given.json()["token"]).json() == {"result": "ann"}
    assert served.post(
        "call/me/", {}, HTTP_X_MIZAN_TOKEN=given.json()["token"], HTTP_ORIGIN="https://app.example"
    ).json() == {"result": "ann"}


def test_only_a_logged_in_user_gets_one(served: Api, ann: User) -> None:
    """Nobody anonymous, and nobody with nothing but a token."""
    token, _ = issue_token(ann)

    assert code_of(served.post("token/")) == "UNAUTHORIZED"
    assert code_of(served.post("token/", HTTP_X_MIZAN_TOKEN=token)) == "FORBIDDEN"


@pytest.mark.parametrize("secret", [None, NEW])
def test_a_visitor_says_so_and_needs_no_csrf_token(served: Api, ann: User, settings: Any, secret: str | None) -> None:
    """From any origin, and whatever cookies the browser sends along: they do not count."""
    settings.MIZAN_MWT_SECRET = secret
    served.http = Client(enforce_csrf_checks=True)
    served.http.force_login(ann)
    visitor = {"HTTP_X_MIZAN_TOKEN": "anonymous", "HTTP_ORIGIN": "https://app.example"}

    assert code_of(served.post("call/me/", {}, **visitor)) == "UNAUTHORIZED"
    assert served.post("call/who/", {}, **visitor).json() == {"result": ""}
    assert code_of(served.post("call/who/", {}, HTTP_ORIGIN="https://app.example")) == "CSRF_FAILED"
    assert code_of(served.post("token/", {}, **visitor)) in ("UNAUTHORIZED", "NOT_IMPLEMENTED")


def test_a_server_without_a_secret_issues_none(served: Api, ann: User, settings: Any) -> None:
    """And takes none."""
    token, _ = issue_token(ann)
    settings.MIZAN_MWT_SECRET = None
    with_session = Client()
    with_session.force_login(ann)

    assert code_of(with_session.post("/api/mizan/token/")) == "NOT_IMPLEMENTED"
    assert code_of(call(served, token)) == "UNAUTHORIZED"


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
def test_a_bad_token_is_refused_in_one_shape(served: Api, ann: User, token: str) -> None:
    """Case 21: the answer does not say why, and no cookie makes it good."""
    served.http.force_login(ann)

    response = call(served, token)

    assert (response.status_code, code_of(response)) == (401, "UNAUTHORIZED")
    assert response.json()["message"] == "The token is not valid."


def test_any_flipped_character_is_refused(served: Api, ann: User) -> None:
    """Header, claims and signature are all under the signature."""
    token, _ = issue_token(ann)
    for position in range(0, len(token), 7):
        flipped = token[:position] + ("A" if token[position] != "A" else "B") + token[position + 1 :]
        if position < len(token) - 1:  # the last character holds bits that base64 leaves unused
            assert call(served, flipped).status_code == 401


def test_keys_rotate(served: Api, ann: User, settings: Any) -> None:
    """Case 23: the first key signs, all verify, a retired one no longer does."""
    token, _ = issue_token(ann)
    claims = Claims(
        str(ann.pk), False, False, jwt.decode(token, options={"verify_signature": False})["pkey"], int(time.time())
    )
    by_old = issue(claims, Keyring((("old", OLD),)), lifetime_seconds=60)

    assert jwt.get_unverified_header(token)["kid"] == "new"
    assert call(served, by_old).json() == {"result": "ann"}
    settings.MIZAN_MWT_SECRET = NEW
    assert call(served, by_old).status_code == 401


@pytest.mark.parametrize("change", ["deactivated", "demoted", "promoted", "permitted", "deleted", "revoked"])
def test_a_token_ends_with_what_it_says(served: Api, change: str) -> None:
    """Case 22: the user is read again on every request."""
    user = User.objects.create_user("bob", is_staff=change == "demoted")
    token, _ = issue_token(user)
    assert call(served, token).status_code == 200

    match change:
        case "deactivated":
            User.objects.update(is_active=False)
        case "demoted":
            User.objects.update(is_staff=False)
        case "promoted":
            User.objects.update(is_superuser=True)
        case "permitted":
            user.user_permissions.add(Permission.objects.get(codename="add_thing"))
        case "deleted":
            user.delete()
        case _:
            revoke_tokens(user)

    assert call(served, token).status_code == 401


def test_permissions_hold_for_tokens_too(served: Api, ann: User) -> None:
    """A token says who somebody is, not what a function asks for."""
    token, _ = issue_token(ann)

    assert call(served, token, "add").status_code == 403
