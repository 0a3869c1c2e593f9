"""
Mizan Web Tokens: short-lived signed statements of who somebody is. An edge can verify them with no database.

Framework-free: `mizan.identity` makes the claims of a Django user and loads the user of a token.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from mizan.protocol.errors import E_SECRET, ConfigError, Finding

ALGORITHM = "HS256"
AUDIENCE = "mizan"
MIN_SECRET_BYTES = 32
MAX_TOKEN_LENGTH = 4096

_REQUIRED = ["sub", "staff", "super", "pkey", "aud", "iat", "nbf", "exp"]


class TokenRefused(Exception):
    """The token proves nothing. The reason is for the log, never for the client."""


@dataclass(frozen=True, slots=True)
class Claims:
    """
    What a token says of a user.

    Args:
        subject: The user's primary key, as text.
        permissions_key: `permissions_key` of the user when the token was made.
        issued_at: Seconds since 1970.
    """

    subject: str
    is_staff: bool
    is_superuser: bool
    permissions_key: str
    issued_at: int


@dataclass(frozen=True, slots=True)
class Keyring:
    """
    The secrets that verify tokens, by key id; the first one signs.
    """

    secrets: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, setting: str | Mapping[str, str]) -> Keyring:
        """
        Read ``MIZAN_MWT_SECRET``: one secret, or a mapping from key id to secret.

        Raises:
            ConfigError: ``mizan.E015``, a secret is shorter than 32 bytes or there is none.
        """
        pairs = {_key_id(setting): setting} if isinstance(setting, str) else dict(setting)
        weak = [key_id for key_id, secret in pairs.items() if len(secret.encode()) < MIN_SECRET_BYTES]
        if weak or not pairs:
            raise ConfigError(
                Finding(
                    E_SECRET,
                    "MIZAN_MWT_SECRET needs secrets of 32 bytes or more.",
                    'Make one: python -c "import secrets; print(secrets.token_urlsafe(48))"',
                )
            )
        return cls(tuple(pairs.items()))


def permissions_key(*, is_staff: bool, is_superuser: bool, permissions: Iterable[str]) -> str:
    """
    A digest of what a user may do: other permissions give another one.

    Returns:
        64 lowercase hex digits (SHA-256 of canonical JSON).
    """
    text = json.dumps([is_staff, is_superuser, sorted(permissions)], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def issue(claims: Claims, keyring: Keyring, *, lifetime_seconds: int) -> str:
    """A token for *claims*, signed with the first key."""
    key_id, secret = keyring.secrets[0]
    payload = {
        "sub": claims.subject,
        "staff": claims.is_staff,
        "super": claims.is_superuser,
        "pkey": claims.permissions_key,
        "aud": AUDIENCE,
        "iat": claims.issued_at,
        "nbf": claims.issued_at,
        "exp": claims.issued_at + lifetime_seconds,
    }
    return jwt.encode(payload, secret, algorithm=ALGORITHM, headers={"kid": key_id})


def verify(token: str, keyring: Keyring, *, leeway_seconds: int = 0) -> Claims:
    """
    The claims of *token*.

    The algorithm is pinned and the key is the one that the token names; nothing in a token chooses how it is checked.

    Raises:
        TokenRefused: it is malformed, signed otherwise, for another audience, expired, or not valid yet.
    """
    if len(token) > MAX_TOKEN_LENGTH:
        raise TokenRefused("too long")
    try:
        key_id = jwt.get_unverified_header(token).get("kid")
        secret = dict(keyring.secrets).get(key_id) if isinstance(key_id, str) else None
        if secret is None:
            raise TokenRefused("no such key")
        payload = jwt.decode(
            token,
            secret,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            leeway=leeway_seconds,
            options={"require": _REQUIRED, "strict_aud": True},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise TokenRefused(str(error)) from error
    return _claims(payload)


def _claims(payload: Mapping[str, Any]) -> Claims:
    types = {"sub": str, "staff": bool, "super": bool, "pkey": str, "iat": int}
    if not all(isinstance(payload[name], kind) for name, kind in types.items()):
        raise TokenRefused("a claim of another type")
    return Claims(payload["sub"], payload["staff"], payload["super"], payload["pkey"], payload["iat"])


def _key_id(secret: str) -> str:
    """An id for a single secret: another secret has another id, and none gives its secret away."""
    return hashlib.sha256(b"mizan key id:" + secret.encode()).hexdigest()[:8]
