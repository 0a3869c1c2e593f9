"""
Contexts that become stale when rows of a model change, whoever changes them: ``@client(context="user", watch=[Profile])``.

Seen are saves, deletes, changes of many-to-many relations, ``update()``, ``bulk_create()`` and ``bulk_update()`` through
Django's ORM, in every process that has loaded the apps. Not seen is SQL that Django did not write.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldError
from django.db.models import Model, QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save

from mizan.dispatch.endpoints import Service, current_service, service_made
from mizan.dispatch.stale import Stale
from mizan.dispatch.staleness import announce
from mizan.protocol.errors import E_WATCH, Finding
from mizan.protocol.registry import default_registry
from mizan.protocol.specs import FunctionSpec

MOST_SCOPES = 100
"""From so many changed instances on, the whole context is made stale instead."""


@dataclass(frozen=True)
class Watch:
    """
    A context that reads *model*. *fields* gives for each parameter of the context the field that holds its value.
    """

    model: type[Model]
    context: str
    fields: Mapping[str, str]

    def stale(self, values: Iterable[tuple[Any, ...]]) -> list[Stale]:
        """What changed rows make stale, given the values of *fields* in each; a None among them says nothing."""
        if not self.fields:
            return [Stale(self.context)]
        known = self._known(values)
        return [Stale(self.context)] if len(known) > MOST_SCOPES else [Stale(self.context, None, one) for one in known]

    def _known(self, values: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
        parameters = current_service().contexts[self.context].values
        return [
            parameters.scope(self.fields, dict(zip(self.fields, row, strict=True))) for row in dict.fromkeys(values)
        ]

    def of_instance(self, instance: Model) -> tuple[Any, ...]:
        """The values of *fields* in *instance*, as they are in memory."""
        return tuple(_value(instance, path) for path in self.fields.values())

    def of_rows(self, rows: QuerySet[Any]) -> list[tuple[Any, ...]]:
        """The values of *fields* in *rows*, as they are in the database; one more than `MOST_SCOPES` at most."""
        if not self.fields:
            return [()]
        return list(rows.order_by().values_list(*self.fields.values()).distinct()[: MOST_SCOPES + 1])


def _value(instance: Model, path: str) -> Any:
    value: Any = instance
    for part in path.split("__"):
        value = getattr(value, part, None)
    return value.pk if isinstance(value, Model) else value


class Watches:
    """
    Every watch of one `Service`, and what is wrong with the declarations.
    """

    def __init__(self, service: Service) -> None:
        self.findings: list[Finding] = []
        self.by_model: dict[type[Model], list[Watch]] = defaultdict(list)
        for endpoint in service.all_endpoints.values():
            for model, fields in endpoint.spec.watch:
                self._add(service, endpoint.spec, model, fields)

    def of(self, model: type[Model]) -> list[Watch]:
        """The watches that a change of a row of *model* concerns: of it, its proxies and the models it extends."""
        return self.by_model.get(model, [])

    def _add(self, service: Service, spec: FunctionSpec, named: Any, fields: Any) -> None:
        try:
            model = apps.get_model(named) if isinstance(named, str) else named
            if not (isinstance(model, type) and issubclass(model, Model)):
                raise LookupError(f"{named!r} is not a model")  # noqa: TRY004 - a finding, as the others
            context = service.contexts.get(spec.context or "")
            if context is None:
                raise LookupError("watch= belongs to a function of a context")
            watch = Watch(model, context.name, _fields(model, context.parameter_names, fields))
            watch.of_rows(model._base_manager.none())
        except (LookupError, ValueError, FieldError) as error:
            self.findings.append(
                Finding(
                    E_WATCH,
                    f"@client(watch=…) on {spec.where} cannot be followed: {error}.",
                    'Write watch=[Profile], or watch={Profile: {"id": "user_id"}} to narrow it by a parameter.',
                )
            )
            return
        for each in apps.get_models(include_auto_created=True):
            if issubclass(each, model) or each._meta.concrete_model is model._meta.concrete_model:
                self.by_model[each].append(watch)
        for parent in model._meta.get_parent_list():
            # A change of a parent's row may be one of this model, and does not say of which.
            self.by_model[parent].append(Watch(parent, context.name, {}))


def _fields(model: type[Model], parameters: tuple[str, ...], fields: Any) -> dict[str, str]:
    """For each parameter that *fields* narrows, the field."""
    if not fields:
        return {}
    if isinstance(fields, Mapping):
        unknown = sorted(set(fields) - set(parameters))
        if unknown:
            raise LookupError(f"the context has no parameter {', '.join(unknown)}")
        return dict(fields)
    if fields in parameters:
        return {fields: fields}
    if len(parameters) == 1:
        return {parameters[0]: fields}
    raise LookupError(f"{fields!r} could be any of the parameters {', '.join(parameters) or '(none)'}")


_watches: tuple[Service, Watches] | None = None


def current_watches() -> Watches:
    """The watches of the current service."""
    global _watches  # noqa: PLW0603 - one derived value for one service
    service = current_service()
    if _watches is None or _watches[0] is not service:
        _watches = service, Watches(service)
        _connect(_watches[1])
    return _watches[1]


def start() -> None:
    """Begin to look, in a process that may write before it serves anything."""
    service_made.connect(_follow, dispatch_uid="mizan.watch")
    if any(spec.watch for spec in default_registry):
        current_watches()


def _follow(sender: Any, service: Service, **kwargs: Any) -> None:
    if any(endpoint.spec.watch for endpoint in service.all_endpoints.values()):
        current_watches()


def _connect(watches: Watches) -> None:
    # By sender: a receiver of all deletes would take Django's fast ones away from every model.
    for model in watches.by_model:
        pre_save.connect(_before_save, sender=model, dispatch_uid="mizan.watch")
        post_save.connect(_after_save, sender=model, dispatch_uid="mizan.watch")
        post_delete.connect(_after_delete, sender=model, dispatch_uid="mizan.watch")
    if watches.by_model:
        m2m_changed.connect(_after_m2m_change, dispatch_uid="mizan.watch")
        _see_querysets()


def _before_save(sender: type[Model], instance: Model, using: str, raw: bool = False, **kwargs: Any) -> None:
    """Remember where the row was: a change of the field that narrows concerns two instances of the context."""
    narrow = [watch for watch in current_watches().of(sender) if watch.fields]
    if narrow and not instance._state.adding and instance.pk is not None:
        row = sender._base_manager.using(using).filter(pk=instance.pk)
        vars(instance)["_mizan_before"] = {id(watch): watch.of_rows(row) for watch in narrow}


def _after_save(sender: type[Model], instance: Model, using: str, **kwargs: Any) -> None:
    before = vars(instance).pop("_mizan_before", {})
    for watch in current_watches().of(sender):
        announce(watch.stale([*before.get(id(watch), ()), watch.of_instance(instance)]), using)


def _after_delete(sender: type[Model], instance: Model, using: str, **kwargs: Any) -> None:
    for watch in current_watches().of(sender):
        announce(watch.stale([watch.of_instance(instance)]), using)


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
        announce(watch.stale([watch.of_instance(instance)]), using)
    for watch in watches.of(model):
        rows = model._base_manager.using(using).filter(pk__in=pk_set or ())
        announce([Stale(watch.context)] if pk_set is None else watch.stale(watch.of_rows(rows)), using)
    for watch in watches.of(sender):
        announce([Stale(watch.context)], using)


_is_seeing_querysets = False


def _see_querysets() -> None:
    """
    Have `update` and `bulk_create` say what they change; Django sends no signal for them.

    ``bulk_update`` and the async forms are made of these two.
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
            moved = [(None,) * len(watch.fields)] if _moves(self.model, watch, values) else []
            announce(watch.stale([*changed[id(watch)], *moved]), self.db)
        return count

    def watched_bulk_create(self: QuerySet[Any], objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        watches = current_watches().of(self.model)
        created = bulk_create(self, objs, *args, **options)
        for watch in watches:
            announce(watch.stale([watch.of_instance(instance) for instance in created]), self.db)
        return created

    for name, original, replacement in (
        ("update", update, watched_update),
        ("bulk_create", bulk_create, watched_bulk_create),
    ):
        vars(replacement).update(vars(original))  # alters_data, which templates look at
        setattr(QuerySet, name, replacement)


def _moves(model: type[Model], watch: Watch, values: Mapping[str, Any]) -> bool:
    """Whether an update writes a field that narrows *watch*: where the rows go is known to the database alone."""
    written = {model._meta.get_field(name) for name in values if name != "pk"}
    return any(model._meta.get_field(path.split("__")[0]) in written for path in watch.fields.values() if path != "pk")
