"""
What the specs of a registry mean together: contexts with their parameters, and what each mutation changes. Data only:
`resolver` makes it.
"""

from __future__ import annotations

from dataclasses import dataclass

from mizan.protocol.errors import Finding, MizanError
from mizan.protocol.signature import Parameter, Signature
from mizan.protocol.specs import FunctionSpec


@dataclass(frozen=True, slots=True)
class Target:
    """
    A context, or one reader in it, that a mutation changes; *params* are the mutation's arguments that narrow it.
    """

    context: str
    function: str | None = None
    params: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContextReader:
    """A reader: a function of a context, with those of the context's parameters that it takes."""

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
    A registry resolved: contexts by name, errors by code, all else by function name, and what is wrong.
    """

    signatures: dict[str, Signature]
    contexts: dict[str, ContextGroup]
    affects: dict[str, tuple[Target, ...]]
    merges: dict[str, tuple[Target, ...]]
    errors: dict[str, type[MizanError]]
    findings: tuple[Finding, ...]
