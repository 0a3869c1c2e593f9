"""
From a schema to a `Project`: names for everything, and findings where a schema cannot become a client.
"""

from __future__ import annotations

from mizan.codegen.failures import SchemaProblem
from mizan.codegen.kernel_files import kernel_exports
from mizan.codegen.react import names
from mizan.codegen.react.name_table import Claim, NameTable
from mizan.codegen.react.plan import (
    BINDINGS,
    CONTEXTS,
    ERRORS,
    FUNCTIONS,
    HOOKS,
    ROOT_PROVIDER,
    TYPES,
    ContextPlan,
    ErrorPlan,
    FunctionPlan,
    Project,
    ReaderPlan,
    TypePlan,
)
from mizan.codegen.react.symbols import PUBLIC_OF_REACT
from mizan.codegen.typescript.aliases import types_that_are_themselves
from mizan.codegen.typescript.names import type_name
from mizan.codegen.typescript.tree import Symbol
from mizan.ir.findings import Finding
from mizan.ir.model import Context, ErrorDeclaration, Function, Schema, Struct, TypeDeclaration
from mizan.protocol.names import GLOBAL_CONTEXT

# `key` and `ref` never reach a component; the other two are props that every provider has already.
_TAKEN_PROPS = {"children": "of every provider", "fallback": "of every provider", "key": "of React", "ref": "of React"}


def plan_project(schema: Schema) -> Project:
    """
    Name everything in a checked *schema*.

    Raises:
        SchemaProblem: something has no name TypeScript could spell, two things would have one name, or a type or context
            is of a form that the client cannot have. It lists every such thing.
    """
    return _Planner(schema).project()


class _Planner:
    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._names = NameTable({**kernel_exports(), **{symbol.name: symbol.is_type for symbol in PUBLIC_OF_REACT}})
        self._functions = {function.name: function for function in schema.functions}
        self._findings: list[Finding] = []

    def project(self) -> Project:
        for symbol in (BINDINGS, ROOT_PROVIDER):
            self._names.claim(symbol.name, Claim("every client", "", symbol.module))
        types = [self._type(declaration) for declaration in self._schema.types]
        errors = [self._error(declaration) for declaration in self._schema.errors]
        contexts = [self._context(context) for context in self._schema.contexts]
        functions = [self._function(function) for function in self._schema.functions if function.context is None]
        for name in types_that_are_themselves(self._schema):
            self._findings.append(
                Finding(f'type "{name}"', "it is defined as itself.", "Put the repeated part into a list or a field.")
            )
        findings = [*self._findings, *self._names.findings()]
        if findings:
            raise SchemaProblem.from_findings(findings)
        return Project(
            schema=self._schema,
            types={plan.declaration.name: plan.symbol for plan in types},
            shapes={declaration.name: declaration.shape for declaration in self._schema.types},
            declarations=tuple(sorted(types, key=lambda plan: plan.symbol.name)),
            errors=tuple(sorted(errors, key=lambda plan: plan.symbol.name)),
            functions=tuple(sorted(functions, key=lambda plan: plan.call.name)),
            contexts=tuple(sorted(contexts, key=lambda plan: plan.definition.name)),
            owners=self._names.owners(),
        )

    def _type(self, declaration: TypeDeclaration) -> TypePlan:
        source = f'type "{declaration.name}"'
        name = type_name(declaration.name) or self._unnameable(source)
        claim = Claim(source, "Rename the class, or the other one.", TYPES, is_type=True)
        return TypePlan(self._claim(name, claim), declaration)

    def _error(self, declaration: ErrorDeclaration) -> ErrorPlan:
        source = f'error "{declaration.code}"'
        if type_name(declaration.name) is None:
            self._unnameable(source)
        hint = "Rename the error's class, or the other one."
        symbol = self._claim(names.error_name(declaration.name), Claim(source, hint, ERRORS))
        details = None
        if isinstance(declaration.details, Struct):
            claim = Claim(f"the details of {source}", hint, ERRORS, is_type=True)
            details = self._claim(names.details_name(declaration.name), claim)
        return ErrorPlan(symbol, details, declaration)

    def _function(self, function: Function) -> FunctionPlan:
        hook = self._claim(names.hook_name(function.name), self._function_claim(function, HOOKS))
        call = self._claim(names.call_name(function.name), self._function_claim(function, FUNCTIONS))
        return FunctionPlan(call, hook, function)

    def _reader(self, function: Function) -> ReaderPlan:
        name, in_hooks = function.name, self._function_claim(function, HOOKS)
        return ReaderPlan(
            fetch=self._claim(names.fetch_name(name), self._function_claim(function, CONTEXTS)),
            hook=self._claim(names.hook_name(name), in_hooks),
            query_hook=self._claim(names.query_hook_name(name), in_hooks),
            function=function,
            is_restricted=function.context == GLOBAL_CONTEXT and function.auth != "open",
        )

    def _context(self, context: Context) -> ContextPlan:
        source = f'context "{context.name}"'
        is_global = context.name == GLOBAL_CONTEXT
        self._check_params(source, context, is_global)
        if not names.is_nameable(context.name):
            self._unnameable(source)
        hint = "Rename the context, or the other one."
        value, type = Claim(source, hint, CONTEXTS), Claim(source, hint, CONTEXTS, is_type=True)
        name = context.name
        return ContextPlan(
            definition=self._claim(names.definition_name(name), value),
            params=self._claim(names.params_name(name), type),
            data=self._claim(names.data_name(name), type),
            fetch=self._claim(names.context_fetch_name(name), value),
            provider=None if is_global else self._claim(names.provider_name(name), Claim(source, hint, HOOKS)),
            readers=tuple(self._reader(self._functions[member.name]) for member in context.functions),
            context=context,
        )

    def _check_params(self, source: str, context: Context, is_global: bool) -> None:
        for param in context.params:
            if param.name in _TAKEN_PROPS:
                message = f"its parameter {param.name} cannot be a prop, since `{param.name}` is one {_TAKEN_PROPS[param.name]}."
                self._findings.append(Finding(source, message, "Rename the parameter."))
            elif is_global and param.required:
                message = (
                    f"its parameter {param.name} is required, but every page fetches this context without parameters."
                )
                hint = "Give the parameter a default, or put the function into another context."
                self._findings.append(Finding(source, message, hint))

    def _function_claim(self, function: Function, module: str) -> Claim:
        source = f'function "{function.name}"' + (f" in {function.module}" if function.module else "")
        if not names.is_nameable(function.name):
            self._unnameable(source)
        return Claim(source, 'Give one of them another wire name: @client(name="…").', module)

    def _claim(self, name: str, claim: Claim) -> Symbol:
        return Symbol(claim.module, self._names.claim(name, claim), claim.is_type)

    def _unnameable(self, source: str) -> str:
        message = "its name has no letter or digit of ASCII, so no TypeScript name can be made of it."
        self._findings.append(Finding(source, message, "Rename it, for example to `item`."))
        return "_"
