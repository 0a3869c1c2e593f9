"""
What is cached, for whom, and for how long.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import LazySettings

import mizan
from mizan.client import client
from tests.api import CachedApi
from tests.freshness.reading import counter


def test_a_slow_reader_stores_nothing_stale(cached: CachedApi, numbers: Iterator[int]) -> None:
    """It read before the mutation and answers after it: nobody else gets that answer."""
    during: list[Any] = []

    @client(auth=False, context="count")
    def number(request: Any) -> int:
        value = next(numbers)
        for action in during:
            action()
        return value

    cached.serve(number)
    during.append(lambda: mizan.invalidate("count"))
    assert cached.read("count/") == ("MISS", {"number": 1})
    during.clear()

    assert cached.read("count/") == ("MISS", {"number": 2})
    assert cached.read("count/") == ("HIT", {"number": 2})


def test_the_second_read_is_a_hit(cached: CachedApi) -> None:
    """It has the body of the first, without running the function."""
    cached.serve(counter())

    assert cached.read("count/") == ("MISS", {"number": 1})
    assert cached.read("count/") == ("HIT", {"number": 1})


def test_functions_share_a_context_and_not_an_answer(cached: CachedApi) -> None:
    """A function that was fetched alone is a hit in the whole context; one missing makes it a MISS."""
    cached.serve(counter(), counter(name="other"))

    assert cached.read("count/?~only=number") == ("MISS", {"number": 1})
    assert cached.read("count/") == ("MISS", {"number": 1, "other": 1})
    assert cached.read("count/") == ("HIT", {"number": 1, "other": 1})


def test_cache_false_is_never_kept(cached: CachedApi) -> None:
    """The header says so."""
    cached.serve(counter(cache=False))

    assert cached.read("count/") == ("BYPASS", {"number": 1})
    assert cached.read("count/") == ("BYPASS", {"number": 2})


def test_seconds_are_kept_to(cached: CachedApi, let_seconds_pass: Callable[[float], None]) -> None:
    """``cache=60`` is gone after a minute, whatever the default is."""
    cached.serve(counter(cache=60))
    cached.read("count/")
    assert cached.read("count/")[0] == "HIT"

    let_seconds_pass(61)

    assert cached.read("count/") == ("MISS", {"number": 2})


def test_without_a_secret_nothing_is_cached(cached: CachedApi, settings: LazySettings) -> None:
    """The functions run each time."""
    settings.MIZAN_CACHE_SECRET = None
    cached.serve(counter())

    assert cached.read("count/") == ("BYPASS", {"number": 1})
    assert cached.read("count/") == ("BYPASS", {"number": 2})


def test_failures_are_not_kept(cached: CachedApi) -> None:
    """Its neighbour is."""
    tries = itertools.count(1)

    @client(auth=False, context="count")
    def shaky(request: Any) -> int:
        if next(tries) == 1:
            raise RuntimeError
        return 7

    cached.serve(counter(), shaky)

    assert cached.read("count/")[1]["$errors"]["shaky"]["code"] == "INTERNAL_ERROR"  # type: ignore[index]
    assert cached.read("count/") == ("MISS", {"number": 1, "shaky": 7})
    assert cached.read("count/")[0] == "HIT"


def test_async_functions_are_cached_too(cached: CachedApi) -> None:
    """Together with sync ones."""
    numbers = itertools.count(1)

    @client(auth=False, context="count")
    async def later(request: Any) -> int:
        return next(numbers)

    cached.serve(counter(), later)

    assert cached.read("count/") == ("MISS", {"later": 1, "number": 1})
    assert cached.read("count/") == ("HIT", {"later": 1, "number": 1})
