"""
The parameters of a context as values.
"""

from __future__ import annotations

import typing
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter, ValidationError

from mizan.protocol.graph import ContextGroup
from mizan.wire.hooks import hooks


class ParameterValues:
    """
    Values of one context's parameters, as the context itself would read them.
    """

    def __init__(self, group: ContextGroup) -> None:
        self._annotations = {parameter.name: parameter.annotation for parameter in group.parameters}

    @cached_property
    def _adapters(self) -> dict[str, TypeAdapter[Any]]:
        return {name: TypeAdapter(hooks.annotation(annotation)) for name, annotation in self._annotations.items()}

    def read(self, name: str, value: Any) -> Any:
        """
        *value* as the parameter *name*: ``"05"`` becomes 5 where the context takes an int.

        Raises:
            ValueError: it cannot be one.
        """
        try:
            return self._adapters[name].validate_python(value)
        except ValidationError as error:
            raise ValueError(f"{name}={value!r}: {error.errors()[0]['msg']}") from error

    def known(self, names: Iterable[str], arguments: Mapping[str, Any]) -> dict[str, Any]:
        """
        What *arguments* of a mutation say about the parameters *names*.

        A None is left out, and so is a value that the parameter cannot have: neither says which instances have changed.
        """
        values = {}
        for name in names:
            if arguments.get(name) is None:
                continue
            try:
                values[name] = self.read(name, arguments[name])
            except ValueError:
                continue
        return values


def takes_none(annotation: Any) -> bool:
    """Whether a parameter of this type may be None."""
    if typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    return type(None) in typing.get_args(annotation)
