"""
By which parameters the slots of a function can be made stale. Known at start, from what the mutations and watched models
name, so that an entry carries the tags it needs and no others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter, ValidationError

from mizan.bridge.drf_annotations import substitute
from mizan.protocol.graph import ContextGroup, ContextReader, Target

Signature = tuple[str, ...]
"""Names of parameters, sorted."""


@dataclass(frozen=True)
class TagScope:
    """
    What a tag is about: the slots of *function*, or of every function of the context, narrowed by the parameters *names*.
    """

    function: str | None
    names: Signature


@dataclass(frozen=True)
class Scopes:
    """
    The tags that the slots of one function carry beside that of the whole context.
    """

    function: str
    params: frozenset[str]
    shared: tuple[Signature, ...]
    own: tuple[Signature, ...]

    def __iter__(self) -> Iterator[TagScope]:
        yield from (TagScope(None, names) for names in self.shared)
        yield from (TagScope(self.function, names) for names in self.own)

    def reached(self, params: Iterable[str], *, alone: bool) -> TagScope:
        """
        The narrowest tag of this function that includes every slot which a change with *params* concerns.

        Args:
            alone: Whether only this function's slots are concerned, and not those beside it.
        """
        known = set(params) & self.params
        own = [names for names in self.own if known.issuperset(names)]
        shared = [names for names in self.shared if known.issuperset(names)]
        if own and (alone or not known or not shared):
            return TagScope(self.function, max(own, key=len))
        return TagScope(None, max(shared, key=len, default=()))


def scopes_of(group: ContextGroup, targets: Iterable[Target]) -> dict[str, Scopes]:
    """The scopes of each function of *group*; *targets* are those of all mutations."""
    relevant = [target for target in targets if target.context == group.name]
    everything = frozenset(parameter.name for parameter in group.parameters)
    return {reader.spec.name: _scopes(reader, everything, relevant) for reader in group.readers}


def _scopes(reader: ContextReader, everything: frozenset[str], targets: list[Target]) -> Scopes:
    name, params = reader.spec.name, frozenset(reader.params)
    # Every single parameter, too: that is what `mizan.invalidate()` is mostly called with.
    shared: set[Signature] = {(each,) for each in params}
    own: set[Signature] = set()
    for target in targets:
        names = tuple(sorted(params.intersection(target.params)))
        if target.function == name:
            own |= {(), names}
        elif target.function is None and names:
            shared.add(names)
    if everything - params:
        own.add(())  # a change that is narrowed by what this function does not take concerns it whatever it takes
    return Scopes(name, params, _by_length(shared), _by_length(own))


def _by_length(signatures: set[Signature]) -> tuple[Signature, ...]:
    return tuple(sorted(signatures, key=lambda one: (len(one), one)))


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
