"""
Every decision about a client before any text: what each thing is called and which file declares it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mizan.codegen.typescript.tree import Symbol
from mizan.ir.model import Context, ErrorDeclaration, Function, Schema, Shape, TypeDeclaration

TYPES: Final = "./types"
ERRORS: Final = "./errors"
FUNCTIONS: Final = "./functions"
CONTEXTS: Final = "./contexts"
HOOKS: Final = "./hooks"

# What `hooks.tsx` declares in every client.
BINDINGS: Final = Symbol(HOOKS, "bindings")
ROOT_PROVIDER: Final = Symbol(HOOKS, "MizanContext")


@dataclass(frozen=True, slots=True)
class TypePlan:
    symbol: Symbol
    declaration: TypeDeclaration


@dataclass(frozen=True, slots=True)
class ErrorPlan:
    """
    An error class; *details* is the interface to declare beside it, None where its details have a type or it has none.
    """

    symbol: Symbol
    details: Symbol | None
    declaration: ErrorDeclaration


@dataclass(frozen=True, slots=True)
class FunctionPlan:
    call: Symbol
    hook: Symbol
    function: Function


@dataclass(frozen=True, slots=True)
class ReaderPlan:
    """
    A reader; one that *is_restricted* gives null to a visitor who may not call it.
    """

    fetch: Symbol
    hook: Symbol
    query_hook: Symbol
    function: Function
    is_restricted: bool


@dataclass(frozen=True, slots=True)
class ContextPlan:
    """
    A context. The global one has no *provider* of its own: ``MizanContext`` provides it.
    """

    definition: Symbol
    params: Symbol
    data: Symbol
    fetch: Symbol
    provider: Symbol | None
    readers: tuple[ReaderPlan, ...]
    context: Context


@dataclass(frozen=True, slots=True)
class Project:
    """
    A client ready to be built; everything in it is sorted by the name it has in the client.

    *types* and *shapes* hold the symbol and the shape of every declared type, *owners* the module of every name in the
    client that comes from the schema.
    """

    schema: Schema
    types: Mapping[str, Symbol]
    shapes: Mapping[str, Shape]
    declarations: tuple[TypePlan, ...]
    errors: tuple[ErrorPlan, ...]
    functions: tuple[FunctionPlan, ...]
    contexts: tuple[ContextPlan, ...]
    owners: Mapping[str, str]

    @property
    def global_context(self) -> ContextPlan | None:
        return next((plan for plan in self.contexts if plan.provider is None), None)
