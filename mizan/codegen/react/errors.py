"""
`errors.ts`: a class for every error that the application declares.
"""

from __future__ import annotations

from collections.abc import Iterator

from mizan.codegen.react.comments import error_comment
from mizan.codegen.react.plan import ErrorPlan, Project
from mizan.codegen.react.shapes import TypeBuilder
from mizan.codegen.react.symbols import KNOWN_ERROR, MIZAN_ERROR
from mizan.codegen.typescript.tree import ErrorClass, Interface, Module, Named, StringType, Type
from mizan.ir.model import Function, Struct


def build_errors(project: Project, types: TypeBuilder) -> Module | None:
    declarations = tuple(part for plan in project.errors for part in _declarations(plan, types))
    return Module("errors.ts", declarations) if declarations else None


def declared_errors(function: Function, project: Project) -> list[ErrorPlan]:
    """
    The classes of the errors that a function raises, as far as the application declares them.
    """
    return [error for error in project.errors if error.declaration.code in function.raises]


def error_members(function: Function, project: Project) -> list[Type]:
    """
    What may go wrong with a function, as members of a union that narrows on ``code``; Mizan's own errors are the last.
    """
    return [*(Named(error.symbol.as_type()) for error in declared_errors(function, project)), Named(KNOWN_ERROR)]


def _declarations(plan: ErrorPlan, types: TypeBuilder) -> Iterator[Interface | ErrorClass]:
    declaration = plan.declaration
    arguments: tuple[Type, ...] = (StringType(declaration.code),)
    if plan.details is not None and isinstance(declaration.details, Struct):
        yield Interface(plan.details.name, types.properties(declaration.details.fields))
        arguments += (Named(plan.details),)
    elif declaration.details is not None:
        arguments += (types.type_of(declaration.details),)
    yield ErrorClass(plan.symbol.name, Named(MIZAN_ERROR, arguments), declaration.code, error_comment(declaration))
