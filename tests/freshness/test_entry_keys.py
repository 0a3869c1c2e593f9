"""
What makes two answers one entry, or two.
"""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field

from mizan.client import client
from tests.api import CachedApi
from tests.freshness.reading import counter


def test_each_parameter_has_its_answer(cached: CachedApi) -> None:
    """Values that mean the same share one."""
    numbers = itertools.count(1)

    @client(auth=False, context="page")
    def page(request: Any, number: Annotated[int, Field(ge=0)], size: int = 10) -> list[int]:
        return [number, size, next(numbers)]

    cached.serve(page)

    assert cached.read("page/?number=5") == ("MISS", {"page": [5, 10, 1]})
    assert cached.read("page/?number=6") == ("MISS", {"page": [6, 10, 2]})
    assert cached.read("page/?number=05") == ("HIT", {"page": [5, 10, 1]})
    assert cached.read("page/?size=10&number=5") == ("HIT", {"page": [5, 10, 1]})


def test_a_parameter_of_any_type_has_its_answer(cached: CachedApi) -> None:
    """Bytes that are no text, durations, lists."""

    @client(auth=False, context="clip")
    def clip(request: Any, key: bytes, length: timedelta, marks: list[int]) -> list[str]:
        return [key.hex(), str(length), str(marks)]

    cached.serve(clip)

    body = {"clip": ["ff", "1:00:00", "[1, 2]"]}
    assert cached.read("clip/?key=_w&length=PT60M&marks=1&marks=2") == ("MISS", body)
    assert cached.read("clip/?key=%2Fw%3D%3D&length=PT1H&marks=[1,2]") == ("HIT", body)


def test_unknown_parameters_make_no_entry(cached: CachedApi) -> None:
    """Nobody fills the cache with parameters of their own."""
    cached.serve(counter())

    assert cached.get("ctx/count/?x=1").status_code == 422
    assert cached.read("count/")[0] == "MISS"


def test_a_new_revision_is_a_new_answer(cached: CachedApi) -> None:
    """And so is one of another type."""
    from mizan.protocol.registry import default_registry

    numbers = itertools.count(1)

    def declare(**options: Any) -> None:
        @client(auth=False, context="count", **options)
        def number(request: Any) -> int:
            return next(numbers)

        default_registry.add(number.__mizan__, by_hand=True)

    for options in ({}, {"rev": 1}, {"rev": 2}):
        with default_registry.isolated():
            declare(**options)
            assert cached.read("count/")[0] == "MISS"
            assert cached.read("count/")[0] == "HIT"


def test_a_new_type_is_a_new_answer(cached: CachedApi) -> None:
    """A field more, and what was kept without it is not served."""
    from mizan.protocol.registry import default_registry

    for annotation in (int, int | None):
        with default_registry.isolated():

            @client(auth=False, context="count")
            def number(request: Any) -> annotation:
                return 1

            default_registry.add(number.__mizan__, by_hand=True)
            assert cached.read("count/")[0] == "MISS"
            assert cached.read("count/")[0] == "HIT"
