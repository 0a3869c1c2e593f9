"""
Contexts whose data changes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from mizan.client import client
from tests.api import CachedApi
from tests.freshness.reading import Project
from tests.things.models import Shelf, Thing


@pytest.fixture
def shelves(cached: CachedApi) -> tuple[CachedApi, Thing, Thing]:
    """A context of the things on one shelf and one of all things, and a thing on each of two shelves."""
    numbers = itertools.count(1)

    @client(auth=False, context="shelf", watch={Thing: "shelf_id"})
    def on_shelf(request: Any, id: int) -> int:
        return next(numbers)

    @client(auth=False, context="all", watch=["things.Thing"])
    def everything(request: Any) -> int:
        return next(numbers)

    cached.serve(on_shelf, everything)
    here, there = (Thing.objects.create(shelf=Shelf.objects.create(name=name), name=name) for name in ("here", "there"))
    return cached, here, there


@pytest.fixture
def numbers() -> Iterator[int]:
    """Different each time a function runs."""
    return itertools.count(1)


@pytest.fixture
def projects(cached: CachedApi, numbers: Iterator[int]) -> CachedApi:
    """A context with the parameters *id* and *page*, of which one function takes one and one takes none."""

    @client(auth=False, context=Project)
    def detail(request: Any, id: int) -> int:
        return next(numbers)

    @client(auth=False, context=Project)
    def tasks(request: Any, id: int, page: int = 1) -> int:
        return next(numbers)

    @client(auth=False, context=Project)
    def total(request: Any) -> int:
        return next(numbers)

    @client(auth=False, affects=Project)
    def save(request: Any, id: int) -> None: ...

    @client(auth=False, affects=Project)
    def save_as_text(request: Any, id: str) -> None: ...

    @client(auth=False, affects=Project)
    def save_any(request: Any, id: int | None = None) -> None: ...

    @client(auth=False, affects=detail)
    def rename(request: Any, id: int) -> None: ...

    @client(auth=False, affects="project")
    def rebuild(request: Any) -> None: ...

    @client(auth=False, affects=Project)
    def fail(request: Any, id: int) -> None:
        raise ValueError

    cached.serve(detail, tasks, total, save, save_as_text, save_any, rename, rebuild, fail)
    return cached
