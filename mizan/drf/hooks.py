"""
What Django and DRF add to the rules of the wire.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db.models import Manager, QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from mizan.drf.annotations import substitute, uses_serializers
from mizan.protocol.errors import lazy_texts
from mizan.wire.hooks import hooks


def install() -> None:
    """Set every hook. Types that were made before have none of them, so an adapter does this first."""
    hooks.annotation = substitute
    hooks.needs_thread = uses_serializers
    hooks.evaluated = evaluated
    hooks.aware = aware
    hooks.is_file = is_file
    hooks.text = text
    lazy_texts.add(Promise)


def evaluated(value: Any) -> Any:
    """A queryset or a related manager as the list of its rows; anything else as it is."""
    if isinstance(value, QuerySet):
        return list(value)
    return list(value.all()) if isinstance(value, Manager) else value


def aware(value: datetime) -> datetime:
    """*value* with a time zone where ``USE_TZ`` is on, without one where it is off; the other kind in the current time zone."""
    if timezone.is_naive(value):
        return timezone.make_aware(value) if settings.USE_TZ else value
    return value if settings.USE_TZ else timezone.make_naive(value)


def text(value: Any) -> Any:
    """A lazy translation as a ``str``, in the language of this moment; anything else as it is."""
    return str(value) if isinstance(value, Promise) else value


def is_file(value: Any) -> bool:
    return isinstance(value, File)
