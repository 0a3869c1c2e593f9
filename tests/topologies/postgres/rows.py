"""
Three rows in PostgreSQL, and who reads and changes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction
from psycopg import IsolationLevel

import mizan
from mizan.client import client
from tests.api import CachedApi
from tests.things.models import Thing
from tests.threads import in_thread

LEVELS = {
    "read committed": IsolationLevel.READ_COMMITTED,
    "repeatable read": IsolationLevel.REPEATABLE_READ,
    "serializable": IsolationLevel.SERIALIZABLE,
}


class Things:
    """
    Three things in PostgreSQL, a context that reads their names, and mutations that change them.
    """

    def __init__(self, api: CachedApi, alias: str) -> None:
        self.alias = alias
        self.rows = Thing.objects.using(alias)
        self.ids = [self.rows.create(name="old").pk for _ in range(3)]
        self.before_query: Callable[[], Any] = lambda: None
        self.after_query: Callable[[], Any] = lambda: None
        api.serve(*self.functions())

    def functions(self) -> Iterator[Callable[..., Any]]:
        @client(auth=False, context="thing")
        def name(request: Any, id: int) -> str:
            self.before_query()
            found = self.rows.get(pk=id).name
            self.after_query()
            return found

        @client(auth=False, affects="thing")
        def rename(request: Any, id: int, name: str) -> None:
            self.rows.filter(pk=id).update(name=name)

        @client(auth=False, affects="thing")
        def rename_and_fail(request: Any, id: int, name: str) -> None:
            self.rows.filter(pk=id).update(name=name)
            raise ValueError

        @client(auth=False, context="watched", watch={Thing: "pk"})
        def watched_name(request: Any, id: int) -> str:
            return self.rows.get(pk=id).name

        yield from (name, rename, rename_and_fail, watched_name)

    def atomic(self, **options: Any) -> transaction.Atomic:
        return transaction.atomic(using=self.alias, **options)

    def set(self, name: str, which: int = 0) -> None:
        """Change a row, and say so."""
        self.rows.filter(pk=self.ids[which]).update(name=name)
        mizan.invalidate("thing", id=self.ids[which])

    def read_here(self, which: int = 0, context: str = "thing") -> tuple[str, str]:
        """How the context is answered in this thread, and with which name."""
        status, body = CachedApi().read(f"{context}/?id={self.ids[which]}")
        assert isinstance(body, dict)
        [answer] = body.values()
        return status, answer

    def read(self, which: int = 0, context: str = "thing") -> tuple[str, str]:
        """`read_here` by somebody else."""
        return in_thread(lambda: self.read_here(which, context))

    def call(self, function: str, name: str, which: int = 0) -> int:
        """The status of a mutation that somebody else calls."""
        return in_thread(lambda: CachedApi().call(function, id=self.ids[which], name=name).status_code)


def once(action: Callable[[], Any]) -> Callable[[], Any]:
    """*action* the first time, nothing after it."""
    remaining = [action]
    return lambda: remaining.pop()() if remaining else None
