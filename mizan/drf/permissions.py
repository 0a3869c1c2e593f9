"""
``auth=`` as DRF permission classes.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from typing import Any

from asgiref.sync import async_to_sync
from rest_framework.permissions import (
    AllowAny,
    BasePermission,
    IsAdminUser,
    IsAuthenticated,
    OperandHolder,
    SingleOperandHolder,
)
from rest_framework.settings import api_settings

logger = logging.getLogger("mizan")


class IsStaff(IsAuthenticated):
    """A logged-in member of staff."""

    def has_permission(self, request: Any, view: Any) -> bool:
        return super().has_permission(request, view) and bool(getattr(request.user, "is_staff", False))


class IsSuperuser(IsAuthenticated):
    """A logged-in superuser."""

    def has_permission(self, request: Any, view: Any) -> bool:
        return super().has_permission(request, view) and bool(getattr(request.user, "is_superuser", False))


class HasCodename(IsAuthenticated):
    """A user with the permission ``codename``, as in ``user.has_perm``."""

    codename = ""

    def has_permission(self, request: Any, view: Any) -> bool:
        return super().has_permission(request, view) and _has_permission(request.user, self.codename)


def _has_permission(user: Any, codename: str) -> bool:
    """A user model without PermissionsMixin has no permissions, so its users have none."""
    has_perm = getattr(user, "has_perm", None)
    return has_perm is not None and bool(has_perm(codename))


class Predicate(BasePermission):
    """
    A function over the request. Only True allows; an exception, or an answer that is no bool, denies and is logged.
    """

    predicate: Callable[[Any], Any]

    def has_permission(self, request: Any, view: Any) -> bool:
        predicate = type(self).predicate
        try:
            answer = _ask_async(predicate, request) if inspect.iscoroutinefunction(predicate) else predicate(request)
        except Exception:
            logger.exception("The auth= predicate of %s raised; access is denied", _name_of(view))
            return False
        if not isinstance(answer, bool):
            logger.error("The auth= predicate of %s returned %r, not a bool; access is denied", _name_of(view), answer)
            return False
        return answer


def _ask_async(predicate: Callable[[Any], Any], request: Any) -> Any:
    _ = request.user.is_authenticated  # loads the user: the event loop may not ask the database
    return async_to_sync(predicate)(request)


def _name_of(view: Any) -> str:
    return str(getattr(view, "name", view))


def permission_classes(auth: Any) -> list[Any]:
    """
    The permission classes that *auth* stands for; `@client` documents its values.

    Raises:
        ValueError: *auth* is none of them (``mizan.E008`` tells the developer).
    """
    match auth:
        case None:
            return list(api_settings.DEFAULT_PERMISSION_CLASSES)
        case False:
            return [AllowAny]
        case True:
            return [IsAuthenticated]
        case "staff":
            return [IsStaff]
        case "superuser":
            return [IsSuperuser]
        case str() if "." in auth:
            return [type("HasCodename", (HasCodename,), {"codename": auth})]
        case list() | tuple() if auth and all(map(_is_permission, auth)):
            return list(auth)
        case _ if _is_permission(auth):
            return [auth]
        case _ if callable(auth) and not isinstance(auth, type):
            return [type("Predicate", (Predicate,), {"predicate": staticmethod(auth)})]
        case _:
            raise ValueError(f"auth={auth!r}")


def auth_level(auth: Any) -> str:
    """The wire's word for *auth*: open, authenticated, staff, superuser, permission or custom."""
    if isinstance(auth, str) and auth not in ("staff", "superuser"):
        return "permission"
    classes = permission_classes(auth)
    if all(cls is AllowAny for cls in classes):
        return "open"
    known = {IsAuthenticated: "authenticated", IsStaff: "staff", IsAdminUser: "staff", IsSuperuser: "superuser"}
    return known.get(classes[0], "custom") if len(classes) == 1 else "custom"


def _is_permission(item: Any) -> bool:
    if isinstance(item, OperandHolder | SingleOperandHolder):
        return True
    return isinstance(item, type) and issubclass(item, BasePermission)
