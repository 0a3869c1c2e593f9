"""
Real DRF serializers whose validation and output run in pydantic-core.

Their fields are built only when somebody looks at them (a form, OPTIONS, another tool); a request never does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import BaseModel
from pydantic_core import ValidationError
from rest_framework import serializers
from rest_framework.fields import empty
from rest_framework.utils import html

from mizan.bridge.components import Entry, Mode, build_components
from mizan.bridge.fields import fields_of
from mizan.bridge.forms import form_values
from mizan.bridge.policy import evaluated
from mizan.bridge.problems import InvalidInput, MalformedInput, grouped, problem_of, unkeepable
from mizan.bridge.wire import Arguments, WireType


class RawJson(bytes):
    """A request body that nobody has parsed yet."""


class CoreSerializer(serializers.Serializer[Any]):
    """
    A serializer over one `WireType`; subclasses are made by `input_serializer` and `output_serializer`.
    """

    wire: ClassVar[WireType]
    mode: ClassVar[Mode]

    def get_fields(self) -> dict[str, Any]:
        components = build_components([Entry("root", self.mode, self.wire.core)])
        return fields_of(components.schemas["root", self.mode], components.definitions)

    def run_validation(self, data: Any = empty) -> Any:
        try:
            return validated(self.wire, data)
        except MalformedInput as problem:
            raise serializers.ValidationError({"non_field_errors": [str(problem)]}) from None
        except InvalidInput as problem:
            raise serializers.ValidationError(problem.fields) from None

    def to_internal_value(self, data: Any) -> Any:
        return self.run_validation(data)

    def to_representation(self, instance: Any) -> Any:
        checked = self.wire.output.validate_python(evaluated(instance), from_attributes=True)
        return self.wire.serializer.to_python(checked, mode="json", by_alias=True)


class ArgumentsSerializer(CoreSerializer):
    """The input of one function; what it validates to is keyword arguments."""

    wire: ClassVar[Arguments]
    mode: ClassVar[Mode] = "validation"

    def run_validation(self, data: Any = empty) -> Any:
        if isinstance(data, Mapping) and html.is_html_input(data):
            data = form_values(self.fields, data)
        model = super().run_validation(data)
        return self.wire.keywords(model) if isinstance(model, BaseModel) else model


def validated(wire: WireType, data: Any) -> Any:
    """
    *data* (raw JSON or Python data) as a value of *wire*.

    Raises:
        MalformedInput: the body is not a JSON object.
        InvalidInput: some of it is refused.
    """
    try:
        if isinstance(data, RawJson):
            value = wire.input.validate_json(data)
            if _may_be_unkeepable(data):
                _refuse_unkeepable(json.loads(data))
            return value
        plain = {} if data is empty or data is None else data
        value = wire.input.validate_python(plain)
        _refuse_unkeepable(plain)
    except ValidationError as error:
        sent = b"{}" if data is empty else data
        raise problem_of(error, sent, has_labels=not wire.names_wire_paths) from None
    return value


def _may_be_unkeepable(raw: bytes) -> bool:
    # Cheap tests of the text; only what they find is parsed again.
    return b"\\u0000" in raw or b"NaN" in raw or b"Infinity" in raw


def _refuse_unkeepable(data: Any) -> None:
    fields = grouped(unkeepable(data))
    if fields:
        raise InvalidInput(fields)


def input_serializer(name: str, wire: Arguments) -> type[ArgumentsSerializer]:
    """The serializer class of a function's arguments: ``EchoArgsSerializer``."""
    return type(f"{wire.name}Serializer", (ArgumentsSerializer,), {"wire": wire, "__doc__": f"Arguments of {name}."})


def output_serializer(name: str, wire: WireType) -> type[CoreSerializer]:
    """The serializer class of a function's result."""
    return type(f"{name}Serializer", (CoreSerializer,), {"wire": wire, "mode": "serialization"})
