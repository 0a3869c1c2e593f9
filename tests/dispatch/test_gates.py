"""
Who may call what: levels of auth=, and permission before validation.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from rest_framework.permissions import BasePermission, IsAdminUser, IsAuthenticated

from mizan.client import client
from tests.api import Api, code_of

pytestmark = pytest.mark.django_db


class NeverOn(BasePermission):
    def has_permission(self, request: Any, view: Any) -> bool:
        return False


def broken(request: Any) -> bool:
    raise RuntimeError("secret")


async def is_named_ann(request: Any) -> bool:
    return bool(request.user.username == "ann")


def visitor(kind: str) -> User | None:
    if kind == "anonymous":
        return None
    user = User.objects.create_user(
        "ann", password="x", is_staff=kind in ("staff", "superuser"), is_superuser=kind == "superuser"
    )
    if kind == "permitted":
        user.user_permissions.add(Permission.objects.get(codename="add_thing"))
    return user


KINDS = ["anonymous", "user", "permitted", "staff", "superuser"]


@pytest.mark.parametrize(
    ("auth", "allowed"),
    [
        (False, KINDS),
        (None, KINDS),
        (True, KINDS[1:]),
        ("staff", KINDS[3:]),
        ("superuser", KINDS[4:]),
        ("things.add_thing", ["permitted", "superuser"]),
        (lambda request: request.user.is_staff, KINDS[3:]),
        (lambda request: 1, []),
        (broken, []),
        (is_named_ann, KINDS[1:]),
        (IsAuthenticated, KINDS[1:]),
        ([IsAuthenticated, IsAdminUser], KINDS[3:]),
        (IsAuthenticated & NeverOn, []),
    ],
    ids=[
        "open",
        "default",
        "login",
        "staff",
        "superuser",
        "codename",
        "predicate",
        "no bool",
        "raises",
        "async",
        "class",
        "classes",
        "operator",
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_auth_lets_in_whom_it_says(api: Api, auth: Any, allowed: list[str], kind: str) -> None:
    """Every level for every kind of caller; a predicate that raises or answers no bool denies (case 19)."""

    @client(auth=auth)
    def restricted(request: Any) -> str:
        return "in"

    api.serve(restricted)
    user = visitor(kind)
    if user is not None:
        api.http.force_login(user)

    response = api.call("restricted")

    if kind in allowed:
        assert response.json() == {"result": "in"}
    elif user is None:
        assert (response.status_code, code_of(response)) == (401, "UNAUTHORIZED")
    else:
        assert (response.status_code, code_of(response)) == (403, "FORBIDDEN")


def test_permission_comes_before_validation(api: Api) -> None:
    """Somebody who may not call learns nothing of the arguments."""

    @client(auth="staff")
    def restricted(request: Any, number: int) -> None: ...

    api.serve(restricted)

    assert code_of(api.call("restricted", number="x")) == "UNAUTHORIZED"


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["?~only=zzz", "?zzz=1", "?id=1&id=2", "?~only="])
def test_a_stranger_learns_nothing_of_a_context(api: Api, query: str) -> None:
    """Neither readers nor parameters; whoever may read one of them is told what is wrong."""

    @client(auth=True, context="mine")
    def mine(request: Any, id: int = 0) -> int:
        return id

    @client(auth="staff", context="mine")
    def secrets(request: Any) -> int:
        return 1

    api.serve(mine, secrets)

    refused = [api.get(f"ctx/mine/{query}"), api.http.options("/api/mizan/ctx/mine/")]
    api.http.force_login(User.objects.create_user("ann"))

    assert [(response.status_code, response.json()["code"]) for response in refused] == [(401, "UNAUTHORIZED")] * 2
    assert api.get(f"ctx/mine/{query}").json()["code"] == "VALIDATION_ERROR"
    assert api.http.options("/api/mizan/ctx/mine/").status_code == 200
