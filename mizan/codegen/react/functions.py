"""
`functions.ts`: a call for every function that is not read through a context.
"""

from __future__ import annotations

from mizan.codegen.react.comments import function_comment, throws_tags
from mizan.codegen.react.errors import declared_errors
from mizan.codegen.react.plan import FunctionPlan, Project
from mizan.codegen.react.shapes import VOID, TypeBuilder
from mizan.codegen.react.symbols import CALL, CALL_OPTIONS, PROMISE
from mizan.codegen.typescript.tree import (
    Call,
    Function,
    ListValue,
    Local,
    Module,
    Named,
    ObjectValue,
    Parameter,
    Text,
    Type,
    Value,
)
from mizan.ir.model import Struct

OPTIONS = Parameter("options", Named(CALL_OPTIONS), is_optional=True)


def build_functions(project: Project, types: TypeBuilder) -> Module | None:
    declarations = tuple(_call(plan, project, types) for plan in project.functions)
    return Module("functions.ts", declarations) if declarations else None


def arguments_type(plan: FunctionPlan, project: Project) -> Type:
    """
    The type of the one object that holds a function's arguments; ``void`` where it takes none.
    """
    return VOID if plan.function.input is None else Named(project.types[plan.function.input])


def _call(plan: FunctionPlan, project: Project, types: TypeBuilder) -> Function:
    function = plan.function
    errors = declared_errors(function, project)
    classes: tuple[Value, ...] = (ListValue(tuple(error.symbol for error in errors)),) if errors else ()
    return Function(
        name=plan.call.name,
        parameters=(_arguments(plan, project), OPTIONS),
        returns=Named(PROMISE, (types.type_of(function.output),)),
        result=Call(CALL, (Text(function.name), Local("args"), Local("options"), *classes)),
        comment=function_comment(function, throws_tags(function, errors)),
    )


def _arguments(plan: FunctionPlan, project: Project) -> Parameter:
    type = arguments_type(plan, project)
    if plan.function.input is None:
        return Parameter("args", type, is_optional=True)
    shape = project.shapes[plan.function.input]
    all_optional = isinstance(shape, Struct) and not any(field.required for field in shape.fields)
    return Parameter("args", type, default=ObjectValue(()) if all_optional else None)
