"""
When a change is told: once others can read it, so when the transaction that made it commits, and never if it is rolled back.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from mizan.freshness.listeners import Change, tell
from mizan.protocol.canonical import canonical_json
from mizan.service.invalidations import Invalidation

_MANUAL = "_mizan_manual_batch"


class _Thread(threading.local):
    """What a thread knows of its connections, which are its own."""

    may_have_batches = False


_thread = _Thread()


def announce(invalidations: Iterable[Invalidation], using: str | None = None) -> str:
    """
    Tell of *invalidations* at the commit of every transaction that is open in this thread, or now where none is.

    Args:
        using: The alias of the only database that was written to, where that is known.

    Returns:
        The id of the event, made here: whoever is told at the commit gets the same id as the answer of the call.
    """
    change = Change(secrets.token_hex(8), tuple(invalidations))
    if not change.invalidations:
        return change.event
    open_connections = [
        connection
        for connection in connections.all(initialized_only=True)
        if _is_open(connection) and using in (None, connection.alias)
    ]
    if not open_connections:
        tell([change])
        return change.event
    _thread.may_have_batches = True
    for connection in open_connections:
        # With autocommit off the end of an outermost block commits nothing.
        is_atomic = connection.in_atomic_block and connection.commit_on_exit
        batch = _batch(connection) if is_atomic else _manual_batch(connection)
        batch.add(change)
    return change.event


def has_untold_changes() -> bool:
    """Whether a change of this thread waits for its commit; this thread then sees other data than the cache."""
    if not _thread.may_have_batches:
        return False
    _thread.may_have_batches = any(
        isinstance(callback, _Batch)
        for connection in connections.all(initialized_only=True)
        for callback in (vars(connection).get(_MANUAL), *(hook[1] for hook in connection.run_on_commit))
    )
    return _thread.may_have_batches


def is_in_transaction() -> bool:
    """Whether this thread may see a state of a database that others do not see, or no longer."""
    return any(_is_open(connection) for connection in connections.all(initialized_only=True))


def _is_open(connection: BaseDatabaseWrapper) -> bool:
    return connection.in_atomic_block or (connection.connection is not None and not connection.autocommit)


class _Batch:
    """The changes of one transaction, or of one savepoint in it: told when it commits."""

    def __init__(self) -> None:
        self._events: dict[bytes, tuple[Invalidation, str]] = {}

    def add(self, change: Change) -> None:
        """Add *change*. Of two events with the same invalidation, which commit together, the later one is told."""
        for one in change.invalidations:
            self._events[canonical_json([one.context, one.reader, one.params])] = one, change.event

    def __call__(self) -> None:
        by_event: dict[str, list[Invalidation]] = {}
        for one, event in self._events.values():
            by_event.setdefault(event, []).append(one)
        tell([Change(event, tuple(invalidations)) for event, invalidations in by_event.items()])


def _batch(connection: BaseDatabaseWrapper) -> _Batch:
    """The batch that goes with the savepoints that are open now."""
    if connection.run_on_commit:
        savepoints, callback, *_ = connection.run_on_commit[-1]
        if isinstance(callback, _Batch) and savepoints == set(connection.savepoint_ids):
            return callback
    batch = _Batch()
    transaction.on_commit(batch, using=connection.alias, robust=True)
    _run_batches_first(connection)
    return batch


def _manual_batch(connection: BaseDatabaseWrapper) -> _Batch:
    """
    The batch of a transaction that the project itself commits, with autocommit off. Django has no hooks for those.
    """
    own: dict[str, Any] = vars(connection)
    if "commit" not in own:
        own["commit"] = _followed(connection.commit, lambda: own.pop(_MANUAL, _Batch())())  # noqa: PLW0108 - popped then
        own["rollback"] = _followed(connection.rollback, lambda: own.pop(_MANUAL, None))
        own["close"] = _followed(connection.close, lambda: own.pop(_MANUAL, None))
        # Whoever turns autocommit on commits.
        own["set_autocommit"] = _followed(
            connection.set_autocommit, lambda: own.pop(_MANUAL, _Batch())() if connection.autocommit else None
        )
    batch: _Batch = own.setdefault(_MANUAL, _Batch())
    return batch


def _followed(method: Callable[..., Any], then: Callable[[], Any]) -> Callable[..., Any]:
    """*method*, with *then* after it has succeeded."""

    def follow(*args: Any, **kwargs: Any) -> Any:
        result = method(*args, **kwargs)
        then()
        return result

    return follow


def _run_batches_first(connection: BaseDatabaseWrapper) -> None:
    """
    Run our batches before the project's hooks. A hook may tell a browser to look again, and Django skips the rest when one
    raises.
    """
    if "run_and_clear_commit_hooks" in vars(connection):
        return
    run_hooks = connection.run_and_clear_commit_hooks

    def run_ours_first() -> None:
        connection.run_on_commit.sort(key=lambda hook: not isinstance(hook[1], _Batch))
        run_hooks()

    vars(connection)["run_and_clear_commit_hooks"] = run_ours_first
