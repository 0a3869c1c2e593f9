"""
Accounts of single statements: in which instances of a context the rows are that an insert, an update or a delete touches.

An account only narrows. Whatever it cannot tell counts as everywhere, and it never fails or changes the statement.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.db.models.constants import OnConflict
from django.db.models.sql import Query

from mizan.freshness.watches import MOST_INSTANCES, Row, Watch
from mizan.service.invalidations import Invalidation

logger = logging.getLogger("mizan")


class RowsAccount:
    """
    Of an update or a delete: where its rows are before it, and where they are after it. Both are read from the database that
    is written to. A row may have been moved by somebody else's commit while the statement waited for its lock.
    """

    def __init__(self, compiler: Any, watches: list[Watch]) -> None:
        self._compiler = compiler
        self._watches = watches
        self._before: dict[int, list[tuple[Any, Row]] | None] = {
            number: self._read(watch) for number, watch in enumerate(watches) if watch.paths
        }

    def invalidated(self, result: Any, *args: Any, **kwargs: Any) -> Iterator[Invalidation]:
        """What the executed statement invalidates; *result* is what Django's compiler has returned."""
        count = result if isinstance(result, int) else getattr(result, "rowcount", None)
        for number, watch in enumerate(self._watches):
            before = self._before.get(number, [])
            # As many rows as were seen are most likely the rows that were seen.
            if before is None or (watch.paths and count != len(before)):
                yield from watch.invalidated([watch.anywhere])
                continue
            rows = [row for _, row in before]
            if watch.paths and before:
                rows += self._read_again(watch, [key for key, _ in before])
            if rows or not watch.paths:
                yield from watch.invalidated(rows)

    def _read(self, watch: Watch) -> list[tuple[Any, Row]] | None:
        """The key and the values of each row that the statement is about; None where there are too many or none can say."""
        try:
            with _unharmed(self._compiler):
                # As Django itself finds the rows of an update that needs a join.
                query: Any = self._compiler.query.chain(klass=Query)
                query.clear_ordering(force=True)
                query.extra, query.select = {}, ()
                query.select_for_update = query.distinct = False
                query.annotation_select_mask = set()
                rows: Any = QuerySet(query.model, query, self._compiler.using)
                rows = rows.values_list("pk", *watch.paths.values())
                found = [(key, tuple(values)) for key, *values in rows[: MOST_INSTANCES + 1]]
        except Exception as error:  # whatever it is, it must not be the write's
            logger.debug("The rows of a statement cannot be told: %r", error)
            return None
        return found if len(found) <= MOST_INSTANCES else None

    def _read_again(self, watch: Watch, keys: list[Any]) -> list[Row]:
        try:
            with _unharmed(self._compiler):
                manager = watch.model._base_manager.using(self._compiler.using)
                return list(manager.filter(pk__in=keys).order_by().values_list(*watch.paths.values()))
        except Exception as error:
            logger.debug("The rows of a statement cannot be told: %r", error)
            return [watch.anywhere]


class InsertAccount:
    """
    Of an insert: where its objects say that they are.
    """

    def __init__(self, compiler: Any, watches: list[Watch]) -> None:
        self._compiler = compiler
        self._watches = watches

    def invalidated(self, result: Any, *args: Any, **kwargs: Any) -> Iterator[Invalidation]:
        """What the executed statement invalidates; *result* holds what the database returned for each object."""
        returning = kwargs.get("returning_fields") or (args[0] if args else None) or ()
        rows = list(result) if isinstance(result, list | tuple) else []
        returned = [dict(zip((field.attname for field in returning), row, strict=False)) for row in rows]
        for watch in self._watches:
            yield from watch.invalidated(self._rows(watch, returned))

    def _rows(self, watch: Watch, returned: list[dict[str, Any]]) -> list[Row]:
        objects = self._compiler.query.objs
        # An upsert may hit a row that is somewhere else than the object says.
        if not watch.paths or len(objects) > MOST_INSTANCES or self._compiler.query.on_conflict is OnConflict.UPDATE:
            return [watch.anywhere]
        try:
            return [
                tuple(
                    self._value(item, path, returned[number] if number < len(returned) else {})
                    for path in watch.paths.values()
                )
                for number, item in enumerate(objects)
            ]
        except Exception as error:
            logger.debug("The rows of a statement cannot be told: %r", error)
            return [watch.anywhere]

    def _value(self, item: Model, path: str, returned: dict[str, Any]) -> Any:
        """The value at *path* from the row of *item*; None where only the database knows it."""
        first, _, rest = path.partition("__")
        field: Any = item._meta.pk if first == "pk" else item._meta.get_field(first)
        value = returned.get(field.attname, vars(item).get(field.attname))
        if value is None or hasattr(value, "resolve_expression"):
            return None
        if not rest:
            return value
        if field.related_model is None:
            return None
        with _unharmed(self._compiler):
            related = field.related_model._base_manager.using(self._compiler.using)
            return related.filter(**{field.target_field.attname: value}).values_list(rest, flat=True).first()


@contextmanager
def _unharmed(compiler: Any) -> Iterator[None]:
    """Read inside. In PostgreSQL a read that fails would end the transaction of the write, so it has a savepoint of its own."""
    connection = compiler.connection
    is_open = connection.in_atomic_block or not connection.autocommit
    if not is_open or connection.vendor != "postgresql":
        yield
    elif connection.in_atomic_block:
        with transaction.atomic(using=compiler.using):
            yield
    else:
        savepoint = connection.savepoint()
        try:
            yield
        except Exception:
            connection.savepoint_rollback(savepoint)
            raise
        connection.savepoint_commit(savepoint)
