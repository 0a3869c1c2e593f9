"""
What the names in the specs mean together: contexts with their parameters, and what each mutation makes stale.
Everything that does not fit is a finding; nothing is raised, so that all of it can be shown at once.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from mizan.protocol.casing import upper_snake
from mizan.protocol.errors import (
    E_AUTH,
    E_CONTEXT_PARAMETER,
    E_MERGE,
    E_NAME,
    E_NO_RETURN_TYPE,
    E_OPTIONS,
    E_RAISES,
    E_ROUTE,
    E_SIGNATURE,
    E_UNKNOWN_AFFECTS,
    E_UNSERVABLE_TYPE,
    STATUS_BY_CODE,
    W_NULL,
    Finding,
    MizanError,
)
from mizan.protocol.names import is_context_name, is_error_code, is_function_name
from mizan.protocol.registry import FunctionRegistry
from mizan.protocol.signature import MISSING, Parameter, Signature
from mizan.protocol.specs import FunctionSpec, spec_of

_NO_SIGNATURE = Signature((), MISSING)


@dataclass(frozen=True, slots=True)
class Target:
    """
    A context, or one function's slot in it, that a mutation changes; *params* are the mutation's arguments that narrow it.
    """

    context: str
    function: str | None = None
    params: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContextReader:
    """A function of a context and those of the context's parameters that it takes."""

    spec: FunctionSpec
    params: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContextGroup:
    """
    A context: its readers by name, and its parameters in the order in which the readers first name them.

    A parameter is required as soon as one reader requires it.
    """

    name: str
    readers: tuple[ContextReader, ...]
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """
    The registry resolved: signatures, contexts, targets of mutations, and what is wrong.
    """

    signatures: dict[str, Signature]
    contexts: dict[str, ContextGroup]
    affects: dict[str, tuple[Target, ...]]
    merges: dict[str, tuple[Target, ...]]
    errors: dict[str, type[MizanError]]
    findings: tuple[Finding, ...]


def resolve(registry: FunctionRegistry) -> Graph:
    """Resolve every spec of *registry* against all the others."""
    return _Resolver(registry).graph()


class _Resolver:
    def __init__(self, registry: FunctionRegistry) -> None:
        self.registry = registry
        self.findings: list[Finding] = list(registry.conflicts())
        self.signatures: dict[str, Signature] = {}
        self.contexts: dict[str, ContextGroup] = {}

    def graph(self) -> Graph:
        for spec in self.registry:
            self.signatures[spec.name] = self._signature(spec)
            self._check_options(spec)
        self.contexts = self._contexts()
        affects = {spec.name: self._affects(spec) for spec in self.registry if spec.affects}
        merges = {spec.name: self._merges(spec) for spec in self.registry if spec.merge}
        errors = self._errors()
        return Graph(self.signatures, self.contexts, affects, merges, errors, tuple(self.findings))

    def _report(self, id: str, message: str, hint: str = "") -> None:
        self.findings.append(Finding(id, message, hint))

    def _signature(self, spec: FunctionSpec) -> Signature:
        try:
            signature = spec.signature()
        except (NameError, TypeError, SyntaxError) as error:
            self._report(
                E_UNSERVABLE_TYPE,
                f"The type hints of {spec.where} cannot be read: {error}.",
                "Import the type at the top of the module, not only under TYPE_CHECKING.",
            )
            return _NO_SIGNATURE
        for problem in signature.problems:
            self._report(
                E_SIGNATURE,
                f"{spec.where} cannot be called by a client: {problem}.",
                f"Write def {spec.function.__name__}(request, text: str) -> …: the request, then named, typed arguments.",
            )
        for parameter in signature.parameters:
            if isinstance(parameter.default, FieldInfo):
                self._report(
                    E_SIGNATURE,
                    f"The default of the parameter {parameter.name!r} of {spec.where} is a pydantic Field, which would "
                    "be handed to the function as it is.",
                    f"Write {_with_field(parameter)}.",
                )
            if parameter.annotation is MISSING:
                self._report(
                    E_UNSERVABLE_TYPE,
                    f"The parameter {parameter.name!r} of {spec.where} has no type.",
                    f"Write its type: {parameter.name}: str",
                )
        if signature.returns is MISSING and not spec.is_view:
            self._report(
                E_NO_RETURN_TYPE,
                f"{spec.where} has no return type, so its result cannot be described.",
                f"Write def {spec.function.__name__}(request, …) -> ResultType: (or -> None).",
            )
        return signature

    def _check_options(self, spec: FunctionSpec) -> None:
        if not is_function_name(spec.name):
            self._report(
                E_NAME,
                f"{spec.name!r} of {spec.where} is not a function name.",
                "Use letters, digits and underscores, parts joined by dots: contact.submit",
            )
        if spec.context is not None and not is_context_name(spec.context):
            self._report(
                E_NAME,
                f"{spec.context!r}, the context of {spec.where}, is not a context name.",
                "Use letters, digits and underscores: user_profile",
            )
        for problem, hint in _clashing_options(spec):
            self._report(E_OPTIONS, f"{spec.where}: {problem}.", hint)
        if isinstance(spec.auth, str) and spec.auth not in ("staff", "superuser") and "." not in spec.auth:
            self._report(
                E_AUTH,
                f"@client(auth={spec.auth!r}) on {spec.where} is neither a level nor a permission codename.",
                'Write auth="staff", auth="superuser" or auth="app_label.codename".',
            )
        if spec.is_view and not (spec.route or "").startswith("/"):
            self._report(
                E_ROUTE,
                f"@client(route={spec.route!r}) on {spec.where} does not start with a slash.",
                f"Write route={'/' + (spec.route or '')!r}.",
            )

    def _contexts(self) -> dict[str, ContextGroup]:
        readers: dict[str, list[FunctionSpec]] = {}
        for spec in self.registry:
            if spec.context is not None and not spec.private and not spec.is_view:
                readers.setdefault(spec.context, []).append(spec)
        return {name: self._context(name, readers[name]) for name in sorted(readers)}

    def _context(self, name: str, specs: list[FunctionSpec]) -> ContextGroup:
        parameters: dict[str, Parameter] = {}
        owners: dict[str, FunctionSpec] = {}
        for spec in specs:
            for parameter in self.signatures[spec.name].parameters:
                known = parameters.setdefault(parameter.name, parameter)
                owner = owners.setdefault(parameter.name, spec)
                if not _is_same_type(known.annotation, parameter.annotation):
                    self._report(
                        E_CONTEXT_PARAMETER,
                        f"The parameter {parameter.name!r} of the context {name!r} has two types: "
                        f"{_shown(known.annotation)} in {owner.where} and {_shown(parameter.annotation)} in {spec.where}.",
                        f"Give it one type in both functions: {parameter.name}: {_shown(known.annotation)}",
                    )
                elif parameter.is_required and not known.is_required:
                    parameters[parameter.name] = parameter
                if _is_null_out_of_reach(parameter):
                    self._report(
                        W_NULL,
                        f"The parameter {parameter.name!r} of {spec.where} may be None, but no client of the context "
                        f"{name!r} can send that: what is None is left out, and then it is {parameter.default!r}.",
                        f"Make None its default, {parameter.name}: {_shown(parameter.annotation)} = None, or take it away.",
                    )
        return ContextGroup(
            name,
            tuple(ContextReader(spec, self.signatures[spec.name].names) for spec in specs),
            tuple(parameters.values()),
        )

    def _target(self, spec: FunctionSpec, context: str, function: str | None) -> Target:
        group = self.contexts.get(context)
        known = {parameter.name for parameter in group.parameters} if group else set()
        return Target(context, function, tuple(name for name in self.signatures[spec.name].names if name in known))

    def _affects(self, spec: FunctionSpec) -> tuple[Target, ...]:
        targets = []
        for item in spec.affects:
            if isinstance(item, str):
                if item in self.contexts:
                    targets.append(self._target(spec, item, None))
                else:
                    self._report(E_UNKNOWN_AFFECTS, *self._unknown_context(spec, "affects", item))
                continue
            reader = self._reader(item)
            if reader is None or reader.context is None:
                self._report(
                    E_UNKNOWN_AFFECTS,
                    f"@client(affects={_shown(item)}) on {spec.where} is not a registered function of a context.",
                    f'Give {_shown(item)} a context: @client(context="…"), or name a context: affects="…".'
                    if callable(item)
                    else 'Name a context, affects="…", or give a function that has one: affects=user_profile.',
                )
                continue
            targets.append(self._target(spec, reader.context, reader.name))
        return tuple(targets)

    def _unknown_context(self, spec: FunctionSpec, option: str, name: str) -> tuple[str, str]:
        known = ", ".join(self.contexts) or "none"
        function = self.registry.get(name)
        hint = (
            f"{name!r} is a function: pass it itself, {option}={name}."
            if function is not None
            else f"Known contexts: {known}. Add @client(context={name!r}) to a reader."
        )
        return f"@client({option}={name!r}) on {spec.where} names no context.", hint

    def _reader(self, item: Any) -> FunctionSpec | None:
        return self.registry.find(item) if spec_of(item) is not None else None

    def _merges(self, spec: FunctionSpec) -> tuple[Target, ...]:
        returns = self.signatures[spec.name].returns
        targets = []
        for item in spec.merge:
            if isinstance(item, str) and item not in self.contexts:
                self._report(E_MERGE, *self._unknown_context(spec, "merge", item))
                continue
            if isinstance(item, str):
                candidates = [reader.spec for reader in self.contexts[item].readers]
            else:
                reader = self._reader(item)
                candidates = [reader] if reader is not None and reader.context is not None else []
            fitting = [one for one in candidates if self.signatures[one.name].returns == returns]
            if len(fitting) != 1:
                self._report(
                    E_MERGE,
                    f"@client(merge={_shown(item)}) on {spec.where} needs exactly one function of a context that returns "
                    f"{_shown(returns)}, and {len(fitting)} do.",
                    "Name the function itself, merge=user_profile, and give both the same return type.",
                )
                continue
            targets.append(self._target(spec, str(fitting[0].context), fitting[0].name))
        return tuple(targets)

    def _errors(self) -> dict[str, type[MizanError]]:
        errors: dict[str, type[MizanError]] = {}
        for spec in self.registry:
            for raised in spec.raises:
                if not (isinstance(raised, type) and issubclass(raised, MizanError) and raised is not MizanError):
                    self._report(
                        E_RAISES,
                        f"@client(raises={_shown(raised)}) on {spec.where} is not a subclass of MizanError.",
                        "Write class OutOfStock(MizanError): status = 409",
                    )
                    continue
                for problem, hint in _unusable_error(raised):
                    self._report(E_RAISES, f"The error {_shown(raised)} {problem}.", hint)
                known = errors.setdefault(raised.code, raised)
                if known is not raised:
                    self._report(
                        E_RAISES,
                        f"Two errors have the code {raised.code!r}: {_shown(known)} and {_shown(raised)}.",
                        'Give one of them another code: code = "…"',
                    )
        return errors


def _unusable_error(error: type[MizanError]) -> Iterable[tuple[str, str]]:
    """What clients could not make sense of."""
    if not isinstance(error.code, str) or not is_error_code(error.code):
        yield f"has the code {error.code!r}", f"Write code = {upper_snake(error.__name__)!r}, or leave it out."
    elif STATUS_BY_CODE.get(error.code, error.status) != error.status:
        known = STATUS_BY_CODE[error.code]
        yield (
            f"has the code {error.code!r} and the status {error.status}; the protocol gives this code the status {known}",
            "Give it a code of its own, or leave the status out.",
        )
    if isinstance(error.status, bool) or not isinstance(error.status, int) or not 400 <= error.status <= 599:
        yield f"has the status {error.status!r}, which is no failure", "Write a number from 400 to 599: status = 409"
    if error.Details is not None and not (isinstance(error.Details, type) and issubclass(error.Details, BaseModel)):
        yield f"has Details that are {_shown(error.Details)}", "Write class Details(BaseModel): below it."


def _clashing_options(spec: FunctionSpec) -> Iterable[tuple[str, str]]:
    if spec.context is not None and spec.affects:
        yield "a reader (context=) cannot be a mutation (affects=) too", "Split it in two functions."
    if spec.context is not None and spec.merge:
        yield "merge= belongs to a mutation, not to a reader (context=)", "Remove merge= or context=."
    if spec.is_view and (spec.context is not None or spec.websocket or spec.merge):
        yield "route= makes a page; it has no context=, websocket= or merge=", "Remove the other option."
    if spec.private and (spec.context is not None or spec.is_view):
        yield "private=True keeps clients away, so it has no context= and no route=", "Remove the other option."
    if spec.methods is not None and not spec.is_view:
        yield (
            "methods= belongs to route=; every other function is called by POST",
            'Remove methods= or add route="/…/".',
        )
    if isinstance(spec.cache, bool) is False and (not isinstance(spec.cache, int) or spec.cache < 0):
        yield f"cache={spec.cache!r} is not True, False or a number of seconds", "Write cache=60."
    if isinstance(spec.rev, bool) or not isinstance(spec.rev, int) or spec.rev < 0:
        yield f"rev={spec.rev!r} is not a whole number from 0 up", "Write rev=1."


def _is_null_out_of_reach(parameter: Parameter) -> bool:
    annotation, default = parameter.annotation, parameter.default
    if typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    takes_none = type(None) in typing.get_args(annotation)
    return takes_none and not (parameter.is_required or default is None or isinstance(default, FieldInfo))


def _with_field(parameter: Parameter) -> str:
    """``limit: int = Field(default=5, ge=1)`` as the line to write instead."""
    info = parameter.default
    default = "" if info.is_required() else f" = {info.get_default(call_default_factory=True)!r}"
    inner = "str" if parameter.annotation is MISSING else _shown(parameter.annotation)
    kind = f"Annotated[{inner}, {_shown_field(info)}]" if info.metadata else inner
    return f"{parameter.name}: {kind}{default}"


def _is_same_type(one: Any, other: Any) -> bool:
    # Pydantic's field infos are equal only to themselves, though two that are written alike mean the same.
    return bool(one == other) or repr(one) == repr(other)


def _shown(value: Any) -> str:
    return repr(value) if isinstance(value, str) else shown_type(value)


def shown_type(value: Any) -> str:
    """A type or a function as a developer would write it."""
    if isinstance(value, type) and not typing.get_args(value):
        return value.__qualname__
    if inspect.isroutine(value):
        return str(value.__qualname__)
    if typing.get_origin(value) is typing.Annotated:
        inner, *metadata = typing.get_args(value)
        said = [_shown_field(item) if isinstance(item, FieldInfo) else repr(item) for item in metadata]
        return f"Annotated[{', '.join([shown_type(inner), *said])}]"
    return repr(value).replace("typing.", "").replace("collections.abc.", "")


def _shown_field(info: FieldInfo) -> str:
    """``Field(ge=1)``, of what pydantic keeps as ``[Ge(ge=1)]``."""
    constraints = [repr(item).partition("(")[2].removesuffix(")") for item in info.metadata]
    return f"Field({', '.join(constraints)})"
