"""
What a user may do, as far as it is part of a cache key.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.utils.module_loading import import_string

from mizan.protocol.mwt import permissions_key

_PERMISSIONS_OF_BEFORE = ("_perm_cache", "_user_perm_cache", "_group_perm_cache")  # where Django's backend keeps them
_LOOKUPS = ("get_user_permissions", "get_group_permissions", "get_all_permissions", "has_perm", "_get_permissions")


def reader_access(user: Any) -> Any:
    """
    What tells apart two answers to *user* before and after their permissions have changed.

    Django's own permissions live in tables that are watched (see `mizan.dispatch.permission_changes`): their changes make
    stale what was cached, and nothing needs to be asked for here. Those of another backend are asked for on each read.
    """
    flags = (bool(getattr(user, "is_staff", False)), bool(getattr(user, "is_superuser", False)))
    if user.pk is None or has_watched_permissions(tuple(settings.AUTHENTICATION_BACKENDS)):
        return flags
    return permissions_key(is_staff=flags[0], is_superuser=flags[1], permissions=user.get_all_permissions())


def is_same_reader(user: Any) -> bool:
    """
    Read *user* from the database anew, and say whether their access is what it was.

    They were loaded to find out who asks, before the versions of what is cached were read.
    """
    if user.pk is None or not isinstance(user, Model):
        return True
    access = reader_access(user)
    for name in _PERMISSIONS_OF_BEFORE:
        if hasattr(user, name):
            delattr(user, name)
    try:
        user.refresh_from_db()
    except ObjectDoesNotExist:
        return False
    return bool(reader_access(user) == access)


@lru_cache
def has_watched_permissions(backends: tuple[str, ...]) -> bool:
    """Whether all permissions come from Django's tables."""
    return all(_is_stock(import_string(path)) for path in backends)


def _is_stock(backend: Any) -> bool:
    return all(
        getattr(backend, name, None) in (getattr(ModelBackend, name, None), getattr(BaseBackend, name, None))
        for name in _LOOKUPS
    )
