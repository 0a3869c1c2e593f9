"""
Contexts: which functions read one, and which parameters they share.
"""

from __future__ import annotations

import typing
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic.fields import FieldInfo

from mizan.protocol.errors import E_CONTEXT_PARAMETER, E_GLOBAL_PARAMETER, W_NULL, Finding
from mizan.protocol.graph import ContextGroup, ContextReader
from mizan.protocol.names import GLOBAL_CONTEXT
from mizan.protocol.shown_types import shown
from mizan.protocol.signature import Parameter, Signature
from mizan.protocol.specs import FunctionSpec


def group_contexts(
    specs: Iterable[FunctionSpec], signatures: Mapping[str, Signature], findings: list[Finding]
) -> dict[str, ContextGroup]:
    """
    The contexts by name, sorted.

    Args:
        signatures: By function name.
        findings: Gets what is wrong with the parameters.
    """
    readers: dict[str, list[FunctionSpec]] = {}
    for spec in specs:
        if spec.context is not None and not spec.private and not spec.is_view:
            readers.setdefault(spec.context, []).append(spec)
    return {name: _group(name, readers[name], signatures, findings) for name in sorted(readers)}


def _group(
    name: str, specs: list[FunctionSpec], signatures: Mapping[str, Signature], findings: list[Finding]
) -> ContextGroup:
    parameters: dict[str, Parameter] = {}
    owners: dict[str, FunctionSpec] = {}
    for spec in specs:
        for parameter in signatures[spec.name].parameters:
            known = parameters.setdefault(parameter.name, parameter)
            owner = owners.setdefault(parameter.name, spec)
            if not _is_same_type(known.annotation, parameter.annotation):
                findings.append(
                    Finding(
                        E_CONTEXT_PARAMETER,
                        f"The parameter {parameter.name!r} of the context {name!r} has two types: "
                        f"{shown(known.annotation)} in {owner.located} and {shown(parameter.annotation)} in {spec.located}.",
                        f"Give it one type in both functions: {parameter.name}: {shown(known.annotation)}",
                    )
                )
            elif parameter.is_required and not known.is_required:
                parameters[parameter.name] = parameter
            findings += _null_findings(name, spec, parameter)
            if name == GLOBAL_CONTEXT and parameter.is_required:
                findings.append(_global_finding(spec, parameter))
    readers = tuple(ContextReader(spec, signatures[spec.name].names) for spec in specs)
    return ContextGroup(name, readers, tuple(parameters.values()))


def _global_finding(spec: FunctionSpec, parameter: Parameter) -> Finding:
    kind = shown(parameter.annotation)
    return Finding(
        E_GLOBAL_PARAMETER,
        f"The parameter {parameter.name!r} of {spec.located} is required, but every page fetches the context "
        f"{GLOBAL_CONTEXT!r} without parameters.",
        f'Give it a default, {parameter.name}: {kind} = …, or the function a context of its own: @client(context="…").',
    )


def _null_findings(context: str, spec: FunctionSpec, parameter: Parameter) -> Iterator[Finding]:
    if _is_null_out_of_reach(parameter):
        yield Finding(
            W_NULL,
            f"The parameter {parameter.name!r} of {spec.located} may be None, but no client of the context "
            f"{context!r} can send that: what is None is left out, and then it is {parameter.default!r}.",
            f"Make None its default, {parameter.name}: {shown(parameter.annotation)} = None, or take it away.",
        )


def _is_null_out_of_reach(parameter: Parameter) -> bool:
    """Whether None is allowed and cannot be sent: a query string has no null, and the default is something else."""
    annotation, default = parameter.annotation, parameter.default
    if typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    takes_none = type(None) in typing.get_args(annotation)
    return takes_none and not (parameter.is_required or default is None or isinstance(default, FieldInfo))


def _is_same_type(one: Any, other: Any) -> bool:
    # Pydantic's field infos are equal only to themselves, though two that are written alike mean the same.
    return bool(one == other) or repr(one) == repr(other)
