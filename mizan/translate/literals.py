"""
``enum`` and ``const``: a literal where it stands, an enum where it has a name of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from mizan.ir.model import Enum, EnumMember, Literal, Scalar, Shape
from mizan.translate.document import Document, Node, canonical_json
from mizan.translate.place import Place

_NAMES = "x-enum-varnames"


def fixed_values(schema: Node, document: Document, place: Place, declared: bool) -> tuple[Shape, bool]:
    """
    The values of *schema* but for null, and whether null is one of them.
    """
    values = [schema["const"]] if "const" in schema else document.items(schema, "enum", place)
    if not values:
        document.note(place, "enum has no values.", "Take it out.")
        return Scalar("any"), False
    names = _names(schema, len(values), document, place)
    members: dict[str, EnumMember] = {}
    for value, name in zip(values, names, strict=True):
        if value is not None:
            text = _json(value, document, place)
            members.setdefault(text, EnumMember(text, name))
    has_null = None in values
    if not members:
        return Scalar("null"), has_null
    if (declared and "enum" in schema) or _NAMES in schema:
        return Enum(tuple(members.values())), has_null
    return Literal(tuple(members)), has_null


def joined_values(shapes: Sequence[Literal | Enum], as_enum: bool) -> Shape:
    """
    Several sets of values as one: alternatives for each JSON type are how a document spells values of mixed types.
    """
    members: dict[str, EnumMember] = {}
    for shape in shapes:
        own = shape.members if isinstance(shape, Enum) else map(EnumMember, shape.values_json)
        for member in own:
            members.setdefault(member.value_json, member)
    is_enum = as_enum or any(isinstance(shape, Enum) for shape in shapes)
    return Enum(tuple(members.values())) if is_enum else Literal(tuple(members))


def _names(schema: Node, count: int, document: Document, place: Place) -> Sequence[str | None]:
    if _NAMES not in schema:
        return [None] * count
    names = document.strings(schema, _NAMES, place)
    if len(names) == count:
        return names
    document.note(place, f"{_NAMES} has {len(names)} names for {count} values.", "Give each value one name.")
    return [None] * count


def _json(value: object, document: Document, place: Place) -> str:
    try:
        return canonical_json(value)
    except (TypeError, ValueError):
        document.note(place, f"{value!r} is not JSON.")
        return "null"
