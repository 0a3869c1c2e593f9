"""
The text of a TypeScript expression: on one line if it fits there, else broken at its outermost level.
"""

from __future__ import annotations

from typing import assert_never

from mizan.codegen.typescript.escape import jsx_attribute, property_key, string_literal
from mizan.codegen.typescript.layout import STEP, WIDTH, lines_of
from mizan.codegen.typescript.scope import Scope
from mizan.codegen.typescript.tree import Call, Element, ListValue, Local, ObjectValue, Symbol, Text, Value, Word


def print_value(node: Value, scope: Scope, indent: str, room: int) -> str:
    """*node* in *room* columns, or broken."""
    flat = flat_value(node, scope)
    if len(flat) <= room:
        return flat
    inner = indent + STEP
    match node:
        case Local() | Symbol() | Text() | Word():
            return flat
        case ListValue(items):
            return f"[{lines_of(_part(inner, item, scope, inner) for item in items)}{indent}]"
        case ObjectValue(entries):
            lines = lines_of(_part(f"{inner}{property_key(key)}: ", item, scope, inner) for key, item in entries)
            return f"{{{lines}{indent}}}"
        case Call(function, arguments):
            return (
                f"{scope.local(function)}({lines_of(_part(inner, item, scope, inner) for item in arguments)}{indent})"
            )
        case Element(tag, attributes):
            lines = "".join(f"\n{inner}{STEP}{_attribute(name, item, scope)}" for name, item in attributes)
            return f"(\n{inner}<{scope.local(tag)}{lines}\n{inner}/>\n{indent})"
        case _:  # pragma: no cover - mypy proves that nothing is left
            assert_never(node)


def _part(prefix: str, node: Value, scope: Scope, indent: str) -> str:
    return prefix + print_value(node, scope, indent, WIDTH - len(prefix) - len(","))


def flat_value(node: Value, scope: Scope) -> str:
    """*node* on one line."""
    match node:
        case Local(name):
            return name
        case Symbol():
            return scope.local(node)
        case Text(value):
            return string_literal(value)
        case Word(text):
            return text
        case ListValue(items):
            return f"[{', '.join([flat_value(item, scope) for item in items])}]"
        case ObjectValue(()):
            return "{}"
        case ObjectValue(entries):
            inside = [f"{property_key(key)}: {flat_value(item, scope)}" for key, item in entries]
            return f"{{ {', '.join(inside)} }}"
        case Call(function, arguments):
            return f"{scope.local(function)}({', '.join([flat_value(item, scope) for item in arguments])})"
        case Element(tag, attributes):
            inside = [_attribute(name, item, scope) for name, item in attributes]
            return f"<{' '.join([scope.local(tag), *inside])} />"
        case _:  # pragma: no cover - mypy proves that nothing is left
            assert_never(node)


def _attribute(name: str, node: Value, scope: Scope) -> str:
    if name == "...":
        return f"{{...{flat_value(node, scope)}}}"
    return f"{name}={jsx_attribute(node.value) if isinstance(node, Text) else f'{{{flat_value(node, scope)}}}'}"
