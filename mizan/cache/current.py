"""
The cache that the settings describe.
"""

from __future__ import annotations

import copy
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.signals import setting_changed
from django.dispatch import receiver

from mizan import conf
from mizan.cache.entries import Entries
from mizan.cache.single_flight import SingleFlight
from mizan.cache.stores import DjangoStore, Store, memory_store
from mizan.memo import Memo
from mizan.protocol.cache_keys import CacheKeys
from mizan.protocol.errors import E_CACHE, ConfigError, Finding

DJANGO_REDIS = "django_redis."


class Cache:
    """
    Keys, entries and the computations under way, over one store.
    """

    def __init__(self, keys: CacheKeys, store: Store) -> None:
        self.keys = keys
        self.entries = Entries(store)
        self.single_flight = SingleFlight(self.entries)


def make_cache() -> Cache | None:
    """
    The cache that the settings describe, or None where ``MIZAN_CACHE_SECRET`` is not set.

    Raises:
        ConfigError: ``mizan.E016``, the settings do not describe a cache.
    """
    secret = conf.get("MIZAN_CACHE_SECRET")
    return Cache(CacheKeys(secret), _store()) if secret else None


current_cache = Memo(make_cache)
"""`make_cache`, made once: threads share its computations and what its circuit breaker remembers."""


@receiver(setting_changed)
def forget(*, setting: str = "CACHES", **kwargs: Any) -> None:
    """Make the cache anew when it is next asked for."""
    if setting == "CACHES" or setting.startswith("MIZAN_CACHE"):
        current_cache.forget()


def _store() -> Store:
    url, alias = conf.get("MIZAN_CACHE_REDIS_URL"), conf.get("MIZAN_CACHE_ALIAS")
    if url and alias:
        raise _misconfigured("MIZAN_CACHE_REDIS_URL and MIZAN_CACHE_ALIAS are both set.", "Keep one of them.")
    if url:
        from mizan.cache.redis_store import RedisStore, redis_params

        return RedisStore(*redis_params(url))
    if alias:
        return _store_of_alias(alias)
    return memory_store()


def _store_of_alias(alias: str) -> Store:
    if alias not in settings.CACHES:
        known = ", ".join(sorted(settings.CACHES))
        raise _misconfigured(f"MIZAN_CACHE_ALIAS names {alias!r}, which is not in CACHES.", f"CACHES has: {known}")
    params = copy.deepcopy(settings.CACHES[alias])
    backend = params.pop("BACKEND")
    if not backend.startswith(DJANGO_REDIS):
        return DjangoStore(caches[alias])
    from mizan.cache.redis_store import RedisStore

    return RedisStore(backend, params)


def _misconfigured(message: str, hint: str) -> ConfigError:
    return ConfigError(Finding(E_CACHE, message, hint))
