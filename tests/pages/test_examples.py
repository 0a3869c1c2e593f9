"""
Sample values.
"""

from __future__ import annotations

from typing import Any

import pytest

from mizan.pages.examples import sample


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer", "minimum": 5}, 5),
        ({"type": "number", "exclusiveMinimum": 0}, 1),
        ({"type": "integer", "maximum": -3}, -3),
        ({"type": "string", "minLength": 6}, "textxx"),
        ({"type": "string", "format": "date"}, "2026-01-31"),
        ({"type": "string", "format": "binary"}, None),
        ({"type": "array", "items": {"type": "boolean"}}, []),
        ({"type": "array", "minItems": 1, "items": {"type": "boolean"}}, [True]),
        ({"type": "array", "prefixItems": [{"const": 1}, {"enum": ["a", "b"]}]}, [1, "a"]),
        ({"anyOf": [{"type": "null"}, {"type": "integer"}]}, 1),
        ({"$ref": "#/components/schemas/Node"}, {"child": {"child": None}}),
        ({"type": "string", "examples": ["x"]}, "x"),
        ({"default": [1]}, [1]),
        ({}, None),
    ],
    ids=str,
)
def test_samples_fit_their_schema(schema: Any, value: Any) -> None:
    """Recursive types end."""
    node = {"type": "object", "properties": {"child": {"$ref": "#/components/schemas/Node"}}, "required": ["child"]}

    assert sample(schema, {"Node": node}) == value
