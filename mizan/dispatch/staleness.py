"""
What has changed, said once it is there for others to read: when the transaction that changed it commits, and never if it
is rolled back.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from itertools import chain, combinations
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from mizan.cache.current import current_cache
from mizan.dispatch.endpoints import Service, current_service
from mizan.dispatch.stale import ACCESS, Stale
from mizan.protocol.canonical import canonical_json
from mizan.telemetry import span

_MANUAL = "_mizan_manual_batch"


class _Thread(threading.local):
    """What a thread knows of its connections, which are its own."""

    may_wait = False


_thread = _Thread()


def announce(changes: Iterable[Stale], using: str | None = None) -> None:
    """
    Make *changes* stale at the commit of every transaction that is open in this thread, or now.

    Args:
        using: The alias of the only database that was written to, where that is known.
    """
    changes = tuple(changes)
    if not changes:
        return
    open_ones = [
        connection
        for connection in connections.all(initialized_only=True)
        if _is_open(connection) and using in (None, connection.alias)
    ]
    if open_ones:
        _thread.may_wait = True
    for connection in open_ones:
        # With autocommit off the end of an outermost block commits nothing.
        is_atomic = connection.in_atomic_block and connection.commit_on_exit
        batch = _batch(connection) if is_atomic else _manual_batch(connection)
        batch.extend(changes)
    if not open_ones:
        make_stale(changes)


def make_stale(changes: Sequence[Stale]) -> None:
    """Make *changes* stale now, for everybody. Never raises for a store that does not answer."""
    cache = current_cache()
    if cache is None:
        return
    tags = _tags(current_service(), changes)
    with span("invalidate", tags=len(tags)) as current:
        current.set_attribute("mizan.owed", not cache.entries.stale(tags))


def is_waiting() -> bool:
    """Whether something that this thread has changed waits for a commit; what is cached is not what this thread sees."""
    if not _thread.may_wait:
        return False
    _thread.may_wait = any(
        isinstance(callback, _Batch)
        for connection in connections.all(initialized_only=True)
        for callback in (vars(connection).get(_MANUAL), *(hook[1] for hook in connection.run_on_commit))
    )
    return _thread.may_wait


def is_in_transaction() -> bool:
    """Whether this thread may be looking at a state of a database that is not, or no longer, the one that others see."""
    return any(_is_open(connection) for connection in connections.all(initialized_only=True))


def _is_open(connection: BaseDatabaseWrapper) -> bool:
    return connection.in_atomic_block or (connection.connection is not None and not connection.autocommit)


class _Batch:
    """What one transaction, or one savepoint of it, makes stale when it commits."""

    def __init__(self) -> None:
        self._changes: dict[bytes, Stale] = {}

    def extend(self, changes: Sequence[Stale]) -> None:
        for change in changes:
            self._changes[canonical_json([change.context, change.function, change.params])] = change

    def __call__(self) -> None:
        make_stale(tuple(self._changes.values()))


def _batch(connection: BaseDatabaseWrapper) -> _Batch:
    """The batch that goes with the savepoints that are open now."""
    if connection.run_on_commit:
        savepoints, callback, *_ = connection.run_on_commit[-1]
        if isinstance(callback, _Batch) and savepoints == set(connection.savepoint_ids):
            return callback
    batch = _Batch()
    transaction.on_commit(batch, using=connection.alias, robust=True)
    _tell_first(connection)
    return batch


def _manual_batch(connection: BaseDatabaseWrapper) -> _Batch:
    """
    The batch of a transaction that the project itself commits, with autocommit off. Django has no hooks for those.
    """
    own: dict[str, Any] = vars(connection)
    if "commit" not in own:
        commit, rollback = connection.commit, connection.rollback

        def commit_and_tell() -> None:
            commit()
            own.pop(_MANUAL, _Batch())()

        def roll_back_and_forget() -> None:
            rollback()
            own.pop(_MANUAL, None)

        own["commit"], own["rollback"] = commit_and_tell, roll_back_and_forget
    batch: _Batch = own.setdefault(_MANUAL, _Batch())
    return batch


def _tell_first(connection: BaseDatabaseWrapper) -> None:
    """
    Have our batches run before the project's hooks: one of those may tell a browser to look again, and if one raises, Django
    skips the others.
    """
    if "run_and_clear_commit_hooks" in vars(connection):
        return
    run_hooks = connection.run_and_clear_commit_hooks

    def run_ours_first() -> None:
        connection.run_on_commit.sort(key=lambda hook: not isinstance(hook[1], _Batch))
        run_hooks()

    vars(connection)["run_and_clear_commit_hooks"] = run_ours_first


def _tags(service: Service, changes: Iterable[Stale]) -> dict[str, str]:
    """The tags that *changes* make stale, each with the tag of its whole context."""
    cache = current_cache()
    tags: dict[str, str] = {}
    if cache is None:
        return tags
    for change in changes:
        context = service.contexts.get(change.context)
        whole = cache.keys.tag(change.context)
        if change.function == ACCESS:
            tags[cache.keys.access_tag(change.context)] = whole
            continue
        if context is None or (change.function is None and not change.params):
            tags[whole] = whole
            continue
        names = context.readers if change.function is None else (change.function,)
        for name in names:
            scope = context.scopes[name].reached(change.params, alone=change.function is not None)
            # What was left to its default may stand for all values, so it is stale whatever the value is.
            for left in _subsets(context.optional.intersection(scope.names)):
                params = {key: change.params[key] for key in scope.names if key not in left}
                tags[cache.keys.tag(change.context, scope.function, params, left)] = whole
    return tags


def _subsets(names: Iterable[str]) -> Iterable[tuple[str, ...]]:
    names = sorted(names)
    return chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))
