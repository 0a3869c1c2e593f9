"""
DRF's fields made from JSON Schema: what forms have inputs for.
"""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework import serializers

from mizan.drf.fields import fields_of
from mizan.protocol.references import reference_to

NODE = {"type": "object", "properties": {"name": {"type": "string"}, "child": reference_to("Node")}}


def field_of(schema: dict[str, Any], **beside: Any) -> Any:
    """The field of an argument with this schema."""
    whole = {"type": "object", "properties": {"value": schema}, **beside}
    return fields_of(whole, {"Node": NODE, "Size": {"enum": ["s", "l"], "type": "string"}})["value"]


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": "integer"}, serializers.IntegerField),
        ({"type": "number"}, serializers.FloatField),
        ({"type": "boolean"}, serializers.BooleanField),
        ({"type": "string"}, serializers.CharField),
        ({"type": "string", "format": "date-time"}, serializers.DateTimeField),
        ({"type": "string", "format": "decimal"}, serializers.DecimalField),
        ({"type": "string", "format": "binary"}, serializers.FileField),
        ({"type": "string", "format": "made-up"}, serializers.CharField),
        ({"const": "a"}, serializers.ChoiceField),
        (reference_to("Size"), serializers.ChoiceField),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, serializers.IntegerField),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, serializers.JSONField),
        ({"type": "array", "items": {"type": "integer"}}, serializers.JSONField),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, serializers.JSONField),
        (reference_to("Node"), serializers.Serializer),
        ({}, serializers.JSONField),
    ],
    ids=str,
)
def test_every_schema_has_a_field(schema: dict[str, Any], kind: type) -> None:
    """What DRF's forms have no input for is JSON."""
    assert isinstance(field_of(schema), kind)


def test_a_recursive_type_ends_in_json() -> None:
    """A form has an end, so the second level of the same type is text."""
    node = field_of(reference_to("Node"))

    assert isinstance(node.fields["name"], serializers.CharField)
    assert isinstance(node.fields["child"], serializers.JSONField)


def test_a_field_says_what_its_schema_says() -> None:
    """Bounds, words and what may be left out."""
    schema = {
        "type": "integer",
        "minimum": 1,
        "exclusiveMaximum": 9,
        "title": "Size",
        "description": "How big.",
        "default": 5,
    }

    needed, optional = field_of(schema, required=["value"]), field_of(schema)

    assert (needed.min_value, needed.max_value, needed.label, needed.help_text) == (1, 9, "Size", "How big.")
    assert (needed.required, optional.required) == (True, False)
    assert (needed.initial, optional.initial) == (None, 5)
    assert field_of({"anyOf": [{"type": "integer"}, {"type": "null"}]}).allow_null
