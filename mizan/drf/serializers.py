"""
Real DRF serializers whose validation and output run in pydantic-core.

Their fields are built only when somebody looks at them (a form, OPTIONS, another tool); a request never does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.fields import empty
from rest_framework.utils import html

from mizan.drf.fields import fields_of
from mizan.drf.form_values import form_values
from mizan.wire.components import Entry, Mode, build_components
from mizan.wire.hooks import hooks
from mizan.wire.problems import InvalidInput, MalformedInput
from mizan.wire.types import Arguments, WireType
from mizan.wire.validation import validated


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
            return self.read({} if data is empty or data is None else data)
        except MalformedInput as problem:
            raise serializers.ValidationError({"non_field_errors": [str(problem)]}) from None
        except InvalidInput as problem:
            raise serializers.ValidationError(problem.fields) from None

    def read(self, data: Any) -> Any:
        """*data* as a value of the type; subclasses may give another form of it."""
        return validated(self.wire, data)

    def to_internal_value(self, data: Any) -> Any:
        return self.run_validation(data)

    def to_representation(self, instance: Any) -> Any:
        checked = self.wire.output.validate_python(hooks.evaluated(instance), from_attributes=True)
        return self.wire.serializer.to_python(checked, mode="json", by_alias=True)


class ArgumentsSerializer(CoreSerializer):
    """The input of one function; it validates to keyword arguments."""

    wire: ClassVar[Arguments]
    mode: ClassVar[Mode] = "validation"

    def read(self, data: Any) -> Any:
        return self.wire.read(self.from_form(data))

    def from_form(self, data: Any) -> Any:
        """The values in *data*, where it is a form; everything else as it is."""
        is_form = isinstance(data, Mapping) and html.is_html_input(data)
        return form_values(self.fields, data) if is_form else data


def input_serializer(name: str, wire: Arguments) -> type[ArgumentsSerializer]:
    """The serializer class of a function's arguments: ``EchoArgsSerializer``."""
    return type(f"{wire.name}Serializer", (ArgumentsSerializer,), {"wire": wire, "__doc__": f"Arguments of {name}."})


def output_serializer(name: str, wire: WireType) -> type[CoreSerializer]:
    """The serializer class of a function's result."""
    return type(f"{name}Serializer", (CoreSerializer,), {"wire": wire, "mode": "serialization"})
