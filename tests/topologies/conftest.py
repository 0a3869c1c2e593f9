"""
Servers made from settings.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings

from mizan.apps import watch_data
from mizan.cache import circuit_breaker
from mizan.cache.counters import counters
from tests.api import SECRET, Api, CachedApi
from tests.topologies.shop import Serve


@pytest.fixture
def serve(settings: LazySettings, api: Api, monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Makes a server from settings. It looks after a cache that was lost sooner than a real one."""
    for name in ("FIRST_PAUSE_SECONDS", "LONGEST_PAUSE_SECONDS", "CATCH_UP_SECONDS"):
        monkeypatch.setattr(circuit_breaker, name, 0.05)

    def with_settings(**values: Any) -> CachedApi:
        settings.MIZAN_CACHE_SECRET = SECRET
        for name, value in values.items():
            setattr(settings, name, value)
        watch_data()
        counters.reset()
        return CachedApi()

    return with_settings
