"""
`hooks.tsx`: the providers, and a hook for everything that a component calls or reads.
"""

from __future__ import annotations

from collections.abc import Iterator

from mizan.codegen.react import comments, symbols
from mizan.codegen.react.contexts import reader_type
from mizan.codegen.react.errors import error_members
from mizan.codegen.react.functions import arguments_type
from mizan.codegen.react.plan import BINDINGS, ROOT_PROVIDER, ContextPlan, FunctionPlan, Project, ReaderPlan
from mizan.codegen.react.shapes import TypeBuilder, union
from mizan.codegen.typescript.tree import (
    Call,
    Constant,
    Declaration,
    Element,
    Function,
    Keyword,
    ListValue,
    Local,
    Module,
    Named,
    Parameter,
    Symbol,
    Text,
    Type,
    TypeVariable,
)

# The type of what `select` makes of a reader's data.
_SELECTED = "Selected"

_OPTIONS, _PARAMS, _PROPS = Local("options"), Local("params"), Local("props")
_BINDINGS_TYPE = Named(symbols.READONLY_ARRAY, (Named(symbols.BINDING),))


def build_hooks(project: Project, types: TypeBuilder) -> Module:
    """
    The root provider, which every client has, then the other providers, then all hooks.
    """
    readers = [
        hook
        for plan in project.contexts
        for reader in plan.readers
        for hook in _read_hooks(plan, reader, project, types)
    ]
    calls = [_call_hook(plan, project, types) for plan in project.functions]
    declarations: list[Declaration] = [
        Constant(BINDINGS.name, _BINDINGS_TYPE, ListValue((symbols.CROSS_TAB,)), is_exported=False),
        _root_provider(project),
        *(_provider(plan, plan.provider) for plan in project.contexts if plan.provider is not None),
        *sorted([*readers, *calls], key=lambda function: function.name),
    ]
    return Module("hooks.tsx", tuple(declarations), directive="use client")


def _root_provider(project: Project) -> Function:
    plan = project.global_context
    return Function(
        name=ROOT_PROVIDER.name,
        parameters=(Parameter("props", Named(symbols.MIZAN_CONTEXT_PROPS)),),
        returns=Named(symbols.REACT_NODE),
        result=Element(
            symbols.MIZAN_ROOT,
            (
                ("baseUrl", Text(project.schema.base_path.rstrip("/"))),
                ("...", _PROPS),
                ("global", Local("undefined") if plan is None else plan.definition),
                ("bindings", BINDINGS),
            ),
        ),
        comment=comments.root_provider_comment(),
    )


def _provider(plan: ContextPlan, provider: Symbol) -> Function:
    return Function(
        name=provider.name,
        parameters=(Parameter("props", Named(symbols.CONTEXT_PROVIDER_PROPS, (Named(plan.params),))),),
        returns=Named(symbols.REACT_NODE),
        result=Element(symbols.CONTEXT_PROVIDER, (("def", plan.definition), ("props", _PROPS))),
        comment=comments.provider_comment(plan.context),
    )


def _call_hook(plan: FunctionPlan, project: Project, types: TypeBuilder) -> Function:
    generics: tuple[Type, ...] = (arguments_type(plan, project), types.type_of(plan.function.output))
    errors = error_members(plan.function, project)
    # Mizan's own errors are what a mutation has unless told otherwise.
    if len(errors) > 1:
        generics += (union(errors),)
    return Function(
        name=plan.hook.name,
        parameters=(Parameter("options", Named(symbols.MUTATION_OPTIONS, generics), is_optional=True),),
        returns=Named(symbols.MUTATION, generics),
        result=Call(symbols.USE_CALL, (plan.call, _OPTIONS)),
        comment=comments.hook_comment(plan.function),
    )


def _read_hooks(plan: ContextPlan, reader: ReaderPlan, project: Project, types: TypeBuilder) -> Iterator[Function]:
    data = reader_type(reader, types)
    params = Parameter("params", Named(plan.params), is_optional=True)
    arguments = (plan.definition, Text(reader.function.name), _PARAMS)
    yield Function(
        name=reader.hook.name,
        parameters=(params,),
        returns=data,
        result=Call(symbols.USE_CONTEXT_DATA, arguments),
        comment=comments.reader_hook_comment(reader.function),
    )
    selected = TypeVariable(_SELECTED if _SELECTED not in project.owners else f"{_SELECTED}_", default=data)
    query_params = Named(symbols.CONTEXT_QUERY_PARAMS, (Named(plan.params),))
    query_options = Named(symbols.CONTEXT_QUERY_OPTIONS, (data, Keyword(selected.name)))
    yield Function(
        name=reader.query_hook.name,
        variables=(selected,),
        parameters=(
            Parameter("params", query_params, is_optional=True),
            Parameter("options", query_options, is_optional=True),
        ),
        returns=Named(
            symbols.USE_QUERY_RESULT, (Keyword(selected.name), union(error_members(reader.function, project)))
        ),
        result=Call(symbols.USE_CONTEXT_QUERY, (*arguments, _OPTIONS)),
        comment=comments.query_hook_comment(reader.function, reader.hook.name),
    )
