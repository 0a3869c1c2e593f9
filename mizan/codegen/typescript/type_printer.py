"""
The text of a TypeScript type: on one line if it fits there, else broken at its outermost level.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from mizan.codegen.typescript.escape import property_key, string_literal
from mizan.codegen.typescript.layout import STEP, WIDTH, doc_comment, last_width, lines_of
from mizan.codegen.typescript.scope import Scope
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
    TupleOf,
    Type,
    Union,
)

# What `flat_type` gives for a type that cannot stand on one line. A text with a line break fits nowhere.
NEVER_FLAT = "\n"


def attach_type(prefix: str, type: Type, scope: Scope, indent: str, reserved: int = 0) -> str:
    """*prefix* and the type after it; a union that has to be broken begins on the next line."""
    text = _type(type, scope, indent, WIDTH - last_width(prefix) - reserved)
    if not text.startswith("\n"):
        return prefix + text
    before = prefix.rstrip(" ")
    return before + text if before else text[1:]


def _type(node: Type, scope: Scope, indent: str, room: int) -> str:
    flat = flat_type(node, scope)
    return flat if len(flat) <= room and NEVER_FLAT not in flat else _broken_type(node, scope, indent)


def _broken_type(node: Type, scope: Scope, indent: str) -> str:
    inner = indent + STEP
    match node:
        case Keyword() | StringType() | Named(_, ()):
            return flat_type(node, scope)
        case Named(symbol, arguments):
            # TypeScript takes no comma after the last type argument.
            lines = ",".join(f"\n{attach_type(inner, item, scope, inner)}" for item in arguments)
            return f"{scope.local(symbol)}<{lines}\n{indent}>"
        case ArrayOf(Union() | Intersection() as item):
            return f"({_broken_type(item, scope, indent)}\n{indent})[]"
        case ArrayOf(item):
            return f"{_broken_type(item, scope, indent)}[]"
        case TupleOf(items):
            return f"[{lines_of(attach_type(inner, item, scope, inner) for item in items)}{indent}]"
        case Union(members):
            return "".join("\n" + attach_type(f"{inner}| ", member, scope, inner + STEP) for member in members)
        case Intersection(members):
            return "".join(f"\n{inner}& {_operand(member, scope)}" for member in members)
        case ObjectOf(properties):
            return object_members(properties, scope, indent)
        case Dictionary(value):
            return f"{{\n{attach_type(f'{inner}[key: string]: ', value, scope, inner)}\n{indent}}}"
        case PartialDictionary(keys, value):
            head = f"{inner}[key in {flat_type(keys, scope)}]?: "
            return f"{{\n{attach_type(head, value, scope, inner)}\n{indent}}}"
        case _:  # pragma: no cover - mypy proves that nothing is left
            assert_never(node)


def flat_type(node: Type, scope: Scope) -> str:
    """*node* on one line, or `NEVER_FLAT`."""
    match node:
        case Keyword(text):
            return text
        case Named(symbol, ()):
            return scope.local(symbol)
        case Named(symbol, arguments):
            return f"{scope.local(symbol)}<{', '.join([flat_type(item, scope) for item in arguments])}>"
        case StringType(value):
            return string_literal(value)
        case ArrayOf(Union() | Intersection() as item):
            return f"({flat_type(item, scope)})[]"
        case ArrayOf(item):
            return f"{flat_type(item, scope)}[]"
        case Union(members):
            return " | ".join([flat_type(member, scope) for member in members])
        case Intersection(members):
            return " & ".join([_operand(member, scope) for member in members])
        case TupleOf(items):
            return f"[{', '.join([flat_type(item, scope) for item in items])}]"
        case ObjectOf(properties):
            if any(item.comment for item in properties):
                return NEVER_FLAT
            inside = "; ".join([_property_head(item) + flat_type(item.type, scope) for item in properties])
            return f"{{ {inside} }}" if inside else "{}"
        case Dictionary(value):
            return f"{{ [key: string]: {flat_type(value, scope)} }}"
        case PartialDictionary(keys, value):
            return f"{{ [key in {flat_type(keys, scope)}]?: {flat_type(value, scope)} }}"
        case _:  # pragma: no cover - mypy proves that nothing is left
            assert_never(node)


def _operand(node: Type, scope: Scope) -> str:
    return f"({flat_type(node, scope)})" if isinstance(node, Union) else flat_type(node, scope)


def object_members(properties: Iterable[Property], scope: Scope, indent: str) -> str:
    """An object type with each property on a line of its own."""
    inner = indent + STEP
    lines = [
        doc_comment(item.comment, inner) + attach_type(inner + _property_head(item), item.type, scope, inner)
        for item in properties
    ]
    return "\n".join(["{", *lines, indent + "}"]) if lines else "{}"


def _property_head(item: Property) -> str:
    return f"{property_key(item.name)}{'?' if item.is_optional else ''}: "
