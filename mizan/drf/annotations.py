"""
DRF serializers as annotations: ``task: TaskSerializer``, ``-> list[TaskSerializer]``, ``Annotated[Task, TaskSerializer]``.

An input arrives in the function as the validated serializer, so that ``.save()`` works; an output is whatever the
serializer takes as its instance.
"""

from __future__ import annotations

import functools
import operator
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from itertools import islice
from typing import Annotated, Any, Union

from django.core.files.uploadedfile import UploadedFile
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from rest_framework import serializers

from mizan.drf.errors import flatten
from mizan.types import Upload
from mizan.wire.made_defaults import MADE_DEFAULT_MARK, is_made
from mizan.wire.policy import INPUT_ONLY_MARK, MAX_INTEGER
from mizan.wire.problems import MOST_PROBLEMS, NESTED_PROBLEMS

DRF_REFERENCE = "x-drf-serializer"

serializer_context: ContextVar[dict[str, Any]] = ContextVar("mizan_serializer_context", default={})  # noqa: B039 - never mutated

_known: dict[str, type[serializers.BaseSerializer[Any]]] = {}


def serializer_class(reference: str) -> type[serializers.BaseSerializer[Any]]:
    """The class behind a ``x-drf-serializer`` reference."""
    return _known[reference]


def serializer_classes() -> Iterable[type[serializers.BaseSerializer[Any]]]:
    """Every serializer class that stands in an annotation."""
    return _known.values()


class SerializerAnnotation:
    """Runs a DRF serializer inside a pydantic schema."""

    def __init__(self, serializer: type[serializers.BaseSerializer[Any]]) -> None:
        self.serializer = serializer
        self.reference = f"{serializer.__module__}.{serializer.__qualname__}"
        _known[self.reference] = serializer

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SerializerAnnotation) and self.serializer is other.serializer

    def __hash__(self) -> int:
        return hash(self.serializer)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._validated,
            metadata={INPUT_ONLY_MARK: True, MADE_DEFAULT_MARK: self._has_made_default},
            serialization=core_schema.plain_serializer_function_ser_schema(self._represent),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {DRF_REFERENCE: self.reference}

    def _has_made_default(self) -> bool:
        try:
            return _makes_defaults(self.serializer())
        except Exception:  # its fields are its author's code; what cannot be told is taken for the worse
            return True

    def _validated(self, value: Any) -> Any:
        serializer = self.serializer(data=value, context=serializer_context.get())
        try:
            errors = serializer.errors if not serializer.is_valid() else dict(_inexact(serializer.validated_data))
        except OverflowError:  # in the current time zone, the moment lies outside of the years that Python has
            errors = {"non_field_errors": ["A value is out of range."]}
        if errors:
            flat = flatten(errors)
            problems = list(islice(flat, MOST_PROBLEMS))
            context = {"problems": problems, "more": sum(1 for _ in flat)}
            raise PydanticCustomError(NESTED_PROBLEMS, "The input is not valid", context)
        return serializer

    def _represent(self, value: Any) -> Any:
        if isinstance(value, serializers.BaseSerializer):
            return value.data
        return self.serializer(value, context=serializer_context.get()).data


def _inexact(value: Any, path: str = "non_field_errors") -> Iterator[tuple[str, list[str]]]:
    """Integers that JavaScript cannot hold; DRF's fields take what the database takes."""
    if isinstance(value, Mapping):
        parts: Iterable[tuple[Any, Any]] = value.items()
    elif isinstance(value, list):
        parts = enumerate(value)
    else:
        if type(value) is int and abs(value) > MAX_INTEGER:
            yield path, [f"Ensure this value is within ±{MAX_INTEGER}."]
        return
    for name, inner in parts:
        yield from _inexact(inner, str(name) if path == "non_field_errors" else f"{path}.{name}")


def substitute(annotation: Any) -> Any:
    """
    *annotation* with DRF serializers and Django's ``UploadedFile`` replaced by what pydantic understands.
    """
    if isinstance(annotation, type) and not typing.get_args(annotation):
        if issubclass(annotation, serializers.BaseSerializer):
            return Annotated[Any, SerializerAnnotation(annotation)]
        return Upload if issubclass(annotation, UploadedFile) else annotation
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return _substitute_annotated(arguments)
    if not arguments or origin is typing.Literal:
        return annotation
    replaced = tuple(substitute(argument) for argument in arguments)
    if replaced == arguments:
        return annotation
    if origin in (Union, types.UnionType):
        return functools.reduce(operator.or_, replaced)
    return origin[replaced] if origin is not None else annotation


def _substitute_annotated(arguments: tuple[Any, ...]) -> Any:
    inner, *metadata = arguments
    for item in metadata:
        if isinstance(item, type) and issubclass(item, serializers.BaseSerializer):
            return Annotated[Any, SerializerAnnotation(item)]
    return Annotated[(substitute(inner), *metadata)]


def uses_serializers(annotation: Any) -> bool:
    """Whether a DRF serializer runs for this annotation: it may touch the database."""
    if isinstance(annotation, SerializerAnnotation):
        return True
    if isinstance(annotation, type) and not typing.get_args(annotation):
        return issubclass(annotation, serializers.BaseSerializer)
    return any(uses_serializers(argument) for argument in typing.get_args(annotation))


def _makes_defaults(field: Any) -> bool:
    """Whether *field*, or one inside of it, has a ``default`` that is a function."""
    default = getattr(field, "default", serializers.empty)
    if default is not serializers.empty and callable(default) and is_made(default):
        return True
    inner = [*getattr(field, "fields", {}).values(), getattr(field, "child", None)]
    return any(_makes_defaults(each) for each in inner if each is not None)
