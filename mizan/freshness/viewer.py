"""
The viewer: who asks, as far as an answer may depend on it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from mizan import conf
from mizan.protocol.canonical import canonical_json
from mizan.protocol.mwt import permissions_key

Viewer = tuple[str | None, Any, str | None, str, str | None, str, bytes | None]

_REMEMBERED_PERMISSIONS = ("_perm_cache", "_user_perm_cache", "_group_perm_cache")  # where Django's backend keeps them
_LOOKUPS = ("get_user_permissions", "get_group_permissions", "get_all_permissions", "has_perm", "_get_permissions")


def viewer_of(request: Any) -> Viewer:
    """
    User, permissions, method, origin, language, time zone, and what ``MIZAN_CACHE_VARY`` adds, as part of an entry's key.

    Args:
        request: DRF's request, of a user who is known.
    """
    django_request = request._request
    user = request.user
    vary = _vary()
    return (
        _name_of(user),
        access_of(user),
        django_request.method,
        f"{django_request.scheme}://{django_request._get_raw_host()}",
        get_language(),
        str(timezone.get_current_timezone()),
        None if vary is None else canonical_json(vary(django_request)),
    )


def _name_of(user: Any) -> str | None:
    """Who it is among all kinds of users that the project has, or None for nobody."""
    if user.pk is None:
        return None
    kind = user._meta.label if isinstance(user, Model) else f"{type(user).__module__}.{type(user).__qualname__}"
    return f"{kind}:{user.pk}"


def access_of(user: Any) -> Any:
    """
    What tells apart two answers to *user* before and after their permissions have changed.

    A change of Django's own permissions invalidates what was cached (see `mizan.freshness.watches`), so only two
    flags of the user are needed here. The permissions of another backend are asked for on each read.
    """
    flags = (bool(getattr(user, "is_staff", False)), bool(getattr(user, "is_superuser", False)))
    if user.pk is None or has_watched_permissions(tuple(settings.AUTHENTICATION_BACKENDS)):
        return flags
    return permissions_key(is_staff=flags[0], is_superuser=flags[1], permissions=user.get_all_permissions())


def has_same_access(user: Any) -> bool:
    """
    Read *user* from the database again, and say whether their access is what it was.

    The user's row was loaded before the tag versions were read, so it may be older than the versions that the answer would be
    stored under.
    """
    if user.pk is None or not isinstance(user, Model):
        return True
    access = access_of(user)
    for name in _REMEMBERED_PERMISSIONS:
        if hasattr(user, name):
            delattr(user, name)
    try:
        user.refresh_from_db()
    except ObjectDoesNotExist:
        return False
    return bool(access_of(user) == access)


@lru_cache
def has_watched_permissions(backends: tuple[str, ...]) -> bool:
    """Whether all permissions come from Django's tables."""
    return all(_is_stock(import_string(path)) for path in backends)


def _is_stock(backend: Any) -> bool:
    return all(
        getattr(backend, name, None) in (getattr(ModelBackend, name, None), getattr(BaseBackend, name, None))
        for name in _LOOKUPS
    )


def vary(request: HttpRequest) -> None:
    """Have ``MIZAN_CACHE_VARY`` look at *request*."""
    function = _vary()
    if function is not None:
        function(request)


def _vary() -> Callable[[HttpRequest], Any] | None:
    setting = conf.get("MIZAN_CACHE_VARY")
    function: Callable[[HttpRequest], Any] | None = import_string(setting) if isinstance(setting, str) else setting
    return function
