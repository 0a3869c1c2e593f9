"""
Which tables the answers of a context are made of: ``@client(context="user", watch=[Profile])``.

A watched model stands for its table and for those that belong to it: of the models it extends, of the models that extend it, of
its many-to-many relations, and of the models on the way of a path such as ``column__board_id``. `mizan.freshness.writes` sees
what is written to them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db.models import Model

from mizan.protocol.errors import E_WATCH, Finding
from mizan.protocol.specs import FunctionSpec
from mizan.service.current import Service, current_service
from mizan.service.invalidations import Invalidation

MOST_INSTANCES = 100
"""Where more instances than that have changed, the whole context is invalidated instead."""

Row = tuple[Any, ...]
"""The values at the paths of a watch, of one row; None where a value is not known."""


@dataclass(frozen=True)
class Watch:
    """
    A context that reads the table of *model*. *paths* gives for each parameter of the context where, seen from a row of the
    table, its value is. Without paths every change concerns the whole context.
    """

    model: type[Model]
    context: str
    paths: Mapping[str, str]

    def invalidated(self, rows: Iterable[Row]) -> list[Invalidation]:
        """What changed *rows* invalidate; a None in one of them narrows nothing."""
        if not self.paths:
            return [Invalidation(self.context)]
        values = current_service().contexts[self.context].values
        known = [values.known(self.paths, dict(zip(self.paths, row, strict=True))) for row in dict.fromkeys(rows)]
        if len(known) > MOST_INSTANCES:
            return [Invalidation(self.context)]
        return [Invalidation(self.context, None, params) for params in known]

    @property
    def anywhere(self) -> Row:
        """The values of a row that may be in any instance of the context."""
        return (None,) * len(self.paths)


@dataclass(frozen=True)
class AccessWatch(Watch):
    """A table of Django's that says who may do what: a change concerns the answers to everybody who is logged in."""

    def invalidated(self, rows: Iterable[Row]) -> list[Invalidation]:
        return [Invalidation.access(name) for name in current_service().contexts]


class Watches:
    """
    Every watch of one `Service`, by the name of its table, and what is wrong with the declarations.
    """

    def __init__(self, service: Service) -> None:
        self.findings: list[Finding] = []
        self.by_table: dict[str, list[Watch]] = defaultdict(list)
        for endpoint in service.all_endpoints.values():
            for model, fields in endpoint.spec.watch:
                self._add(service, endpoint.spec, model, fields)
        for model in _access_models():
            self.by_table[model._meta.db_table].append(AccessWatch(model, "", {}))

    def _add(self, service: Service, spec: FunctionSpec, named: Any, fields: Any) -> None:
        try:
            model = model_of(named)
            context = service.contexts.get(spec.context or "")
            if context is None:
                raise LookupError("watch= belongs to a function of a context")
            paths = _paths(context.parameter_names, fields)
            model._base_manager.none().values_list(*paths.values())
        except (LookupError, ValueError, FieldError) as error:
            self.findings.append(
                Finding(
                    E_WATCH,
                    f"@client(watch=…) on {spec.where} cannot be followed: {error}.",
                    'Write watch=[Profile], or watch={Profile: {"id": "user_id"}} to narrow it by a parameter.',
                )
            )
            return
        for watched, own in (*_tables(model, paths), *_tables_on_the_way(model, paths)):
            watch = Watch(watched, context.name, own)
            watches = self.by_table[watched._meta.db_table]
            if watch not in watches:
                watches.append(watch)


def model_of(named: Any) -> type[Model]:
    """
    A model given as itself or by its label.

    Raises:
        LookupError: there is none.
    """
    model = apps.get_model(named) if isinstance(named, str) else named
    if not (isinstance(model, type) and issubclass(model, Model)):
        raise LookupError(f"{named!r} is not a model")  # noqa: TRY004 - as for a label
    return model


def _tables(model: type[Model], paths: Mapping[str, str]) -> Iterator[tuple[type[Model], dict[str, str]]]:
    """The models whose tables hold rows of *model*, or say what these are related to, each with the paths from there."""
    concrete: Any = model._meta.concrete_model
    for each in apps.get_models(include_auto_created=True):
        if each._meta.concrete_model is each and issubclass(each, concrete):
            yield each, dict(paths)
    for parent in concrete._meta.get_parent_list():
        if parent._meta.concrete_model is parent:
            yield parent, {name: path for name, path in paths.items() if _begins_in(parent, path)}
    for relation in concrete._meta.get_fields():
        field = getattr(relation, "field", relation)
        if relation.many_to_many and hasattr(field, "remote_field"):
            through, target = field.remote_field.through, _link_to(field, relation)
            yield through, {name: f"{target}__{path}" for name, path in paths.items()}


def _tables_on_the_way(model: type[Model], paths: Mapping[str, str]) -> Iterator[tuple[type[Model], dict[str, str]]]:
    """The models that the paths lead through, each with what is left of the way."""
    for name, path in paths.items():
        current, parts = model, path.split("__")
        while len(parts) > 1 and parts[0] != "pk":
            field: Any = current._meta.get_field(parts.pop(0))
            if field.related_model is None:
                break  # a transform, as in ``date__year``
            current = field.related_model
            yield current, {name: "__".join(parts)}


def _begins_in(model: type[Model], path: str) -> bool:
    first = path.split("__", maxsplit=1)[0]
    if first == "pk":
        return True
    try:
        return model._meta.get_field(first) is not None
    except FieldDoesNotExist:
        return False


def _link_to(field: Any, relation: Any) -> str:
    """The foreign key of the table in between that points at the side where *relation* is."""
    name: str = field.m2m_field_name() if field is relation else field.m2m_reverse_field_name()
    return name


def _access_models() -> Iterator[type[Model]]:
    """The tables that say who has which permission. Without Django's permissions there are none."""
    if not apps.is_installed("django.contrib.auth"):
        return
    group = apps.get_model("auth.Group")
    yield from (group, apps.get_model("auth.Permission"))
    for model, names in ((get_user_model(), ("groups", "user_permissions")), (group, ("permissions",))):
        for name in names:
            field = getattr(model, name, None)
            if field is not None and hasattr(field, "through"):
                yield field.through


def _paths(parameters: tuple[str, ...], fields: Any) -> dict[str, str]:
    """For each parameter that *fields* narrows, the path to its value."""
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


def current_watches() -> Watches:
    """The watches of the current service."""
    return current_service().derive(Watches)
