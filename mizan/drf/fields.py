"""
DRF fields made from JSON Schema, for the browsable API's forms, OPTIONS and other tools that look at serializers.
They never validate: see `serializers`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from mizan.drf.annotations import DRF_REFERENCE, serializer_class
from mizan.protocol.references import component_of, resolved

_MAX_DEPTH = 5

_BY_FORMAT: Mapping[str, type[serializers.Field[Any, Any, Any, Any]]] = {
    "binary": serializers.FileField,
    "date": serializers.DateField,
    "date-time": serializers.DateTimeField,
    "duration": serializers.DurationField,
    "email": serializers.EmailField,
    "ipv4": serializers.IPAddressField,
    "time": serializers.TimeField,
    "time-local": serializers.TimeField,
    "uri": serializers.URLField,
    "uuid": serializers.UUIDField,
}


class NestedSerializer(serializers.Serializer[Any]):
    """The fields of a model inside of another model."""


def fields_of(
    schema: Mapping[str, Any], definitions: Mapping[str, Any]
) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
    """A field for each property of the object *schema*."""
    return _Builder(definitions).fields(resolved(schema, definitions), ())


class _Builder:
    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self.definitions = definitions

    def fields(self, schema: Mapping[str, Any], seen: tuple[str, ...], initial: Any = None) -> dict[str, Any]:
        required = set(schema.get("required", ()))
        given = initial if isinstance(initial, Mapping) else {}
        return {
            name: self.field(
                inner, {"required": name in required, **({"initial": given[name]} if name in given else {})}, seen
            )
            for name, inner in schema.get("properties", {}).items()
        }

    def field(self, schema: Mapping[str, Any], options: dict[str, Any], seen: tuple[str, ...]) -> Any:
        options = {**options, **_presentation(schema, options)}
        if DRF_REFERENCE in schema:
            return serializer_class(schema[DRF_REFERENCE])(**_without(options, "initial"))
        if (name := component_of(schema)) is not None:
            return self._referenced(name, schema, options, seen)
        alternatives = schema.get("anyOf") or schema.get("oneOf")
        if alternatives:
            return self._one_of(alternatives, options, seen)
        if "const" in schema or "enum" in schema:
            values = schema.get("enum", [schema.get("const")])
            return serializers.ChoiceField(choices=[(value, str(value)) for value in values], **options)
        return self._typed(schema, options, seen)

    def _referenced(self, name: str, schema: Mapping[str, Any], options: dict[str, Any], seen: tuple[str, ...]) -> Any:
        if name in seen or len(seen) > _MAX_DEPTH:
            return _json(options)
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        return self.field({**self.definitions[name], **beside}, options, (*seen, name))

    def _one_of(self, alternatives: Any, options: dict[str, Any], seen: tuple[str, ...]) -> Any:
        concrete = [one for one in alternatives if one.get("type") != "null"]
        if len(concrete) < len(alternatives):
            options = {**options, "allow_null": True}
        return self.field(concrete[0], options, seen) if len(concrete) == 1 else _json(options)

    def _typed(self, schema: Mapping[str, Any], options: dict[str, Any], seen: tuple[str, ...]) -> Any:
        match schema.get("type"):
            case "object" if "properties" in schema:
                fields = self.fields(schema, seen, options.get("initial"))
                nested = type("NestedSerializer", (NestedSerializer,), fields)
                return nested(**_without(options, "initial"))
            case "string":
                return _string(schema, options)
            case "integer":
                return serializers.IntegerField(**options, **_bounds(schema))
            case "number":
                return serializers.FloatField(**options, **_bounds(schema))
            case "boolean":
                return serializers.BooleanField(**options)
            case _:  # DRF's forms have no inputs for lists, maps and tuples
                return _json(options)


def _presentation(schema: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if "description" in schema:
        shown["help_text"] = schema["description"]
    if "title" in schema:
        shown["label"] = schema["title"]
    if "initial" not in options and not options.get("required", True) and schema.get("default") is not None:
        shown["initial"] = schema["default"]
    return shown


def _string(schema: Mapping[str, Any], options: dict[str, Any]) -> Any:
    kind = _BY_FORMAT.get(schema.get("format", ""))
    if kind is not None:
        return kind(**options)
    if schema.get("format") == "decimal":
        return serializers.DecimalField(max_digits=None, decimal_places=schema.get("x-decimal-places"), **options)
    shortest, longest = schema.get("minLength"), schema.get("maxLength")
    return serializers.CharField(allow_blank=not shortest, min_length=shortest, max_length=longest, **options)


def _bounds(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "min_value": schema.get("minimum", schema.get("exclusiveMinimum")),
        "max_value": schema.get("maximum", schema.get("exclusiveMaximum")),
    }


def _json(options: dict[str, Any]) -> Any:
    return serializers.JSONField(style={"base_template": "textarea.html", "rows": 4}, **options)


def _without(options: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in options.items() if key != name}
