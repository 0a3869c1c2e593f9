"""
A context that answers differently each time, a mutation of it, and how a deployed cache is looked at.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable
from typing import Any

from django.core.management import call_command

from mizan.cache.current import current_cache
from mizan.cache.entries import FORMAT, IDENTITY_BYTES, VERSION_BYTES
from mizan.cache.redis_store import RedisStore
from mizan.client import client
from tests.api import CachedApi
from tests.topologies.servers import (
    Server,
    as_text,
    until,
)

OF_TESTS = ("hello", "config|resetstat", "info", "client|setinfo")


# Half a second for what does not answer, and what a busy machine takes. redis-py would try for three seconds by itself.
SHORT_SECONDS = 2.5


Serve = Callable[..., CachedApi]


def count(context: str = "count", name: str = "number", **options: Any) -> Any:
    """A function that answers differently each time it runs."""
    numbers = itertools.count(1)

    @client(auth=False, context=context, name=name, **options)
    def number(request: Any) -> int:
        return next(numbers)

    return number


def change(*contexts: str, name: str = "save") -> Any:
    """A mutation of *contexts*."""

    @client(auth=False, affects=list(contexts), name=name)
    def save(request: Any) -> None: ...

    return save


def wait_for_hit(api: CachedApi, path: str = "count/") -> Any:
    """The first answer from a cache that is back, which nobody has helped."""

    def hit() -> Any:
        status, body = api.read(path)
        return body if status == "HIT" else None

    return until(hit, f"{path} is a hit")


def first_look(api: CachedApi, path: str = "count/") -> Any:
    """Status and body of the first read that the cache has a say in."""

    def looked() -> Any:
        status, body = api.read(path)
        return (status, body) if status != "BYPASS" else None

    return until(looked, f"{path} is looked for")


def is_believable(holder: Server) -> bool:
    """Whether the one entry that *holder* has is current by its tag: nothing but whose it is speaks against it."""
    [entry], [tag] = (holder.ask("KEYS", f"mizan:*:{kind}:*") for kind in "et")
    start = len(FORMAT) + IDENTITY_BYTES
    return bool(holder.ask("GET", entry)[start : start + VERSION_BYTES] == holder.ask("GET", tag))


def calls(one: Server) -> dict[str, int]:
    """How often *one* was asked for what, by Mizan, since ``CONFIG RESETSTAT``."""
    found = re.findall(r"cmdstat_([\w|]+):.*?calls['\": =]+(\d+)", as_text(one.ask("INFO", "commandstats")))
    return {name: int(number) for name, number in found if name not in OF_TESTS}


def command(*arguments: str) -> str:
    """What ``mizan_cache`` prints."""
    output = io.StringIO()
    call_command("mizan_cache", *arguments, stdout=output)
    return output.getvalue()


def rows(*arguments: str) -> list[list[str]]:
    """The rows of a table of ``mizan_cache`` below its head."""
    return [line.split() for line in command(*arguments).splitlines()[1:]]


def store() -> RedisStore:
    """The one in use."""
    cache = current_cache()
    assert cache is not None and isinstance(cache.entries.store, RedisStore)
    return cache.entries.store
