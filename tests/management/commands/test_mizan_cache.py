"""
``manage.py mizan_cache``.
"""

from __future__ import annotations

import io
from typing import Any

import pytest
import redis
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from mizan.client import client
from tests.api import SECRET, CachedApi


def run(*arguments: str) -> str:
    output = io.StringIO()
    call_command("mizan_cache", *arguments, stdout=output)
    return output.getvalue()


@pytest.fixture
def filled(cached: CachedApi) -> CachedApi:
    """Two contexts with an answer each."""

    @client(auth=False, context="big")
    def text(request: Any) -> str:
        return "x" * 5000

    @client(auth=False, context="small")
    def number(request: Any, id: int = 1) -> int:
        return id

    cached.serve(text, number)
    for path in ("big/", "small/", "small/?id=2"):
        cached.read(path)
    return cached


@pytest.mark.parametrize("cached", ["redis"], indirect=True)
def test_stats_says_what_is_kept(filled: CachedApi, redis_client: redis.Redis) -> None:
    """By context, and nothing of what others keep in the same Redis."""
    redis_client.set("somebody's", "else's")

    rows = [line.split() for line in run("stats").splitlines()]

    assert rows == [
        ["context", "answers", "kB", "tags"],
        ["big", "1", "5.0", "1"],
        ["small", "2", "0.1", "3"],
    ]
    assert run("stats", "small").splitlines()[1].split() == rows[2]


@pytest.mark.parametrize("cached", ["redis"], indirect=True)
def test_drop_frees_the_memory(filled: CachedApi, redis_client: redis.Redis) -> None:
    """Of the contexts named."""
    redis_client.set("somebody's", "else's")

    assert run("drop", "small") == "Everything kept of small is stale; 2 answers deleted.\n"

    assert filled.read("big/")[0] == "HIT"
    assert filled.read("small/")[0] == "MISS"
    assert run("drop").endswith("2 answers deleted.\n")
    assert redis_client.get("somebody's") == b"else's"


@pytest.mark.parametrize("cached", ["memory"], indirect=True)
def test_other_stores_are_dropped_too(filled: CachedApi) -> None:
    """They cannot say how much there was."""
    run("drop", "big")

    assert filled.read("big/")[0] == "MISS"
    assert filled.read("small/")[0] == "HIT"
    with pytest.raises(CommandError, match="Only a Redis"):
        run("stats")


def test_what_is_wrong_is_said(filled: CachedApi, settings: LazySettings) -> None:
    """In a line, not a traceback."""
    with pytest.raises(CommandError, match="No such context: smal. There are: big, small"):
        run("drop", "smal")
    settings.MIZAN_CACHE_REDIS_URL = "redis://127.0.0.1:1/0"
    with pytest.raises(CommandError, match="does not answer: .*refused"):
        run("drop")
    settings.MIZAN_CACHE_SECRET = "short"
    with pytest.raises(CommandError, match="32 bytes"):
        run("stats")
    settings.MIZAN_CACHE_SECRET = None
    with pytest.raises(CommandError, match="MIZAN_CACHE_SECRET is not set"):
        run("stats")
    settings.MIZAN_CACHE_SECRET = SECRET
