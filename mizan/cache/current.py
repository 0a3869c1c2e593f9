"""
The cache that the settings describe.
"""

from __future__ import annotations

import copy
import threading
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.signals import setting_changed
from django.dispatch import receiver

from mizan import conf
from mizan.cache.flights import Flights
from mizan.cache.slots import Entries
from mizan.cache.stores import DjangoStore, Store, memory_store
from mizan.protocol.cache_keys import CacheKeys
from mizan.protocol.errors import E_CACHE, ConfigError, Finding

DJANGO_REDIS = "django_redis."


class Cache:
    """
    Names, entries and computations under way, over one store.
    """

    def __init__(self, keys: CacheKeys, store: Store) -> None:
        self.keys = keys
        self.entries = Entries(store)
        self.flights = Flights(self.entries)


_current: Cache | None = None
_is_made = False
_making = threading.Lock()


def current_cache() -> Cache | None:
    """
    The project's cache, or None where ``MIZAN_CACHE_SECRET`` is not set.

    Raises:
        ConfigError: ``mizan.E016``, the settings do not describe a cache.
    """
    global _current, _is_made
    if not _is_made:
        with _making:  # of two, one would have its own flights, and forget what it owes
            if not _is_made:
                _current, _is_made = make_cache(), True
    return _current


def make_cache() -> Cache | None:
    """`current_cache`, made anew."""
    secret = conf.get("MIZAN_CACHE_SECRET")
    return Cache(CacheKeys(secret), _store()) if secret else None


@receiver(setting_changed)
def forget(*, setting: str = "CACHES", **kwargs: Any) -> None:
    """Make the cache anew when it is next asked for."""
    global _current, _is_made
    if setting == "CACHES" or setting.startswith("MIZAN_CACHE"):
        _current, _is_made = None, False


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
