"""
Permissions in DRF's own classes.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from rest_framework.permissions import AllowAny, IsAdminUser, IsAuthenticated

from mizan.client import client
from mizan.drf.permissions import auth_level, permission_classes
from tests.api import Api

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize(
    ("auth", "level"),
    [
        (None, "open"),
        (False, "open"),
        ([AllowAny], "open"),
        (True, "authenticated"),
        (IsAuthenticated, "authenticated"),
        ("staff", "staff"),
        (IsAdminUser, "staff"),
        ("superuser", "superuser"),
        ("shop.add_order", "permission"),
        ([IsAuthenticated, IsAdminUser], "custom"),
        (lambda request: True, "custom"),
        (IsAuthenticated & IsAdminUser, "custom"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_each_auth_has_a_word_on_the_wire(auth: Any, level: str) -> None:
    """A client may hide what its user may not do."""
    assert auth_level(auth) == level


@pytest.mark.parametrize("auth", ["admin", "", [], 42, int, {"staff"}, [IsAuthenticated, 1]], ids=repr)
def test_what_is_no_auth_is_refused(auth: Any) -> None:
    """Nothing is guessed: a mistake must not let anybody in."""
    with pytest.raises(ValueError, match="auth="):
        permission_classes(auth)


@pytest.mark.parametrize(
    ("answer", "words"), [(lambda request: 1, "returned 1, not a bool"), (lambda request: 1 / 0, "raised")]
)
def test_a_predicate_that_does_not_answer_is_logged(
    caplog: pytest.LogCaptureFixture, answer: Callable[[Any], Any], words: str
) -> None:
    """Its author wonders why nobody gets in."""
    [predicate] = permission_classes(answer)

    assert predicate().has_permission(None, None) is False
    assert words in caplog.text


@pytest.mark.parametrize("auth", ["staff", "superuser", "things.add_thing"])
def test_a_user_without_permissions_has_none(auth: str) -> None:
    """A user model need not have Django's PermissionsMixin."""
    [permission] = permission_classes(auth)
    request = SimpleNamespace(user=SimpleNamespace(is_authenticated=True))

    assert permission().has_permission(request, None) is False
