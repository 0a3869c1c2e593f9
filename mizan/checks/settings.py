"""
What is wrong with the secrets and the cache in the settings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings

from mizan import conf
from mizan.cache.current import make_cache
from mizan.identity import keyring
from mizan.protocol.errors import E_SHARED_SECRET, W_LOCAL_CACHE, W_WEAK_SECRET, ConfigError, Finding

FEWEST_CHARACTERS = 10
_MAKE_ONE = 'Make one: python -c "import secrets; print(secrets.token_urlsafe(48))"'


def settings_findings() -> Iterator[Finding]:
    """Secrets that are too short or shared, and a cache that cannot be made."""
    for make, is_set in ((keyring, conf.get("MIZAN_MWT_SECRET")), (make_cache, conf.get("MIZAN_CACHE_SECRET"))):
        try:
            if is_set:
                make()
        except ConfigError as error:
            yield from error.findings
    yield from _shared_secrets()


def deployment_findings() -> Iterator[Finding]:
    """Settings that will do to try Mizan out, and for nothing more."""
    for name, secret in _secrets():
        if len(set(secret)) < FEWEST_CHARACTERS or secret.startswith(("django-insecure-", "only-for-")):
            yield Finding(W_WEAK_SECRET, f"{name} looks like a placeholder, which can be guessed.", _MAKE_ONE)
    is_local = not conf.get("MIZAN_CACHE_REDIS_URL") and not conf.get("MIZAN_CACHE_ALIAS")
    if conf.get("MIZAN_CACHE_SECRET") and is_local:
        yield Finding(
            W_LOCAL_CACHE,
            "Each process keeps the cache in its own memory, so a second process serves stale answers.",
            'Set MIZAN_CACHE_REDIS_URL = "redis://…", unless this project runs in one process.',
        )


def _secrets() -> Iterator[tuple[str, str]]:
    """Mizan's secrets by the name of their setting."""
    if isinstance(cache := conf.get("MIZAN_CACHE_SECRET"), str):
        yield "MIZAN_CACHE_SECRET", cache
    tokens: Any = conf.get("MIZAN_MWT_SECRET") or ()
    for secret in tokens.values() if isinstance(tokens, Mapping) else [tokens]:
        if isinstance(secret, str):
            yield "MIZAN_MWT_SECRET", secret


def _shared_secrets() -> Iterator[Finding]:
    owners = {settings.SECRET_KEY: "SECRET_KEY"}
    for name, secret in _secrets():
        owner = owners.setdefault(secret, name)
        if owner != name:
            yield Finding(
                E_SHARED_SECRET,
                f"{name} is the same secret as {owner}: who learns one has both.",
                _MAKE_ONE,
            )
