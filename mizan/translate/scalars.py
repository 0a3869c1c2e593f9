"""
Scalars and facets: JSON Schema's ``type`` with ``format``, and its rules under the names they have in the IR.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from mizan.ir.kdl import Value
from mizan.ir.model import Constraint, Scalar
from mizan.translate.document import Document, Node
from mizan.translate.keywords import (
    NUMBER_FACETS,
    STRING_FACETS,
    STRING_SCALARS,
    TEXT_FACETS,
)
from mizan.translate.place import Place

_NUMBERS_AS_TEXT = frozenset({"bigint", "decimal"})
_FILE_MEDIA_TYPE = "application/octet-stream"
_LARGEST_EXACT = 2**53
# "min" and such are numbers, or strings where the value itself travels as one.
_COUNTS = frozenset({"decimal-places", "max-digits", "max-items", "max-length", "min-items", "min-length"})


def string_scalar(schema: Node, document: Document, place: Place) -> Scalar:
    """
    A string, or one of the scalars that travel as one.
    """
    format = document.text(schema, "format", place)
    name = STRING_SCALARS.get(format or "")
    if name is None and format is None and schema.get("contentEncoding") == "base64":
        name = "bytes"
    if name is None and format is None and schema.get("contentMediaType") == _FILE_MEDIA_TYPE:
        name = "file"
    facets = TEXT_FACETS if name in _NUMBERS_AS_TEXT else STRING_FACETS
    constraints = facets_of(schema, facets, document, place)
    return Scalar("string", format, constraints) if name is None else Scalar(name, None, constraints)


def number_scalar(name: str, schema: Node, document: Document, place: Place) -> Scalar:
    """
    An integer or a number; formats such as ``int64`` only tell a server how to store it.
    """
    return Scalar(name, None, facets_of(_with_numeric_bounds(schema), NUMBER_FACETS, document, place))


def facets_of(schema: Node, names: Mapping[str, str], document: Document, place: Place) -> tuple[Constraint, ...]:
    """
    The rules in *schema* that *names* lists, by their names in the IR.
    """
    constraints = []
    for keyword, name in names.items():
        if keyword not in schema:
            continue
        value = schema[keyword]
        if not _is_facet(keyword, name, value):
            document.note(place, f"{keyword} is {value!r}, which is no rule.", "See JSON Schema 2020-12, validation.")
        elif value is not False:
            constraints.append(Constraint(name, _exact(value)))
    return tuple(sorted(constraints, key=lambda constraint: constraint.name))


def _with_numeric_bounds(schema: Node) -> Node:
    """OpenAPI 3.0 has ``exclusiveMinimum: true`` beside ``minimum``."""
    result = dict(schema)
    for exclusive, inclusive in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(flag := result.get(exclusive), bool):
            del result[exclusive]
            if flag and inclusive in result:
                result[exclusive] = result.pop(inclusive)
    return result


def _is_facet(keyword: str, name: str, value: object) -> bool:
    if name in _COUNTS:
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if name == "unique":
        return isinstance(value, bool)
    if name == "pattern" or keyword.startswith("x-"):
        return isinstance(value, str)
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _exact(value: Value) -> Value:
    """JSON does not tell 1.0 from 1."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST_EXACT:
        return int(value)
    return value
