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

from mizan.drf.annotations import substitute, uses_serializers
from mizan.wire.hooks import hooks


def install() -> None:
    """Set every hook. Types that were made before have none of them, so an adapter does this first."""
    hooks.annotation = substitute
    hooks.needs_thread = uses_serializers
    hooks.evaluated = evaluated
    hooks.aware = aware
    hooks.is_file = is_file


def evaluated(value: Any) -> Any:
    """A queryset or a related manager as the list of its rows; anything else as it is."""
    if isinstance(value, QuerySet):
        return list(value)
    return list(value.all()) if isinstance(value, Manager) else value


def aware(value: datetime) -> datetime:
    """*value*, in the current time zone where it is naive and ``USE_TZ`` asks for aware ones."""
    return timezone.make_aware(value) if settings.USE_TZ and timezone.is_naive(value) else value


def is_file(value: Any) -> bool:
    return isinstance(value, File)
