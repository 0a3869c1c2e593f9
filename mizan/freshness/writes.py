"""
What was written to watched models, noticed in every process that has loaded the apps.

Seen are saves, deletes, changes of many-to-many relations, ``update()``, ``bulk_create()`` and ``bulk_update()`` through
Django's ORM. Not seen is SQL that Django did not write.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save

from mizan.freshness.commit import announce
from mizan.freshness.watches import Watch, current_watches, model_of, same_rows
from mizan.protocol.registry import default_registry
from mizan.protocol.specs import FunctionSpec
from mizan.service.invalidations import Invalidation

UID = "mizan.watch"


def start() -> None:
    """Watch the models of every function, whether it is registered by now or later."""
    for spec in default_registry:
        _watch_models_of(spec)
    if _watch_models_of not in default_registry.listeners:
        default_registry.listeners.append(_watch_models_of)


def _watch_models_of(spec: FunctionSpec) -> None:
    for named, _ in spec.watch:
        try:
            model = model_of(named)
        except LookupError:
            continue  # `manage.py check` says so
        # By sender: a receiver of all deletes would take Django's fast ones away from every model.
        for sender in (*same_rows(model), *model._meta.get_parent_list()):
            pre_save.connect(_before_save, sender=sender, dispatch_uid=UID)
            post_save.connect(_after_save, sender=sender, dispatch_uid=UID)
            post_delete.connect(_after_delete, sender=sender, dispatch_uid=UID)
        m2m_changed.connect(_after_m2m_change, dispatch_uid=UID)
        _see_querysets()


def _before_save(sender: type[Model], instance: Model, using: str, raw: bool = False, **kwargs: Any) -> None:
    """Remember where the row was: a change of the field that narrows the watch concerns two instances of the context."""
    narrow = [watch for watch in current_watches().of(sender) if watch.fields]
    if narrow and not instance._state.adding and instance.pk is not None:
        row = sender._base_manager.using(using).filter(pk=instance.pk)
        vars(instance)["_mizan_before"] = {id(watch): watch.of_rows(row) for watch in narrow}


def _after_save(sender: type[Model], instance: Model, using: str, **kwargs: Any) -> None:
    before = vars(instance).pop("_mizan_before", {})
    for watch in current_watches().of(sender):
        announce(watch.invalidated([*before.get(id(watch), ()), watch.of_instance(instance)]), using)


def _after_delete(sender: type[Model], instance: Model, using: str, **kwargs: Any) -> None:
    for watch in current_watches().of(sender):
        announce(watch.invalidated([watch.of_instance(instance)]), using)


def _after_m2m_change(
    sender: type[Model],
    *,
    instance: Any,
    action: str,
    model: type[Model],
    pk_set: set[Any] | None,
    using: str,
    **_: Any,
) -> None:
    if action not in ("post_add", "post_remove", "post_clear"):
        return
    watches = current_watches()
    for watch in watches.of(type(instance)):
        announce(watch.invalidated([watch.of_instance(instance)]), using)
    for watch in watches.of(model):
        rows = model._base_manager.using(using).filter(pk__in=pk_set or ())
        announce([Invalidation(watch.context)] if pk_set is None else watch.invalidated(watch.of_rows(rows)), using)
    for watch in watches.of(sender):
        announce([Invalidation(watch.context)], using)


_BULK_CREATE = inspect.signature(QuerySet.bulk_create)
_is_seeing_querysets = False


def _see_querysets() -> None:
    """
    Have `update` and `bulk_create` announce what they change; Django sends no signal for them.

    ``bulk_update`` and the async methods call these two.
    """
    global _is_seeing_querysets  # noqa: PLW0603 - Django is told once
    if _is_seeing_querysets:
        return
    _is_seeing_querysets = True
    update, bulk_create = QuerySet.update, QuerySet.bulk_create

    def watched_update(self: QuerySet[Any], **values: Any) -> int:
        watches = current_watches().of(self.model)
        if not watches or self.query.is_sliced:  # Django refuses to update a slice
            return update(self, **values)
        changed = {id(watch): watch.of_rows(self.all()) for watch in watches}
        count = update(self, **values)
        for watch in watches:
            moved = [_anywhere(watch)] if _moves(self.model, watch, values) else []
            announce(watch.invalidated([*changed[id(watch)], *moved]), self.db)
        return count

    def watched_bulk_create(self: QuerySet[Any], objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        watches = current_watches().of(self.model)
        created = bulk_create(self, objs, *args, **options)
        asked = _BULK_CREATE.bind(self, objs, *args, **options).arguments if watches else {}
        upserted = dict.fromkeys(asked.get("update_fields") or ())
        for watch in watches:
            moved = [_anywhere(watch)] if _moves(self.model, watch, upserted) else []
            announce(watch.invalidated([*(watch.of_instance(instance) for instance in created), *moved]), self.db)
        return created

    for name, original, replacement in (
        ("update", update, watched_update),
        ("bulk_create", bulk_create, watched_bulk_create),
    ):
        vars(replacement).update(vars(original))  # alters_data, which templates look at
        setattr(QuerySet, name, replacement)


def _anywhere(watch: Watch) -> tuple[None, ...]:
    """The values of a row that may be in any instance of the context."""
    return (None,) * len(watch.fields)


def _moves(model: type[Model], watch: Watch, values: Mapping[str, Any]) -> bool:
    """Whether an update writes a field that narrows *watch*. Only the database knows in which instances the rows are then."""
    written = {model._meta.get_field(name) for name in values if name != "pk"}
    return any(model._meta.get_field(path.split("__")[0]) in written for path in watch.fields.values() if path != "pk")
