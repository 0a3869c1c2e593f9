"""
`errors.ts`: a class for every error that the application declares.
"""

from __future__ import annotations

from collections.abc import Iterator

from mizan.codegen.react.comments import error_comment
from mizan.codegen.react.plan import ErrorPlan, Project
from mizan.codegen.react.shapes import TypeBuilder
from mizan.codegen.react.symbols import MIZAN_ERROR
from mizan.codegen.typescript.tree import ErrorClass, Interface, Module, Named, StringType, Type
from mizan.ir.model import Struct


def build_errors(project: Project, types: TypeBuilder) -> Module | None:
    declarations = tuple(part for plan in project.errors for part in _declarations(plan, types))
    return Module("errors.ts", declarations) if declarations else None


def _declarations(plan: ErrorPlan, types: TypeBuilder) -> Iterator[Interface | ErrorClass]:
    declaration = plan.declaration
    arguments: tuple[Type, ...] = (StringType(declaration.code),)
    if plan.details is not None and isinstance(declaration.details, Struct):
        yield Interface(plan.details.name, types.properties(declaration.details.fields))
        arguments += (Named(plan.details),)
    elif declaration.details is not None:
        arguments += (types.type_of(declaration.details),)
    yield ErrorClass(plan.symbol.name, Named(MIZAN_ERROR, arguments), declaration.code, error_comment(declaration))
