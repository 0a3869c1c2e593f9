"""
Looking whether an answer is still kept.
"""

from __future__ import annotations

import itertools
from typing import Any

from mizan.client import ReactContext, client
from tests.api import CachedApi


def is_hit(api: CachedApi, path: str) -> bool:
    return api.read(path)[0] == "HIT"


Project = ReactContext("project")


def changed(api: CachedApi, query: str, before: Any) -> set[str]:
    """The functions whose answer is another one than *before*."""
    _, now = api.read(f"project/?{query}")
    assert isinstance(now, dict)
    return {name for name in now if now[name] != before[name]}


def counter(**options: Any) -> Any:
    """A function of the context "count" that answers differently each time it runs."""
    numbers = itertools.count(1)

    @client(auth=False, context="count", **options)
    def number(request: Any) -> int:
        return next(numbers)

    return number
