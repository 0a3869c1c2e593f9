"""
Changes of groups and permissions in Django's own tables, which may change every answer to those they concern.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete

from mizan.freshness.commit import announce
from mizan.service.current import current_service
from mizan.service.invalidations import Invalidation

UID = "mizan.permissions"


def start() -> None:
    """Begin to look, where the project has Django's permissions."""
    if not apps.is_installed("django.contrib.auth"):
        return
    for through in _relations():
        m2m_changed.connect(_changed, sender=through, dispatch_uid=UID)
    for name in ("auth.Group", "auth.Permission"):
        post_delete.connect(_changed, sender=apps.get_model(name), dispatch_uid=UID)


def _relations() -> Iterator[type[Model]]:
    """The tables that say who has which permission."""
    for model, names in (
        (get_user_model(), ("groups", "user_permissions")),
        (apps.get_model("auth.Group"), ("permissions",)),
    ):
        for name in names:
            field = getattr(model, name, None)
            if field is not None and hasattr(field, "through"):
                yield field.through


def _changed(sender: Any, using: str, action: str = "post_delete", **kwargs: Any) -> None:
    if action.startswith("post_"):
        announce([Invalidation.access(name) for name in current_service().contexts], using)
