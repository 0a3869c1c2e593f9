"""
`types.ts`: every declared type.
"""

from __future__ import annotations

from mizan.codegen.react.comments import type_comment
from mizan.codegen.react.plan import Project, TypePlan
from mizan.codegen.react.shapes import TypeBuilder
from mizan.codegen.typescript.tree import Alias, Interface, Module
from mizan.ir.model import Struct


def build_types(project: Project, types: TypeBuilder) -> Module:
    """
    Interfaces for structs, which are cheapest to check and may refer to themselves; aliases for all else.
    """
    return Module("types.ts", tuple(_declaration(plan, types) for plan in project.declarations))


def _declaration(plan: TypePlan, types: TypeBuilder) -> Interface | Alias:
    shape, comment = plan.declaration.shape, type_comment(plan.declaration)
    if isinstance(shape, Struct):
        return Interface(plan.symbol.name, types.properties(shape.fields), comment)
    return Alias(plan.symbol.name, types.type_of(shape), comment)
