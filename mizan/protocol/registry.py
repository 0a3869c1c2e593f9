"""
Which functions this process serves, by wire name. Only a table: what the names in the specs mean is `resolver`'s work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from mizan.protocol.errors import E_DUPLICATE_FUNCTION, Finding
from mizan.protocol.specs import SPEC_ATTRIBUTE, FunctionSpec, spec_of


class FunctionRegistry:
    """
    The functions of one server.

    ``version`` grows with every change, so that what is derived from the registry knows when it is out of date.
    """

    def __init__(self) -> None:
        self.version = 0
        self.listeners: list[Callable[[FunctionSpec], None]] = []
        """Called with each spec that is added: a process that only writes data never looks at the registry."""
        self._specs: dict[str, FunctionSpec] = {}
        self._conflicts: dict[tuple[str, str, str], Finding] = {}

    def add(self, spec: FunctionSpec, *, by_hand: bool) -> None:
        """
        Serve *spec* under its name.

        Adding it again changes nothing; a second function for a name is kept out and reported by `conflicts`. A
        name that was given by hand stays when the function is found by importing its module.
        """
        other = self.find(spec.function)
        if other is not None and other.function is spec.function and other.name != spec.name:
            if not by_hand:
                return
            del self._specs[other.name]
        known = self._specs.get(spec.name)
        if known is not None and known.function is not spec.function and not _is_redefinition(known, spec):
            self._conflicts[spec.name, known.where, spec.where] = Finding(
                E_DUPLICATE_FUNCTION,
                f"Two functions are called {spec.name!r}: {known.located} and {spec.located}.",
                f'Give one of them another wire name: @client(name="…") or register({spec.function.__name__}, "…").',
            )
            return
        if spec.lost_line is not None:
            self._conflicts[spec.name, spec.where, spec.where] = Finding(
                E_DUPLICATE_FUNCTION,
                f"{spec.located} is written twice: the one in line {spec.lost_line} is lost.",
                "Give one of them another name.",
            )
        setattr(spec.function, SPEC_ATTRIBUTE, spec)
        self._specs[spec.name] = spec
        self.version += 1
        for listener in self.listeners:
            listener(spec)

    def refuse(self, spec: FunctionSpec, finding: Finding) -> None:
        """Never serve *spec*, also where somebody registered it before; `conflicts` reports *finding*."""
        known = self._specs.get(spec.name)
        if known is not None and known.function is spec.function:
            del self._specs[spec.name]
        self._conflicts[spec.name, spec.where, finding.id] = finding
        self.version += 1

    def get(self, name: str) -> FunctionSpec | None:
        return self._specs.get(name)

    def find(self, function: Callable[..., Any]) -> FunctionSpec | None:
        """The registered spec of *function* itself."""
        spec = spec_of(function)
        return None if spec is None else self._specs.get(spec.name)

    def conflicts(self) -> tuple[Finding, ...]:
        return tuple(self._conflicts[key] for key in sorted(self._conflicts))

    def __iter__(self) -> Iterator[FunctionSpec]:
        return iter([self._specs[name] for name in sorted(self._specs)])

    def __len__(self) -> int:
        return len(self._specs)

    def __contains__(self, name: object) -> bool:
        return name in self._specs

    @contextmanager
    def isolated(self) -> Iterator[FunctionRegistry]:
        """Empty the registry in place for a while; what it held comes back afterwards."""
        before = (self._specs, self._conflicts)
        self._specs, self._conflicts = {}, {}
        self.version += 1
        try:
            yield self
        finally:
            self._specs, self._conflicts = before
            self.version += 1


def _is_redefinition(known: FunctionSpec, new: FunctionSpec) -> bool:
    """Whether *new* is the same line of source run again, as a module reload does."""
    old_code, new_code = known.function.__code__, new.function.__code__
    return (old_code.co_filename, old_code.co_firstlineno, known.where) == (
        new_code.co_filename,
        new_code.co_firstlineno,
        new.where,
    )


default_registry = FunctionRegistry()
