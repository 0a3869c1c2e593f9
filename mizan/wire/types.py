"""
An annotation ready for the wire: what validates input for it, checks and writes output of it, and describes it.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, create_model
from pydantic_core import (
    CoreConfig,
    CoreSchema,
    PydanticSerializationError,
    SchemaSerializer,
    SchemaValidator,
    ValidationError,
)

from mizan.protocol.casing import pascal
from mizan.protocol.signature import MISSING, Parameter
from mizan.wire import policy
from mizan.wire.hooks import hooks
from mizan.wire.problems import OutputMismatch, require_finite
from mizan.wire.validation import validated

_LABELLING = frozenset({"union", "tagged-union", "dict", "arguments", "arguments-v3", "call", "custom-error"})
_NO_SCHEMAS = frozenset({"cls", "config", "default", "expected", "members", "metadata", "serialization"})
_UNLIMITED = frozenset({"any", "float", "function-plain", "function-wrap"})
_INFINITY = CoreConfig(ser_json_inf_nan="constants")
_MODEL_ATTRIBUTES = frozenset(dir(BaseModel))


class WireType:
    """
    One annotation. Nothing is built before it is first used, so a thousand functions start as fast as one.
    """

    def __init__(self, annotation: Any) -> None:
        self.annotation = hooks.annotation(annotation)
        self.needs_thread = hooks.needs_thread(self.annotation)

    @cached_property
    def core(self) -> CoreSchema:
        """
        Pydantic's own schema of the annotation.

        Raises:
            PydanticUserError: pydantic has no schema for it (``PydanticSchemaGenerationError`` among them).
        """
        return TypeAdapter(self.annotation).core_schema

    @cached_property
    def input(self) -> SchemaValidator:
        # Prebuilt validators of nested models would bypass the policy.
        return SchemaValidator(policy.for_input(self.core), None, _use_prebuilt=False)

    @cached_property
    def hasty_input(self) -> SchemaValidator:
        """`input` for large bodies: it stops at the first problem of a list, of which there may be a million."""
        return SchemaValidator(policy.for_input(self.core, is_hasty=True), None, _use_prebuilt=False)

    @cached_property
    def names_wire_paths(self) -> bool:
        """Whether the locations in pydantic's errors hold only what the client wrote, and no labels of union members."""
        return not _has_labels(self.core)

    @cached_property
    def output(self) -> SchemaValidator:
        return SchemaValidator(policy.for_output(self.core), None, _use_prebuilt=False)

    @cached_property
    def serializer(self) -> SchemaSerializer:
        return SchemaSerializer(policy.for_writing(self.core), _INFINITY, _use_prebuilt=False)

    @cached_property
    def _lazy_serializer(self) -> SchemaSerializer:
        return SchemaSerializer(policy.for_writing(self.core, has_lazy_texts=True), _INFINITY, _use_prebuilt=False)

    @cached_property
    def _may_be_infinite(self) -> bool:
        return not _UNLIMITED.isdisjoint(_kinds(self.core))

    def written(self, value: Any) -> bytes:
        """
        *value* as JSON, checked against the declared type and without what the type does not name.

        Raises:
            OutputMismatch: it is not of the declared type.
        """
        try:
            checked = self.output.validate_python(
                hooks.evaluated(value), from_attributes=True, by_alias=True, by_name=True
            )
            text = self._json(checked)
        except (ValidationError, PydanticSerializationError, UnicodeEncodeError) as error:
            raise OutputMismatch(str(error)) from error
        if self._may_be_infinite:
            require_finite(text)
        return text

    def _json(self, checked: Any) -> bytes:
        try:
            return self.serializer.to_json(checked, by_alias=True, warnings="error", fallback=_evaluated_text)
        except PydanticSerializationError:
            return self._lazy_serializer.to_json(checked, by_alias=True, warnings="error", fallback=_evaluated_text)


class Arguments(WireType):
    """
    The arguments of a function as one model, ``EchoArgs``, that refuses unknown names.
    """

    def __init__(self, function_name: str, parameters: tuple[Parameter, ...]) -> None:
        self.name = f"{pascal(function_name)}Args"
        self.parameters = parameters
        self._field_names = {_field_name(parameter.name): parameter.name for parameter in parameters}
        self._renamed = any(field != name for field, name in self._field_names.items())
        self.needs_thread = any(hooks.needs_thread(parameter.annotation) for parameter in parameters)

    @cached_property
    def annotation(self) -> Any:
        fields: dict[str, Any] = {}
        for field, parameter in zip(self._field_names, self.parameters, strict=True):
            default = ... if parameter.default is MISSING else parameter.default
            alias = None if field == parameter.name else parameter.name
            fields[field] = (hooks.annotation(parameter.annotation), Field(default, alias=alias))
        config = ConfigDict(extra="forbid", protected_namespaces=(), title=self.name)
        return create_model(self.name, __config__=config, **fields)

    def read(self, sent: Any) -> dict[str, Any]:
        """
        What was *sent*, as keyword arguments for the function; see `validated`.
        """
        values: dict[str, Any] = validated(self, sent).__dict__
        return {self._field_names[field]: value for field, value in values.items()} if self._renamed else values


def _kinds(node: Any) -> Iterator[str]:
    """The kinds of all schemas in *node*."""
    if isinstance(node, list | tuple):
        for item in node:
            yield from _kinds(item)
    elif isinstance(node, dict):
        if isinstance(node.get("type"), str):
            yield node["type"]
        for key, value in node.items():
            if key not in _NO_SCHEMAS:
                yield from _kinds(value)


def _evaluated_text(value: Any) -> Any:
    text = hooks.text(value)
    if text is value:
        raise PydanticSerializationError(f"Unable to serialize unknown type: {type(value)}")
    return text


def _has_labels(node: Any) -> bool:
    if isinstance(node, list | tuple):
        return any(map(_has_labels, node))
    if not isinstance(node, dict):
        return False
    return node.get("type") in _LABELLING or any(
        _has_labels(value) for key, value in node.items() if key not in _NO_SCHEMAS
    )


def _field_name(name: str) -> str:
    """Pydantic refuses fields called like its own attributes or with a leading underscore."""
    taken = name in _MODEL_ATTRIBUTES or name.startswith(("_", "model_")) or keyword.iskeyword(name)
    return f"field_{name.strip('_')}" if taken else name
