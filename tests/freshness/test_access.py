"""
Permissions that change.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group, Permission, User

from mizan.client import client
from tests.api import CachedApi
from tests.freshness.reading import is_hit

pytestmark = pytest.mark.django_db(transaction=True)


GRANTS: dict[str, Callable[[User, Group, Permission], Any]] = {
    "a permission": lambda user, group, permission: user.user_permissions.add(permission),
    "a group": lambda user, group, permission: user.groups.add(group),
    "a permission of the group": lambda user, group, permission: group.permissions.add(permission),
    "a deleted group": lambda user, group, permission: Group.objects.create(name="other").delete(),
    "a group from the other side": lambda user, group, permission: group.user_set.set([user]),
}


@pytest.mark.parametrize("grant", GRANTS)
def test_permissions_are_watched(cached: CachedApi, grant: str) -> None:
    """A function may ask for them, so what it answered before they changed is not served."""

    @client(auth=True, context="rights")
    def rights(request: Any) -> int:
        return len(request.user.get_all_permissions())

    cached.serve(rights)
    ada, group = User.objects.create_user("ada"), Group.objects.create(name="editors")
    cached.http.force_login(ada)
    cached.read("rights/")
    assert is_hit(cached, "rights/")

    GRANTS[grant](ada, group, Permission.objects.earliest("pk"))

    assert not is_hit(cached, "rights/")


def test_of_another_backend_they_are_asked_for(cached: CachedApi, settings: Any) -> None:
    """Nobody tells of their changes, so they are part of the key."""
    settings.AUTHENTICATION_BACKENDS = ["tests.freshness.test_access.DirectoryBackend"]

    @client(auth=True, context="rights")
    def rights(request: Any) -> list[str]:
        return sorted(request.user.get_all_permissions())

    cached.serve(rights)
    cached.http.force_login(User.objects.create_user("ada"), backend=settings.AUTHENTICATION_BACKENDS[0])
    assert cached.read("rights/")[1] == {"rights": ["directory.read"]}

    DirectoryBackend.held = {"directory.read", "directory.write"}
    try:
        assert cached.read("rights/")[1] == {"rights": ["directory.read", "directory.write"]}
    finally:
        DirectoryBackend.held = {"directory.read"}


class DirectoryBackend(ModelBackend):
    """Permissions from somewhere else."""

    held = {"directory.read"}

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set(self.held)
