"""
`contexts.ts`: for every context its parameters, its data, its definition and what fetches it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from mizan.codegen.react.comments import context_fetch_comment, function_comment, throws_tags
from mizan.codegen.react.errors import declared_errors
from mizan.codegen.react.functions import OPTIONS
from mizan.codegen.react.plan import ContextPlan, Project, ReaderPlan
from mizan.codegen.react.shapes import NULL, TypeBuilder, union
from mizan.codegen.react.symbols import CONTEXT_DEF, FETCH_CONTEXT, FETCH_FROM, PROMISE
from mizan.codegen.typescript.tree import (
    Call,
    Constant,
    Declaration,
    Function,
    Interface,
    ListValue,
    Local,
    Module,
    Named,
    ObjectValue,
    Parameter,
    Property,
    Text,
    Type,
    Union,
    Value,
    Word,
)
from mizan.ir.model import Field


def build_contexts(project: Project, types: TypeBuilder) -> Module | None:
    """
    Interfaces, then definitions, then fetchers of whole contexts, then fetchers of one function each.
    """
    declarations: list[Declaration] = []
    for plan in project.contexts:
        declarations += _interfaces(plan, types)
    declarations += [_definition(plan, project) for plan in project.contexts]
    declarations += [_fetch_context(plan) for plan in project.contexts]
    readers = sorted(_fetchers(project, types), key=lambda function: function.name)
    return Module("contexts.ts", (*declarations, *readers)) if declarations else None


def reader_type(plan: ReaderPlan, types: TypeBuilder) -> Type:
    """
    What a reader gives; null too, where a visitor may not call it.
    """
    type = types.type_of(plan.function.output)
    if not plan.is_restricted:
        return type
    return union([*(type.members if isinstance(type, Union) else (type,)), NULL])


def _interfaces(plan: ContextPlan, types: TypeBuilder) -> Iterator[Interface]:
    yield Interface(plan.params.name, types.properties(plan.context.params))
    readers = sorted(plan.readers, key=lambda reader: reader.function.name)
    data = tuple(Property(reader.function.name, reader_type(reader, types)) for reader in readers)
    yield Interface(plan.data.name, data)


def _definition(plan: ContextPlan, project: Project) -> Constant:
    entries: list[tuple[str, Value]] = [
        ("name", Text(plan.context.name)),
        ("params", _texts(param.name for param in plan.context.params)),
    ]
    defaults = [(param.name, value) for param in plan.context.params if (value := _default(param)) is not None]
    if defaults:
        entries.append(("defaults", ObjectValue(tuple(defaults))))
    restricted = sorted(reader.function.name for reader in plan.readers if reader.is_restricted)
    if restricted:
        entries.append(("restricted", _texts(restricted)))
    raised = {code for reader in plan.readers for code in reader.function.raises}
    errors = tuple(error.symbol for error in project.errors if error.declaration.code in raised)
    if errors:
        entries.append(("errors", ListValue(errors)))
    type = Named(CONTEXT_DEF, (Named(plan.params), Named(plan.data)))
    return Constant(plan.definition.name, type, ObjectValue(tuple(entries)))


def _default(param: Field) -> Value | None:
    """What is meant where a parameter is left out, if that is a text, a number or a boolean."""
    value = None if param.default_json is None else json.loads(param.default_json, parse_int=Word, parse_float=Word)
    match value:
        case str():
            return Text(value)
        case bool():
            return Word("true" if value else "false")
        case Word():
            return value
        case _:
            return None


def _fetch_context(plan: ContextPlan) -> Function:
    return Function(
        name=plan.fetch.name,
        parameters=(_params(plan), OPTIONS),
        returns=Named(PROMISE, (Named(plan.data),)),
        result=Call(FETCH_CONTEXT, (plan.definition, Local("params"), Local("options"))),
        comment=context_fetch_comment(plan.context),
    )


def _fetchers(project: Project, types: TypeBuilder) -> Iterator[Function]:
    for plan in project.contexts:
        for reader in plan.readers:
            function = reader.function
            yield Function(
                name=reader.fetch.name,
                parameters=(_params(plan), OPTIONS),
                returns=Named(PROMISE, (reader_type(reader, types),)),
                result=Call(FETCH_FROM, (plan.definition, Text(function.name), Local("params"), Local("options"))),
                comment=function_comment(function, throws_tags(function, declared_errors(function, project))),
            )


def _params(plan: ContextPlan) -> Parameter:
    needs_some = any(param.required for param in plan.context.params)
    return Parameter("params", Named(plan.params), default=None if needs_some else ObjectValue(()))


def _texts(names: Iterator[str] | list[str]) -> ListValue:
    return ListValue(tuple(map(Text, names)))
