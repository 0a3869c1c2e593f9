"""
Django models as annotations: which ones an annotation holds, and the classes to write instead of one.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Field, Model

# By the internal type of a model's field. Files and relations to many are left out: what clients should get of them is
# for the developer to say.
_TYPES: Mapping[str, str] = {
    "AutoField": "int",
    "BigAutoField": "int",
    "BigIntegerField": "int",
    "BooleanField": "bool",
    "CharField": "str",
    "DateField": "date",
    "DateTimeField": "datetime",
    "DecimalField": "Decimal",
    "DurationField": "timedelta",
    "FloatField": "float",
    "GenericIPAddressField": "str",
    "IntegerField": "int",
    "JSONField": "Any",
    "PositiveBigIntegerField": "int",
    "PositiveIntegerField": "int",
    "PositiveSmallIntegerField": "int",
    "SlugField": "str",
    "SmallAutoField": "int",
    "SmallIntegerField": "int",
    "TextField": "str",
    "TimeField": "time",
    "UUIDField": "UUID",
}
_SECRET = ("password", "secret", "token", "hash")


def models_in(annotation: Any) -> Iterator[type[Model]]:
    """The Django models in *annotation*, in their order: that of ``list[Task] | None`` is ``Task``."""
    if isinstance(annotation, type) and not typing.get_args(annotation):
        if issubclass(annotation, Model):
            yield annotation
        return
    for argument in typing.get_args(annotation):
        yield from models_in(argument)


def class_for(model: type[Model], *, is_input: bool) -> str:
    """
    The pydantic class that stands for *model*, to be copied: ``class TaskOut(BaseModel):`` with its fields.

    What looks like a secret is left out, and so is the key that the database makes from what clients send.
    """
    lines = [
        f"    {field.attname}: {kind}"
        for field in model._meta.concrete_fields
        if (kind := _type_of(field)) and not (is_input and _is_automatic(field)) and not _is_secret(field.name)
    ]
    return "\n".join([f"class {class_name(model, is_input=is_input)}(BaseModel):", *(lines or ["    ..."])])


def class_name(model: type[Model], *, is_input: bool) -> str:
    """``TaskOut``, or ``TaskIn`` for what clients send."""
    return f"{model.__name__}{'In' if is_input else 'Out'}"


def _type_of(field: Any) -> str:
    target = field
    while target.is_relation:
        target = target.target_field
    kind = _TYPES.get(target.get_internal_type(), "")
    return f"{kind} | None" if kind and field.null else kind


def _is_automatic(field: Field[Any, Any]) -> bool:
    return field.primary_key and field.get_internal_type().endswith("AutoField")


def _is_secret(name: str) -> bool:
    return any(word in name.lower() for word in _SECRET)
