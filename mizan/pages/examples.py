"""
Sample arguments made from JSON Schema, for the snippets on API pages and as the first text of their JSON editor.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mizan.protocol.references import component_of

_MAX_DEPTH = 4

_BY_FORMAT: Mapping[str, str] = {
    "bigint": "9007199254740993",
    "byte": "aGVsbG8=",
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "decimal": "9.99",
    "duration": "PT1H30M",
    "email": "ann@example.org",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "time": "12:00:00Z",
    "time-local": "12:00:00",
    "uri": "https://example.org/",
    "uuid": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
}


def sample(schema: Any, definitions: Mapping[str, Any], depth: int = 0) -> Any:
    """
    A value as *schema* describes it: its default or first example where it has one.

    A file is None, because JSON has no place for one.
    """
    if not isinstance(schema, Mapping) or depth > _MAX_DEPTH:
        return None
    if "default" in schema:
        return schema["default"]
    if schema.get("examples"):
        return schema["examples"][0]
    if (name := component_of(schema)) is not None:
        return sample(definitions.get(name), definitions, depth + 1)
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    choices = schema.get("anyOf") or schema.get("oneOf")
    if choices:
        named = [choice for choice in choices if choice.get("type") != "null"]
        return sample((named or choices)[0], definitions, depth)
    return _typed(schema, definitions, depth)


def _typed(schema: Mapping[str, Any], definitions: Mapping[str, Any], depth: int) -> Any:
    match schema.get("type"):
        case "object":
            properties = schema.get("properties", {})
            required = schema.get("required", ())
            return {
                name: sample(inner, definitions, depth + 1) for name, inner in properties.items() if name in required
            }
        case "array" if "prefixItems" in schema:
            return [sample(item, definitions, depth + 1) for item in schema["prefixItems"]]
        case "array":
            return [sample(schema.get("items"), definitions, depth + 1)] if schema.get("minItems") else []
        case "string":
            return _text(schema)
        case "integer" | "number":
            return _number(schema)
        case "boolean":
            return True
        case _:
            return None


def _text(schema: Mapping[str, Any]) -> Any:
    if schema.get("format") == "binary":
        return None
    text = _BY_FORMAT.get(schema.get("format", ""), "text")
    if "format" not in schema and schema.get("minLength", 0) > len(text):
        return text.ljust(min(schema["minLength"], 1000), "x")
    return text


def _number(schema: Mapping[str, Any]) -> Any:
    if "minimum" in schema:
        return schema["minimum"]
    if "exclusiveMinimum" in schema:
        return schema["exclusiveMinimum"] + 1
    return min(1, schema.get("maximum", 1))
