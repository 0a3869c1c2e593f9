"""
Users as the claims of a token, and back.
"""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import jwt
import pytest
from django.contrib.auth.models import Permission, User

from mizan.identity import issue_token, keyring, revoke_tokens
from mizan.protocol.mwt import Claims, Keyring, issue, verify
from tests.api import Api
from tests.tokens import NEW, OLD, call

pytestmark = pytest.mark.django_db


def test_keys_rotate(token_api: Api, ann: User, settings: Any) -> None:
    """Case 23: the first key signs, all verify, a retired one no longer does."""
    token, _ = issue_token(ann)
    claims = Claims(
        str(ann.pk), False, False, jwt.decode(token, options={"verify_signature": False})["pkey"], int(time.time())
    )
    by_old = issue(claims, Keyring((("old", OLD),)), lifetime_seconds=60)

    assert jwt.get_unverified_header(token)["kid"] == "new"
    assert call(token_api, by_old).json() == {"result": "ann"}
    settings.MIZAN_MWT_SECRET = NEW
    assert call(token_api, by_old).status_code == 401


@pytest.mark.parametrize("change", ["deactivated", "demoted", "promoted", "permitted", "deleted", "revoked"])
def test_a_token_ends_with_what_it_says(token_api: Api, change: str) -> None:
    """Case 22: the user is read again on every request."""
    user = User.objects.create_user("bob", is_staff=change == "demoted")
    token, _ = issue_token(user)
    assert call(token_api, token).status_code == 200

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

    assert call(token_api, token).status_code == 401


def test_a_user_without_permissions_has_a_token(settings: Any) -> None:
    """A user model need not have Django's PermissionsMixin."""
    settings.MIZAN_MWT_SECRET = NEW

    token, _ = issue_token(SimpleNamespace(pk=5))

    claims = verify(token, keyring())
    assert (claims.subject, claims.is_staff, claims.is_superuser) == ("5", False, False)
