"""
What is written to watched tables, seen in every process that has loaded the apps.

Every statement that Django sends passes an execute wrapper. A statement that is no read and names a watched table
invalidates the contexts that read it, whole, unless there is a narrower account of that very statement. Such accounts are given
where Django compiles inserts, updates and deletes: there the rows are known. So nothing needs a signal, and nothing that sends
none is missed: raw SQL, deletes by cascade, many-to-many rows, fixtures, migrations, ``flush``.

Not seen is what another program, a trigger or ``COPY`` writes.
"""

from __future__ import annotations

import functools
import logging
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models.sql.compiler import SQLDeleteCompiler, SQLInsertCompiler, SQLUpdateCompiler

from mizan.freshness.accounts import InsertAccount, RowsAccount
from mizan.freshness.commit import announce
from mizan.freshness.listeners import is_anybody_listening
from mizan.freshness.watches import Watch, Watches, current_watches
from mizan.service.current import current_service

UID = "mizan.writes"

logger = logging.getLogger("mizan")

# Also where they are no statement but a name or a text: it is then taken for a write, which costs a hit and no truth.
_WRITES = re.compile(r"\b(?:INSERT|UPDATE|DELETE|MERGE|REPLACE|TRUNCATE)\b", re.IGNORECASE)

_installing = threading.Lock()
_is_installed = False


def start() -> None:
    """Put the wrapper on every connection, and have Django's compilers give accounts. Where nobody listens they do nothing."""
    global _is_installed  # noqa: PLW0603 - Django's classes are changed once
    with _installing:
        if _is_installed:
            return
        _is_installed = True
    for compiler, account in (
        (SQLInsertCompiler, InsertAccount),
        (SQLUpdateCompiler, RowsAccount),
        (SQLDeleteCompiler, RowsAccount),
    ):
        vars_of: Any = compiler
        vars_of.execute_sql = _with_account(vars_of.execute_sql, account)
    connection_created.connect(_wrap, dispatch_uid=UID)
    for connection in connections.all(initialized_only=True):
        _wrap(connection=connection)


def _wrap(*, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if _see_statement not in connection.execute_wrappers:
        connection.execute_wrappers.append(_see_statement)


def _with_account(original: Callable[..., Any], account_class: Any) -> Callable[..., Any]:
    @functools.wraps(original)
    def execute_sql(self: Any, *args: Any, **kwargs: Any) -> Any:
        watches = _watches().by_table.get(self.query.get_meta().db_table) if is_anybody_listening() else None
        if not watches:
            return original(self, *args, **kwargs)
        account = account_class(self, watches)
        with _accounted(self.connection):
            result = original(self, *args, **kwargs)
        announce(account.invalidated(result, *args, **kwargs), self.using)
        return result

    return execute_sql


_ACCOUNTED = "_mizan_accounted"


@contextmanager
def _accounted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """There is an account of the statements that *connection* executes inside."""
    own: dict[str, Any] = vars(connection)
    before = own.get(_ACCOUNTED, False)
    own[_ACCOUNTED] = True
    try:
        yield
    finally:
        own[_ACCOUNTED] = before


def _see_statement(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    connection = context["connection"]
    if sql[:6] == "SELECT" or vars(connection).get(_ACCOUNTED) or not is_anybody_listening():
        return execute(sql, params, many, context)
    named = _named_in(sql)
    if not named:
        return execute(sql, params, many, context)
    try:
        return execute(sql, params, many, context)
    finally:
        announce([one for watch in named for one in watch.invalidated([watch.anywhere])], connection.alias)


def _named_in(sql: Any) -> list[Watch]:
    """The watches of the tables that a statement names, if it is no plain SELECT."""
    text = sql if isinstance(sql, str) else str(sql)
    if _is_read(text):
        return []
    watches = _watches()
    tables = set(current_service().derive(_table_names).findall(text.lower()))
    return [watch for table, each in watches.by_table.items() if table.lower() in tables for watch in each]


def _is_read(text: str) -> bool:
    start = text.lstrip("( \t\r\n")[:6].upper()
    return start == "SELECT" or (start.startswith("WITH") and _WRITES.search(text) is None)


def _table_names(service: Any) -> re.Pattern[str]:
    names = sorted(map(re.escape, map(str.lower, service.derive(Watches).by_table)), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)") if names else re.compile(r"(?!)")


def _watches() -> Watches:
    """The watches as they are now. No write fails because they cannot be resolved."""
    try:
        return current_watches()
    except Exception:
        logger.exception("Watched models cannot be resolved")
        return _NO_WATCHES


class _NoWatches(Watches):
    def __init__(self) -> None:
        self.findings, self.by_table = [], defaultdict(list)


_NO_WATCHES = _NoWatches()
