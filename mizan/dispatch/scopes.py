"""
By which parameters the slots of a function can be made stale. Known at start, from what the mutations and watched models
name, so that an entry carries the tags it needs and no others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter, ValidationError

from mizan.bridge.drf_annotations import substitute
from mizan.protocol.graph import ContextGroup, ContextReader, Target


@dataclass(frozen=True)
class Scopes:
    """
    Sets of parameter names, sorted; the empty one is always among them.
    """

    signatures: tuple[tuple[str, ...], ...]

    def widest(self, params: Mapping[str, Any]) -> tuple[str, ...]:
        """The signature that says the most of *params*: what carries it includes all that *params* mean."""
        return max((one for one in self.signatures if set(one) <= set(params)), key=len)


def scopes_of(group: ContextGroup, targets: Iterable[Target]) -> dict[str, Scopes]:
    """The scopes of each function of *group*; *targets* are those of all mutations."""
    relevant = [target for target in targets if target.context == group.name]
    return {reader.spec.name: _scopes(reader, relevant) for reader in group.readers}


def _scopes(reader: ContextReader, targets: list[Target]) -> Scopes:
    # Every single parameter, too: that is what `mizan.invalidate()` is mostly called with.
    named: set[tuple[str, ...]] = {(), *((name,) for name in reader.params)}
    for target in targets:
        if target.function in (None, reader.spec.name):
            named.add(tuple(sorted(set(target.params) & set(reader.params))))
    return Scopes(tuple(sorted(named, key=lambda one: (len(one), one))))


class ParameterValues:
    """
    Values of one context's parameters, as the context itself would read them.
    """

    def __init__(self, group: ContextGroup) -> None:
        self._annotations = {parameter.name: parameter.annotation for parameter in group.parameters}

    @cached_property
    def _adapters(self) -> dict[str, TypeAdapter[Any]]:
        return {name: TypeAdapter(substitute(annotation)) for name, annotation in self._annotations.items()}

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

    def scope(self, names: Iterable[str], arguments: Mapping[str, Any]) -> dict[str, Any]:
        """
        What *arguments* of a mutation say about the parameters *names*.

        A None is left out, and so is what cannot be a value of the parameter: it says nothing about which instances changed.
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
