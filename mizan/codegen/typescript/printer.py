"""
The text of a TypeScript tree: two spaces, double quotes, no semicolons, lines of up to 120 columns where they can be.

A node is written on one line if it fits there and broken at its outermost level otherwise, each part in the same manner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import assert_never

from mizan.codegen.typescript.escape import jsx_attribute, property_key, string_literal
from mizan.codegen.typescript.scope import Scope, braced, import_lines
from mizan.codegen.typescript.tree import (
    Alias,
    ArrayOf,
    Call,
    Comment,
    Constant,
    Declaration,
    Dictionary,
    Element,
    ErrorClass,
    ExportAll,
    ExportNames,
    Function,
    Interface,
    Intersection,
    Keyword,
    ListValue,
    Local,
    Module,
    Named,
    ObjectOf,
    ObjectValue,
    Parameter,
    PartialDictionary,
    Property,
    StringType,
    Symbol,
    Text,
    TupleOf,
    Type,
    Union,
    Value,
)

WIDTH = 120
STEP = "  "
# What a part that cannot stand on one line is "on one line": it never fits.
_NEVER_FLAT = "\n"


def print_module(module: Module, header: str, owners: Mapping[str, str], specify: Callable[[str], str]) -> str:
    """
    The whole file.

    Args:
        header: The comment line that every file begins with, below its directive.
        owners: Specifier of the module that declares each name of the application (see `Scope`).
        specify: Completes a module's specifier (``./types``) as the project wants imports written.
    """
    scope = Scope(module.specifier, owners)
    paragraphs = [_declaration(declaration, scope, specify) for declaration in module.declarations]
    exports_only = all(isinstance(declaration, ExportAll | ExportNames) for declaration in module.declarations)
    head = [header] if module.directive is None else [string_literal(module.directive), header]
    head += import_lines(scope, specify, WIDTH)
    if not paragraphs:
        # Without any export or import the compiler would not take the file for a module.
        paragraphs, exports_only = ["export {}"], True
    if exports_only:
        return "\n".join([*head, *paragraphs]) + "\n"
    return "\n\n".join(["\n".join(head), *paragraphs]) + "\n"


# --- declarations ---


def _declaration(node: Declaration, scope: Scope, specify: Callable[[str], str]) -> str:
    match node:
        case Function():
            return _comment(node.comment) + _function(node, scope)
        case Interface(name, properties, comment):
            return f"{_comment(comment)}export interface {name} {_members(properties, scope, '')}"
        case Alias(name, type, comment):
            return _comment(comment) + _attach(f"export type {name} = ", type, scope, "")
        case Constant(name, type, value, is_exported):
            head = _attach(f"{'export ' if is_exported else ''}const {name}: ", type, scope, "", reserved=len(" = {"))
            room = WIDTH - _last_width(head) - len(" = ")
            return f"{head} = {_value(value, scope, '', room)}"
        case ErrorClass(name, base, code, comment):
            head = _attach(f"export class {name} extends ", base, scope, "", reserved=len(" {"))
            return f"{_comment(comment)}{head} {{\n{STEP}static override readonly code = {string_literal(code)}\n}}"
        case ExportAll(module, is_type):
            return f'export {"type " if is_type else ""}* from "{specify(module)}"'
        case ExportNames(symbols):
            all_types = all(symbol.is_type for symbol in symbols)
            names = [f"{'type ' if symbol.is_type and not all_types else ''}{symbol.name}" for symbol in symbols]
            source = f'from "{specify(symbols[0].module)}"'
            return braced("export type" if all_types else "export", names, source, WIDTH)
        case _:  # pragma: no cover - mypy proves that nothing is left
            assert_never(node)


def _function(node: Function, scope: Scope) -> str:
    parameters = [_parameter(parameter, scope) for parameter in node.parameters]
    head = f"export function {node.name}("
    line = f"{head}{', '.join(parameters)}): {_flat_type(node.returns, scope)} {{"
    if len(line) > WIDTH or _NEVER_FLAT in line:
        broken = [
            _attach(f"{STEP}{parameter.name}{'?' if parameter.is_optional else ''}: ", parameter.type, scope, STEP)
            + _default(parameter, scope)
            + ","
            for parameter in node.parameters
        ]
        inside = "\n".join(["", *broken, ""]) if broken else ""
        line = head + _attach(f"{inside}): ", node.returns, scope, "", reserved=len(" {")) + " {"
    return f"{line}\n{STEP}return {_value(node.result, scope, STEP, WIDTH - len('  return '))}\n}}"


def _parameter(node: Parameter, scope: Scope) -> str:
    return f"{node.name}{'?' if node.is_optional else ''}: {_flat_type(node.type, scope)}{_default(node, scope)}"


def _default(node: Parameter, scope: Scope) -> str:
    return "" if node.default is None else f" = {_flat_value(node.default, scope)}"


def _comment(lines: Comment, indent: str = "") -> str:
    if not lines:
        return ""
    single = f"{indent}/** {lines[0]} */\n"
    if len(lines) == 1 and len(single) <= WIDTH + 1:
        return single
    middle = "".join(f"{indent} * {line}".rstrip() + "\n" for line in lines)
    return f"{indent}/**\n{middle}{indent} */\n"


# --- types ---


def _attach(prefix: str, type: Type, scope: Scope, indent: str, reserved: int = 0) -> str:
    """*prefix* and the type after it; a union that has to be broken begins on the next line."""
    text = _type(type, scope, indent, WIDTH - _last_width(prefix) - reserved)
    if not text.startswith("\n"):
        return prefix + text
    before = prefix.rstrip(" ")
    return before + text if before else text[1:]


def _type(node: Type, scope: Scope, indent: str, room: int) -> str:
    flat = _flat_type(node, scope)
    return flat if len(flat) <= room and _NEVER_FLAT not in flat else _broken_type(node, scope, indent)


def _broken_type(node: Type, scope: Scope, indent: str) -> str:
    inner = indent + STEP
    match node:
        case Keyword() | StringType() | Named(_, ()):
            return _flat_type(node, scope)
        case Named(symbol, arguments):
            # TypeScript takes no comma after the last type argument.
            lines = ",".join(f"\n{_attach(inner, item, scope, inner)}" for item in arguments)
            return f"{scope.local(symbol)}<{lines}\n{indent}>"
        case ArrayOf(Union() | Intersection() as item):
            return f"({_broken_type(item, scope, indent)}\n{indent})[]"
        case ArrayOf(item):
            return f"{_broken_type(item, scope, indent)}[]"
        case TupleOf(items):
            return f"[{_lines(_attach(inner, item, scope, inner) for item in items)}{indent}]"
        case Union(members):
            return "".join("\n" + _attach(f"{inner}| ", member, scope, inner + STEP) for member in members)
        case Intersection(members):
            return "".join(f"\n{inner}& {_operand(member, scope)}" for member in members)
        case ObjectOf(properties):
            return _members(properties, scope, indent)
        case Dictionary(value):
            return f"{{\n{_attach(f'{inner}[key: string]: ', value, scope, inner)}\n{indent}}}"
        case PartialDictionary(keys, value):
            head = f"{inner}[key in {_flat_type(keys, scope)}]?: "
            return f"{{\n{_attach(head, value, scope, inner)}\n{indent}}}"
        case _:  # pragma: no cover - mypy proves that nothing is left
            assert_never(node)


def _flat_type(node: Type, scope: Scope) -> str:
    match node:
        case Keyword(text):
            return text
        case Named(symbol, ()):
            return scope.local(symbol)
        case Named(symbol, arguments):
            return f"{scope.local(symbol)}<{', '.join([_flat_type(item, scope) for item in arguments])}>"
        case StringType(value):
            return string_literal(value)
        case ArrayOf(Union() | Intersection() as item):
            return f"({_flat_type(item, scope)})[]"
        case ArrayOf(item):
            return f"{_flat_type(item, scope)}[]"
        case Union(members):
            return " | ".join([_flat_type(member, scope) for member in members])
        case Intersection(members):
            return " & ".join([_operand(member, scope) for member in members])
        case TupleOf(items):
            return f"[{', '.join([_flat_type(item, scope) for item in items])}]"
        case ObjectOf(properties):
            if any(item.comment for item in properties):
                return _NEVER_FLAT
            inside = "; ".join([_property_head(item) + _flat_type(item.type, scope) for item in properties])
            return f"{{ {inside} }}" if inside else "{}"
        case Dictionary(value):
            return f"{{ [key: string]: {_flat_type(value, scope)} }}"
        case PartialDictionary(keys, value):
            return f"{{ [key in {_flat_type(keys, scope)}]?: {_flat_type(value, scope)} }}"
        case _:  # pragma: no cover - mypy proves that nothing is left
            assert_never(node)


def _operand(node: Type, scope: Scope) -> str:
    return f"({_flat_type(node, scope)})" if isinstance(node, Union) else _flat_type(node, scope)


def _members(properties: Iterable[Property], scope: Scope, indent: str) -> str:
    inner = indent + STEP
    lines = [
        _comment(item.comment, inner) + _attach(inner + _property_head(item), item.type, scope, inner)
        for item in properties
    ]
    return "\n".join(["{", *lines, indent + "}"]) if lines else "{}"


def _property_head(item: Property) -> str:
    return f"{property_key(item.name)}{'?' if item.is_optional else ''}: "


# --- values ---


def _value(node: Value, scope: Scope, indent: str, room: int) -> str:
    flat = _flat_value(node, scope)
    if len(flat) <= room:
        return flat
    inner = indent + STEP
    match node:
        case Local() | Symbol() | Text():
            return flat
        case ListValue(items):
            return f"[{_lines(_part(inner, item, scope, inner) for item in items)}{indent}]"
        case ObjectValue(entries):
            lines = _lines(_part(f"{inner}{property_key(key)}: ", item, scope, inner) for key, item in entries)
            return f"{{{lines}{indent}}}"
        case Call(function, arguments):
            return f"{scope.local(function)}({_lines(_part(inner, item, scope, inner) for item in arguments)}{indent})"
        case Element(tag, attributes):
            lines = "".join(f"\n{inner}{STEP}{_attribute(name, item, scope)}" for name, item in attributes)
            return f"(\n{inner}<{scope.local(tag)}{lines}\n{inner}/>\n{indent})"
        case _:  # pragma: no cover - mypy proves that nothing is left
            assert_never(node)


def _part(prefix: str, node: Value, scope: Scope, indent: str) -> str:
    return prefix + _value(node, scope, indent, WIDTH - len(prefix) - len(","))


def _flat_value(node: Value, scope: Scope) -> str:
    match node:
        case Local(name):
            return name
        case Symbol():
            return scope.local(node)
        case Text(value):
            return string_literal(value)
        case ListValue(items):
            return f"[{', '.join([_flat_value(item, scope) for item in items])}]"
        case ObjectValue(()):
            return "{}"
        case ObjectValue(entries):
            inside = [f"{property_key(key)}: {_flat_value(item, scope)}" for key, item in entries]
            return f"{{ {', '.join(inside)} }}"
        case Call(function, arguments):
            return f"{scope.local(function)}({', '.join([_flat_value(item, scope) for item in arguments])})"
        case Element(tag, attributes):
            inside = [_attribute(name, item, scope) for name, item in attributes]
            return f"<{' '.join([scope.local(tag), *inside])} />"
        case _:  # pragma: no cover - mypy proves that nothing is left
            assert_never(node)


def _attribute(name: str, node: Value, scope: Scope) -> str:
    if name == "...":
        return f"{{...{_flat_value(node, scope)}}}"
    return f"{name}={jsx_attribute(node.value) if isinstance(node, Text) else f'{{{_flat_value(node, scope)}}}'}"


# --- lines ---


def _lines(items: Iterable[str]) -> str:
    """The items on lines of their own, each with its comma."""
    return "\n" + "".join(f"{item},\n" for item in items)


def _last_width(text: str) -> int:
    return len(text) - text.rfind("\n") - 1
