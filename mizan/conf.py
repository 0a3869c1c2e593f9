"""
The project's settings as Mizan reads them, each with its default. Nothing else in Mizan reads `django.conf.settings`
for a name that starts with ``MIZAN_``.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings as django_settings

DEFAULTS: dict[str, Any] = {
    # Import the ``clients`` module of every installed app at start.
    "MIZAN_AUTODISCOVER": True,
    # Who sees the index, the schema and the docs: True (everybody), False (nobody), None (DEBUG or staff).
    "MIZAN_SHOW_DOCS": None,
    # Title of the OpenAPI document and of the generated files' header.
    "MIZAN_TITLE": "Mizan",
    # Version of the API in the OpenAPI document.
    "MIZAN_VERSION": "1.0.0",
}


def get(name: str) -> Any:
    """The project's value of *name*, or its default."""
    return getattr(django_settings, name, DEFAULTS[name])
