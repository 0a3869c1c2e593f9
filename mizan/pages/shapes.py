"""
JSON Schema in words: the shape of a result, and what keeps a value from being taken.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mizan.protocol.references import component_of

_DEEPEST = 4
_WORDS: Mapping[str, str] = {
    "minimum": "≥ {}",
    "exclusiveMinimum": "> {}",
    "maximum": "≤ {}",
    "exclusiveMaximum": "< {}",
    "multipleOf": "a multiple of {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "pattern": "matches {}",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "maxProperties": "at most {} entries",
    "minProperties": "at least {} entries",
}


def constraints_of(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    """What a value must fulfil besides its type: ``≥ 1, ≤ 5``; an empty text where that is nothing."""
    choices = [schema, *schema.get("anyOf", ())]
    if (name := component_of(schema)) is not None and "enum" in definitions.get(name, {}):
        choices.append(definitions[name])
    words = [text.format(choice[key]) for choice in choices for key, text in _WORDS.items() if key in choice]
    words += ["one of " + ", ".join(map(_written, choice["enum"])) for choice in choices if "enum" in choice]
    return ", ".join(words)


def shape_of(schema: Any, definitions: Mapping[str, Any], depth: int = 0) -> str:
    """
    The shape that *schema* describes, an object with a line for each of its parts.

    Below a certain depth a part is shown by its name alone, and so is one that holds itself.
    """
    if not isinstance(schema, Mapping):
        return "anything"
    if (name := component_of(schema)) is not None:
        return name if depth > _DEEPEST else shape_of(definitions.get(name), _without(definitions, name), depth)
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " | ".join(dict.fromkeys(shape_of(choice, definitions, depth) for choice in schema[key]))
    if "const" in schema:
        return _written(schema["const"])
    if "enum" in schema:
        return " | ".join(map(_written, schema["enum"]))
    return _typed(schema, definitions, depth)


def _typed(schema: Mapping[str, Any], definitions: Mapping[str, Any], depth: int) -> str:
    match schema.get("type"):
        case "object" if schema.get("properties"):
            indent = "  " * (depth + 1)
            lines = [
                f"{indent}{name}: {shape_of(inner, definitions, depth + 1)}"
                for name, inner in schema["properties"].items()
            ]
            return "\n".join(["{", *lines, "  " * depth + "}"])
        case "object":
            inner = schema.get("additionalProperties")
            return f"{{ [key]: {shape_of(inner, definitions, depth)} }}" if isinstance(inner, Mapping) else "object"
        case "array" if "prefixItems" in schema:
            return f"[{', '.join(shape_of(item, definitions, depth) for item in schema['prefixItems'])}]"
        case "array":
            return f"list of {shape_of(schema.get('items'), definitions, depth)}"
        case str() as kind:
            return f"{kind} ({schema['format']})" if "format" in schema else kind
        case _:
            return "anything"


def _without(definitions: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """*definitions*, with *name* for itself: whoever meets it again has met a part that holds itself."""
    return {**definitions, name: {"type": name}}


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
