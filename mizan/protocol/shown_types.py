"""
Types, functions and pydantic fields in messages, as a developer would write them.
"""

from __future__ import annotations

import inspect
import typing
from typing import Any

from pydantic.fields import FieldInfo

from mizan.protocol.signature import MISSING, Parameter


def shown(value: Any) -> str:
    """A text in quotes; anything else as `shown_type` has it."""
    return repr(value) if isinstance(value, str) else shown_type(value)


def shown_type(value: Any) -> str:
    """A type or a function as a developer would write it."""
    if isinstance(value, type) and not typing.get_args(value):
        return value.__qualname__
    if inspect.isroutine(value):
        return str(value.__qualname__)
    if typing.get_origin(value) is typing.Annotated:
        inner, *metadata = typing.get_args(value)
        written = [_shown_field(item) if isinstance(item, FieldInfo) else repr(item) for item in metadata]
        return f"Annotated[{', '.join([shown_type(inner), *written])}]"
    return repr(value).replace("typing.", "").replace("collections.abc.", "")


def shown_parameter(parameter: Parameter) -> str:
    """
    A parameter whose default is a pydantic ``Field``, written so that the function gets a value.

    ``limit: int = Field(default=5, ge=1)`` becomes ``limit: Annotated[int, Field(ge=1)] = 5``.
    """
    info = parameter.default
    default = "" if info.is_required() else f" = {info.get_default(call_default_factory=True)!r}"
    inner = "str" if parameter.annotation is MISSING else shown_type(parameter.annotation)
    kind = f"Annotated[{inner}, {_shown_field(info)}]" if info.metadata else inner
    return f"{parameter.name}: {kind}{default}"


def _shown_field(info: FieldInfo) -> str:
    """``Field(ge=1)``, of what pydantic keeps as ``[Ge(ge=1)]``."""
    constraints = [repr(item).partition("(")[2].removesuffix(")") for item in info.metadata]
    return f"Field({', '.join(constraints)})"
