"""
What a function takes and returns, read from its type hints. Making validators of the hints is the work of `mizan.wire`.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


class Missing:
    """Stands for a default or an annotation that is not there."""

    def __repr__(self) -> str:
        return "<missing>"


MISSING = Missing()

_DATA = (bool, bytes, dict, float, int, list, set, str, tuple)
_REQUEST_KINDS = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
_ARGUMENT_KINDS = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


@dataclass(frozen=True, slots=True)
class Parameter:
    """
    One argument of a function, without the request; *annotation* and *default* may be ``MISSING``.
    """

    name: str
    annotation: Any
    default: Any = MISSING

    @property
    def is_required(self) -> bool:
        return self.default is MISSING


@dataclass(frozen=True, slots=True)
class Signature:
    """
    The arguments of a function in order, its return annotation, and in words what makes the function unusable.
    """

    parameters: tuple[Parameter, ...]
    returns: Any
    problems: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(parameter.name for parameter in self.parameters)


def resolve_hints(function: Callable[..., Any], local_names: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """
    The evaluated annotations of *function*, ``Annotated`` kept.

    Raises:
        NameError: an annotation names something that is not defined (yet).
    """
    return typing.get_type_hints(function, localns=dict(local_names or {}), include_extras=True)


def read_signature(function: Callable[..., Any], hints: Mapping[str, Any]) -> Signature:
    """
    Split *function* into its arguments and its result.

    The first parameter is the request and is passed by position; every other one is an argument that the client names.
    """
    raw = list(inspect.signature(function).parameters.values())
    if not raw or raw[0].kind not in _REQUEST_KINDS:
        return Signature((), hints.get("return", MISSING), ("its first parameter must be the request",))
    if hints.get(raw[0].name) in _DATA:
        problem = f"its first parameter must be the request, and {raw[0]} is none"
        return Signature((), hints.get("return", MISSING), (problem,))
    problems = [
        f"its parameter {parameter} cannot be named by a client"
        for parameter in raw[1:]
        if parameter.kind not in _ARGUMENT_KINDS
    ]
    parameters = tuple(
        Parameter(
            parameter.name,
            hints.get(parameter.name, MISSING),
            MISSING if parameter.default is parameter.empty else parameter.default,
        )
        for parameter in raw[1:]
        if parameter.kind in _ARGUMENT_KINDS
    )
    return Signature(parameters, hints.get("return", MISSING), tuple(problems))
