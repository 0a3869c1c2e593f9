"""
The text of a TypeScript module: two spaces, double quotes, no semicolons, lines of up to 120 columns where they can be.

A node is written on one line if it fits there. Otherwise it is broken at its outermost level, and each part in the same
manner.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import assert_never

from mizan.codegen.typescript.escape import string_literal
from mizan.codegen.typescript.layout import STEP, WIDTH, doc_comment, last_width
from mizan.codegen.typescript.scope import Scope, braced, import_lines
from mizan.codegen.typescript.tree import (
    Alias,
    Constant,
    Declaration,
    ErrorClass,
    ExportAll,
    ExportNames,
    Function,
    Interface,
    Module,
    Parameter,
)
from mizan.codegen.typescript.type_printer import NEVER_FLAT, attach_type, flat_type, object_members
from mizan.codegen.typescript.value_printer import flat_value, print_value


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


def _declaration(node: Declaration, scope: Scope, specify: Callable[[str], str]) -> str:
    match node:
        case Function():
            return doc_comment(node.comment) + _function(node, scope)
        case Interface(name, properties, comment):
            return f"{doc_comment(comment)}export interface {name} {object_members(properties, scope, '')}"
        case Alias(name, type, comment):
            return doc_comment(comment) + attach_type(f"export type {name} = ", type, scope, "")
        case Constant(name, type, value, is_exported):
            head = attach_type(
                f"{'export ' if is_exported else ''}const {name}: ", type, scope, "", reserved=len(" = {")
            )
            room = WIDTH - last_width(head) - len(" = ")
            return f"{head} = {print_value(value, scope, '', room)}"
        case ErrorClass(name, base, code, comment):
            head = attach_type(f"export class {name} extends ", base, scope, "", reserved=len(" {"))
            return f"{doc_comment(comment)}{head} {{\n{STEP}static override readonly code = {string_literal(code)}\n}}"
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
    variables = ", ".join(f"{variable.name} = {flat_type(variable.default, scope)}" for variable in node.variables)
    head = f"export function {node.name}{f'<{variables}>' if variables else ''}("
    line = f"{head}{', '.join(parameters)}): {flat_type(node.returns, scope)} {{"
    if len(line) > WIDTH or NEVER_FLAT in line:
        broken = [
            attach_type(f"{STEP}{parameter.name}{'?' if parameter.is_optional else ''}: ", parameter.type, scope, STEP)
            + _default(parameter, scope)
            + ","
            for parameter in node.parameters
        ]
        inside = "\n".join(["", *broken, ""]) if broken else ""
        line = head + attach_type(f"{inside}): ", node.returns, scope, "", reserved=len(" {")) + " {"
    return f"{line}\n{STEP}return {print_value(node.result, scope, STEP, WIDTH - len('  return '))}\n}}"


def _parameter(node: Parameter, scope: Scope) -> str:
    return f"{node.name}{'?' if node.is_optional else ''}: {flat_type(node.type, scope)}{_default(node, scope)}"


def _default(node: Parameter, scope: Scope) -> str:
    return "" if node.default is None else f" = {flat_value(node.default, scope)}"
