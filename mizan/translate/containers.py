"""
Objects and arrays of JSON Schema: structs, maps, lists and tuples.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mizan.ir.model import Field, ListOf, MapOf, Scalar, Shape, Struct, TupleOf
from mizan.translate.document import Document, Node, canonical_json
from mizan.translate.keywords import LIST_FACETS, MAP_FACETS
from mizan.translate.place import Place
from mizan.translate.scalars import facets_of

if TYPE_CHECKING:
    from mizan.translate.shapes import Shapes

_ANY = Scalar("any")
_STRING = Scalar("string")


def array(schema: Node, shapes: Shapes, place: Place) -> Shape:
    """
    A list, or with ``prefixItems`` a tuple.
    """
    if "prefixItems" in schema:
        return _tuple(schema, shapes, place)
    item = shapes.shape(schema["items"], place / "items") if "items" in schema else _ANY
    return ListOf(item, facets_of(schema, LIST_FACETS, shapes.document, place))


def object_(schema: Node, shapes: Shapes, place: Place) -> Shape:
    """
    A struct where fields are named, else a map.
    """
    if "properties" in schema or "required" in schema:
        return _struct(schema, shapes, place)
    if schema.get("additionalProperties") is False and "patternProperties" not in schema:
        return Struct((), closed=True)
    return _map(schema, shapes, place)


def field_of(name: str, schema: object, required: bool, shapes: Shapes, place: Place) -> Field:
    """
    A field or parameter with what its schema says beside the shape.
    """
    document, notes = shapes.document, schema if isinstance(schema, Mapping) else {}
    return Field(
        name,
        shapes.shape(schema, place),
        required,
        _default(notes, document, place),
        document.text(notes, "description", place) or None,
        notes.get("deprecated") is True,
    )


def _tuple(schema: Node, shapes: Shapes, place: Place) -> Shape:
    members = shapes.document.items(schema, "prefixItems", place)
    is_full = schema.get("minItems") == len(members)
    is_closed = schema.get("items") is False or schema.get("maxItems") == len(members)
    if not (is_full or not members) or not is_closed:
        message = "is a tuple of no fixed length."
        shapes.document.note(place, message, "Set minItems and maxItems to the number of prefixItems, or use a list.")
    return TupleOf(tuple(shapes.shape(member, place / str(index)) for index, member in enumerate(members)))


def _struct(schema: Node, shapes: Shapes, place: Place) -> Shape:
    document = shapes.document
    properties = document.mapping(schema, "properties", place)
    required = document.strings(schema, "required", place)
    extra = schema.get("additionalProperties", True)
    if isinstance(extra, Mapping) and extra:
        message = "has named fields and a type for all others."
        document.note(place, message, "Put the others into a field of their own, or set additionalProperties to true.")
    for keyword in ("patternProperties", "propertyNames", *MAP_FACETS):
        if keyword in schema:
            document.note(place, f"has named fields and {keyword}.", "Use one or the other.")
    names = set(required)
    fields = [
        field_of(name, inner, name in names, shapes, place / name)
        for name, inner in properties.items()
        if inner is not False  # a field that must be absent is no field
    ]
    fields += [Field(name, _ANY) for name in sorted(names - properties.keys())]
    return Struct(tuple(fields), closed=extra is False)


def _map(schema: Node, shapes: Shapes, place: Place) -> Shape:
    constraints = facets_of(schema, MAP_FACETS, shapes.document, place)
    key = _key(schema, shapes, place)
    if "patternProperties" not in schema:
        value = schema.get("additionalProperties", True)
        return MapOf(shapes.shape(value, place / "values"), key, constraints)
    patterns = shapes.document.mapping(schema, "patternProperties", place)
    if len(patterns) != 1 or schema.get("additionalProperties", False) is not False or key != _STRING:
        message = "has patternProperties with more beside it than one pattern."
        shapes.document.note(place, message, "Use additionalProperties with propertyNames.")
    pattern, value = next(iter(patterns.items()), ("", True))
    key = shapes.shape({"type": "string", "pattern": pattern}, place / "keys")
    return MapOf(shapes.shape(value, place / "values"), key, constraints)


def _key(schema: Node, shapes: Shapes, place: Place) -> Shape:
    names = schema.get("propertyNames", True)
    if isinstance(names, Mapping) and not names.keys() & {"$ref", "allOf", "anyOf", "const", "enum", "oneOf", "type"}:
        names = {"type": "string", **names}  # the only type that a key has
    return _STRING if names is True else shapes.shape(names, place / "keys")


def _default(schema: Node, document: Document, place: Place) -> str | None:
    if "default" not in schema:
        return None
    try:
        return canonical_json(schema["default"])
    except (TypeError, ValueError):
        document.note(place, f"the default {schema['default']!r} is not JSON.")
        return None
