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
    # Names what is cached: a secret of 32 bytes or more, of its own. None: nothing is cached.
    "MIZAN_CACHE_SECRET": None,
    # The Redis that caches contexts; None: the alias below, or the memory of this process.
    "MIZAN_CACHE_REDIS_URL": None,
    # The alias in CACHES that caches contexts, where there is no URL (Sentinel, Cluster, or another backend).
    "MIZAN_CACHE_ALIAS": None,
    # How long an answer is kept at most, in seconds, unless its function says cache=<seconds>.
    "MIZAN_CACHE_SECONDS": 86400,
    # A function of the request (or its dotted path): what else answers depend on, as a JSON value.
    "MIZAN_CACHE_VARY": None,
    # Signs Mizan Web Tokens: one secret of 32 bytes or more, or key ids and secrets, of which the first signs. None: no tokens.
    "MIZAN_MWT_SECRET": None,
    # How long a token is valid, in seconds.
    "MIZAN_MWT_LIFETIME": 300,
    # The alias in CACHES that remembers revocations; every process must share it.
    "MIZAN_MWT_REVOCATION_CACHE": "default",
    # Describe Mizan's operations in the project's own drf-spectacular document too. It must be OpenAPI 3.1.
    "MIZAN_IN_PROJECT_DOCUMENT": False,
    # Title of the OpenAPI document and of the generated files' header.
    "MIZAN_TITLE": "Mizan",
    # Version of the API in the OpenAPI document.
    "MIZAN_VERSION": "1.0.0",
}


def get(name: str) -> Any:
    """The project's value of *name*, or its default."""
    return getattr(django_settings, name, DEFAULTS[name])
