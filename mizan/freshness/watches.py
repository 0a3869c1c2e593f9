"""
Contexts that are invalidated when rows of a model change, whoever changes them: ``@client(context="user", watch=[Profile])``.

Here the declarations are resolved; `mizan.freshness.writes` hears of the changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldError
from django.db.models import Model, QuerySet

from mizan.protocol.errors import E_WATCH, Finding
from mizan.protocol.specs import FunctionSpec
from mizan.service.current import Service, current_service
from mizan.service.invalidations import Invalidation

MOST_INSTANCES = 100
"""Where more instances than that have changed, the whole context is invalidated instead."""


@dataclass(frozen=True)
class Watch:
    """
    A context that reads *model*. *fields* gives for each parameter of the context the field that holds its value.
    """

    model: type[Model]
    context: str
    fields: Mapping[str, str]

    def invalidated(self, values: Iterable[tuple[Any, ...]]) -> list[Invalidation]:
        """What changed rows invalidate, given the values of *fields* in each; a None among them narrows nothing."""
        if not self.fields:
            return [Invalidation(self.context)]
        known = self._known(values)
        if len(known) > MOST_INSTANCES:
            return [Invalidation(self.context)]
        return [Invalidation(self.context, None, params) for params in known]

    def _known(self, values: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
        parameters = current_service().contexts[self.context].values
        return [
            parameters.known(self.fields, dict(zip(self.fields, row, strict=True))) for row in dict.fromkeys(values)
        ]

    def of_instance(self, instance: Model) -> tuple[Any, ...]:
        """The values of *fields* in *instance*, as they are in memory."""
        return tuple(_value(instance, path) for path in self.fields.values())

    def of_rows(self, rows: QuerySet[Any]) -> list[tuple[Any, ...]]:
        """The values of *fields* in *rows*, as they are in the database; one more than `MOST_INSTANCES` at most."""
        if not self.fields:
            return [()]
        return list(rows.order_by().values_list(*self.fields.values()).distinct()[: MOST_INSTANCES + 1])


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
            model = model_of(named)
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
        for each in same_rows(model):
            self.by_model[each].append(watch)
        for parent in model._meta.get_parent_list():
            # A change of a parent's row may be one of this model, and does not say of which.
            self.by_model[parent].append(Watch(parent, context.name, {}))


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


def same_rows(model: type[Model]) -> list[type[Model]]:
    """*model*, its proxies, and the models that extend it."""
    return [
        each
        for each in apps.get_models(include_auto_created=True)
        if issubclass(each, model) or each._meta.concrete_model is model._meta.concrete_model
    ]


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


def current_watches() -> Watches:
    """The watches of the current service."""
    return current_service().derive(Watches)
