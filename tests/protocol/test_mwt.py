"""
The laws of Mizan Web Tokens: what was signed is read, and nothing else is.
"""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mizan.protocol.errors import ConfigError
from mizan.protocol.mwt import Claims, Keyring, TokenRefused, issue, permissions_key, verify

SECRET, OTHER = "s" * 48, "o" * 48
RING = Keyring.of({"new": SECRET, "old": OTHER})
CLAIMS = st.builds(
    Claims,
    subject=st.text(max_size=40),
    is_staff=st.booleans(),
    is_superuser=st.booleans(),
    permissions_key=st.text("0123456789abcdef", min_size=64, max_size=64),
    issued_at=st.integers(0, 50).map(lambda ago: int(time.time()) - ago),
)


def ada() -> Claims:
    return Claims("1", False, False, "0" * 64, int(time.time()) // 10 * 10)


def forged(header: dict[str, Any], payload: dict[str, Any], secret: str = "") -> str:
    """A token with any header, signed with *secret* or not at all."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, payload)]
    digest = hmac.digest(secret.encode(), ".".join(parts).encode(), "sha256") if secret else b""
    return ".".join([*parts, base64.urlsafe_b64encode(digest).rstrip(b"=").decode()])


def payload(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    own = {"sub": "1", "staff": False, "super": False, "pkey": "0" * 64, "aud": "mizan", "iat": now, "nbf": now}
    return {**own, "exp": now + 3600, **changes}


def signed(body: dict[str, Any], secret: str = SECRET, algorithm: str = "HS256", **header: Any) -> str:
    return jwt.encode(body, secret, algorithm=algorithm, headers={"kid": "new", **header})


@given(CLAIMS)
def test_what_was_signed_is_read(claims: Claims) -> None:
    """By whoever has the secret, without a database."""
    assert verify(issue(claims, RING, lifetime_seconds=100), RING) == claims


@given(st.data())
def test_a_token_with_another_letter_is_refused(data: st.DataObject) -> None:
    """Wherever it is; but for the bits of base64 that say nothing."""
    token = issue(ada(), RING, lifetime_seconds=100)
    place = data.draw(st.integers(0, len(token) - 2))
    letter = data.draw(st.characters(min_codepoint=33, max_codepoint=0x2FF))
    assume(letter != token[place])

    with pytest.raises(TokenRefused):
        verify(token[:place] + letter + token[place + 1 :], RING)


@given(
    st.text(max_size=200) | st.binary(max_size=100).map(lambda raw: base64.urlsafe_b64encode(raw).decode() + ".e30.x")
)
def test_nonsense_is_refused(token: str) -> None:
    """With the one exception."""
    with pytest.raises(TokenRefused):
        verify(token, RING)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(lambda: forged({"alg": "none", "kid": "new"}, payload()), id="no algorithm"),
        pytest.param(lambda: forged({"alg": "None", "kid": "new"}, payload()), id="no algorithm, spelled otherwise"),
        pytest.param(lambda: signed(payload(), algorithm="HS384"), id="another algorithm"),
        pytest.param(lambda: signed(payload(), secret="f" * 32), id="another secret"),
        pytest.param(lambda: signed(payload(), kid="old"), id="another key's name"),
        pytest.param(lambda: signed(payload(), kid="gone"), id="an unknown key"),
        pytest.param(lambda: forged({"alg": "HS256"}, payload(), SECRET), id="no key"),
        pytest.param(lambda: forged({"alg": "HS256", "kid": ["new"]}, payload(), SECRET), id="a key of another type"),
        pytest.param(lambda: signed(payload(exp=int(time.time()) - 1)), id="expired"),
        pytest.param(lambda: signed(payload(nbf=int(time.time()) + 60)), id="not valid yet"),
        pytest.param(lambda: signed(payload(aud="other")), id="another audience"),
        pytest.param(lambda: signed(payload(aud=["mizan", "other"])), id="several audiences"),
        pytest.param(lambda: signed(payload(staff=1)), id="a number for a flag"),
        pytest.param(lambda: signed(payload(sub=None)), id="no subject"),
        pytest.param(lambda: signed({key: value for key, value in payload().items() if key != "exp"}), id="no end"),
        pytest.param(
            lambda: signed({key: value for key, value in payload().items() if key != "pkey"}), id="no permissions"
        ),
        pytest.param(lambda: signed(payload(more="x" * 5000)), id="too long"),
    ],
)
def test_no_other_token_is_taken(token: Callable[[], str]) -> None:
    """Whatever it says of itself."""
    with pytest.raises(TokenRefused):
        verify(token(), RING)


def test_an_old_key_verifies_and_does_not_sign() -> None:
    """Until it is taken out of the setting."""
    old = issue(ada(), Keyring.of({"old": OTHER}), lifetime_seconds=100)

    assert verify(old, RING) == ada()
    assert jwt.get_unverified_header(issue(ada(), RING, lifetime_seconds=100))["kid"] == "new"
    with pytest.raises(TokenRefused):
        verify(old, Keyring.of({"new": SECRET}))


@pytest.mark.parametrize("setting", ["short", {"a": "short"}, {"a": SECRET, "b": "short"}, {}])
def test_weak_secrets_are_refused(setting: Any) -> None:
    """All of them, not only the first."""
    with pytest.raises(ConfigError, match="32 bytes"):
        Keyring.of(setting)


@given(st.booleans(), st.booleans(), st.lists(st.text(), unique=True))
def test_the_permissions_key_follows_permissions_alone(staff: bool, superuser: bool, names: list[str]) -> None:
    """Not their order."""
    key = permissions_key(is_staff=staff, is_superuser=superuser, permissions=names)

    assert key == permissions_key(is_staff=staff, is_superuser=superuser, permissions=reversed(names))
    assert key != permissions_key(is_staff=not staff, is_superuser=superuser, permissions=names)
    assert key != permissions_key(is_staff=staff, is_superuser=superuser, permissions=[*names, "\u2603" * 50])
