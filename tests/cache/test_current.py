"""
The cache that the settings describe.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings

from mizan.cache.current import current_cache, make_cache
from mizan.cache.redis_store import RedisStore
from mizan.cache.stores import DjangoStore
from mizan.protocol.errors import ConfigError
from tests.api import SECRET

REDIS = {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
MEMORY = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
ALIASES = {"default": MEMORY, "contexts": REDIS}


@pytest.fixture
def own_settings(settings: LazySettings) -> LazySettings:
    """Of a project with two caches of its own."""
    settings.CACHES = ALIASES
    settings.MIZAN_CACHE_SECRET = SECRET
    return settings


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({}, DjangoStore),
        ({"MIZAN_CACHE_ALIAS": "default"}, DjangoStore),
        ({"MIZAN_CACHE_ALIAS": "contexts"}, RedisStore),
        ({"MIZAN_CACHE_REDIS_URL": "redis://127.0.0.1:1/0"}, RedisStore),
    ],
    ids=str,
)
def test_the_settings_say_where_entries_are_kept(own_settings: Any, values: dict[str, str], kind: type) -> None:
    """In the process, in one of the project's caches, or in a Redis of its own, which need not answer yet."""
    for name, value in values.items():
        setattr(own_settings, name, value)

    cache = make_cache()

    assert cache is not None
    assert type(cache.entries.store) is kind


def test_without_a_secret_there_is_no_cache(own_settings: Any) -> None:
    """Names that anybody can make up protect nothing."""
    own_settings.MIZAN_CACHE_SECRET = None

    assert make_cache() is None


def test_an_alias_that_there_is_not_is_refused_with_those_that_there_are(own_settings: Any) -> None:
    """It is a mistyped one."""
    own_settings.MIZAN_CACHE_ALIAS = "context"

    with pytest.raises(ConfigError, match="(?s)names 'context'.*CACHES has: contexts, default"):
        make_cache()


@pytest.mark.parametrize("setting", ["CACHES", "MIZAN_CACHE_SECRET", "MIZAN_CACHE_SECONDS"])
def test_another_setting_makes_another_cache(own_settings: Any, setting: str) -> None:
    """And the same settings the same one: threads share its computations."""
    before = current_cache()
    again = current_cache()
    setattr(own_settings, setting, {"CACHES": {"default": MEMORY}, "MIZAN_CACHE_SECONDS": 5}.get(setting, SECRET * 2))

    assert before is again is not None
    assert current_cache() is not before


def test_a_setting_of_something_else_changes_nothing(own_settings: Any) -> None:
    """What is computed now would be computed twice."""
    before = current_cache()

    own_settings.MIZAN_TITLE = "Shop"

    assert current_cache() is before
