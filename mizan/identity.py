"""
Django's users as the claims of a token, and back. Signing and verifying are the work of `mizan.protocol.mwt`.
"""

from __future__ import annotations

import hmac
import time
from typing import Any

from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.core.exceptions import ValidationError

from mizan import conf
from mizan.protocol.errors import E_SECRET, ConfigError, Finding
from mizan.protocol.mwt import Claims, Keyring, TokenRefused, issue, permissions_key

__all__ = ["issue_token", "revoke_tokens"]


def keyring() -> Keyring:
    """
    The keys in ``MIZAN_MWT_SECRET``.

    Raises:
        ConfigError: ``mizan.E015``, there are none or they are too short.
    """
    setting = conf.get("MIZAN_MWT_SECRET")
    if not setting:
        message = "MIZAN_MWT_SECRET is not set, so there are no Mizan Web Tokens."
        raise ConfigError(Finding(E_SECRET, message, "Set it to a secret of 32 bytes or more, of its own."))
    return Keyring.of(setting)


def issue_token(user: Any) -> tuple[str, int]:
    """
    A token for *user*, and for how many seconds it is valid.

    Raises:
        ConfigError: ``mizan.E015``, there is no usable secret.
    """
    lifetime = int(conf.get("MIZAN_MWT_LIFETIME"))
    claims = Claims(
        str(user.pk), _is(user, "is_staff"), _is(user, "is_superuser"), _permissions_key(user), int(time.time())
    )
    return issue(claims, keyring(), lifetime_seconds=lifetime), lifetime


def user_of(claims: Claims) -> Any:
    """
    The user that *claims* speak of, as the database has them now.

    Raises:
        TokenRefused: the user is gone or inactive, may do other things by now, or had their tokens revoked.
    """
    model = get_user_model()
    try:
        user = model._default_manager.get(pk=claims.subject)
    except (model.DoesNotExist, ValueError, TypeError, ValidationError):
        raise TokenRefused("no such user") from None
    if not user.is_active:
        raise TokenRefused("the user is inactive")
    if not hmac.compare_digest(_permissions_key(user), claims.permissions_key):
        raise TokenRefused("the user's permissions have changed")
    revoked_at = _revocations().get(_revocation_key(claims.subject))
    if revoked_at is not None and claims.issued_at <= revoked_at:
        raise TokenRefused("revoked")
    return user


def revoke_tokens(user: Any) -> None:
    """
    Refuse every token that *user* has now; new tokens are valid from the next second on.

    The cache that ``MIZAN_MWT_REVOCATION_CACHE`` names remembers it for as long as such a token could live.
    """
    _revocations().set(
        _revocation_key(str(user.pk)), int(time.time()), timeout=int(conf.get("MIZAN_MWT_LIFETIME")) + 60
    )


def _permissions_key(user: Any) -> str:
    return permissions_key(
        is_staff=_is(user, "is_staff"),
        is_superuser=_is(user, "is_superuser"),
        permissions=user.get_all_permissions() if hasattr(user, "get_all_permissions") else (),
    )


def _is(user: Any, what: str) -> bool:
    """A user model without PermissionsMixin has neither staff nor superusers."""
    return bool(getattr(user, what, False))


def _revocations() -> Any:
    return caches[conf.get("MIZAN_MWT_REVOCATION_CACHE")]


def _revocation_key(subject: str) -> str:
    return f"mizan:revoked:{subject}"
