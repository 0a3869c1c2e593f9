"""
The TypeScript type of an IR shape: what a value *is* at run time, in the cache as on the wire.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import assert_never, cast

from mizan.codegen.react.comments import field_comment
from mizan.codegen.react.symbols import BLOB, FLAVOURED_SCALARS
from mizan.codegen.typescript.tree import (
    ArrayOf,
    Dictionary,
    Intersection,
    Keyword,
    Named,
    ObjectOf,
    PartialDictionary,
    Property,
    StringType,
    Symbol,
    TupleOf,
    Type,
    Union,
)
from mizan.ir import model

NULL = Keyword("null")
STRING = Keyword("string")
UNKNOWN = Keyword("unknown")
VOID = Keyword("void")

_NUMBER = Keyword("number")
_SCALARS: Mapping[str, Type] = {
    "any": UNKNOWN,
    "boolean": Keyword("boolean"),
    "file": Named(BLOB),
    "integer": _NUMBER,
    "null": NULL,
    "number": _NUMBER,
    "string": STRING,
    **{scalar: Named(symbol) for scalar, symbol in FLAVOURED_SCALARS.items()},
}


class TypeBuilder:
    """
    Makes types of shapes.

    Args:
        types: The symbol of every declared type.
        shapes: The shape of every declared type.
    """

    def __init__(self, types: Mapping[str, Symbol], shapes: Mapping[str, model.Shape]) -> None:
        self._types = types
        self._shapes = shapes

    def type_of(self, shape: model.Shape) -> Type:
        match shape:
            case model.Scalar(name):
                return _SCALARS[name]
            case model.Ref(name):
                return Named(self._types[name])
            case model.Struct(fields):
                return ObjectOf(self.properties(fields))
            case model.ListOf(item):
                return ArrayOf(self.type_of(item))
            case model.TupleOf(items):
                return TupleOf(tuple(map(self.type_of, items)))
            case model.MapOf(value, key):
                keys = self._known_keys(key)
                type = self.type_of(value)
                return Dictionary(type) if keys is None else PartialDictionary(keys, type)
            case model.Nullable() | model.OneOf() | model.Literal() | model.Enum():
                return union(self._alternatives(shape))
            case model.AllOf(members):
                parts = tuple(dict.fromkeys(map(self.type_of, members))) or (UNKNOWN,)
                return Intersection(parts) if len(parts) > 1 else parts[0]
            case _:  # pragma: no cover - mypy proves that nothing is left
                assert_never(shape)

    def properties(self, fields: Iterable[model.Field]) -> tuple[Property, ...]:
        """
        Fields as members of an interface; one that may be absent is optional, whether or not it may be null.
        """
        return tuple(
            Property(field.name, self.type_of(field.shape), not field.required, field_comment(field))
            for field in fields
        )

    def _alternatives(self, shape: model.Shape) -> Iterator[Type]:
        match shape:
            case model.Nullable(item):
                yield from self._alternatives(item)
                yield NULL
            case model.OneOf(members):
                for member in members:
                    yield from self._alternatives(member)
            case model.Literal(values):
                yield from literal_types(values)
            case model.Enum(members):
                yield from literal_types(member.value_json for member in members)
            case _:
                yield self.type_of(shape)

    def _known_keys(self, key: model.Shape) -> Type | None:
        """The type of a map's keys where they are a fixed set; JSON has strings for all others."""
        match key:
            case model.Ref(name):
                return None if self._known_keys(self._shapes[name]) is None else Named(self._types[name])
            case model.Literal() | model.Enum():
                members = tuple(self._alternatives(key))
                return union(members) if all(isinstance(member, StringType) for member in members) else None
            case _:
                return None


def union(alternatives: Iterable[Type]) -> Type:
    """
    One of several types: none twice, null last, and ``unknown`` if one of them is.
    """
    members = list(dict.fromkeys(alternatives))
    if UNKNOWN in members:
        return UNKNOWN
    if NULL in members:
        members.remove(NULL)
        members.append(NULL)
    match members:
        case []:
            return Keyword("never")
        case [single]:
            return single
        case _:
            return Union(tuple(members))


def literal_types(values_json: Iterable[str]) -> list[Type]:
    """
    JSON texts as literal types in a fixed order: numbers, strings, booleans, null, all else.
    """
    values = (
        json.loads(text, parse_int=Keyword, parse_float=Keyword, parse_constant=lambda _: _NUMBER)
        for text in values_json
    )
    return sorted(map(_literal_type, values), key=_literal_order)


def _literal_type(value: object) -> Type:
    match value:
        case Keyword():
            return value
        case str():
            return StringType(value)
        case bool():
            return Keyword("true" if value else "false")
        case None:
            return NULL
        case list():
            return TupleOf(tuple(map(_literal_type, value)))
        case _:
            # JSON has nothing else.
            entries = cast("dict[str, object]", value).items()
            return ObjectOf(tuple(Property(name, _literal_type(item)) for name, item in entries))


def _literal_order(type: Type) -> tuple[int, float, str]:
    match type:
        case StringType(value):
            return 1, 0.0, value
        case Keyword("true" | "false" as text):
            return 2, 0.0, text
        case Keyword("null"):
            return 3, 0.0, ""
        case Keyword("number"):
            return 0, 0.0, ""
        case Keyword(text):
            return 0, float(text), text
        case _:
            return 4, 0.0, repr(type)
