"""
Targets of mutations: what the contexts and functions in ``affects=`` and ``merge=`` refer to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mizan.protocol.errors import E_MERGE, E_UNKNOWN_AFFECTS, Finding
from mizan.protocol.graph import ContextGroup, Target
from mizan.protocol.registry import FunctionRegistry
from mizan.protocol.shown_types import shown
from mizan.protocol.signature import Signature
from mizan.protocol.specs import FunctionSpec, spec_of


@dataclass(frozen=True, slots=True)
class Targets:
    """
    Resolves the options of one registry's mutations; what refers to nothing is left out and added to *findings*.

    Args:
        signatures: By function name.
        contexts: By context name.
    """

    registry: FunctionRegistry
    signatures: Mapping[str, Signature]
    contexts: Mapping[str, ContextGroup]
    findings: list[Finding]

    def of_affects(self, spec: FunctionSpec) -> tuple[Target, ...]:
        """What ``affects=`` of *spec* makes stale."""
        targets = []
        for item in spec.affects:
            if isinstance(item, str):
                if item in self.contexts:
                    targets.append(self._target(spec, item, None))
                else:
                    self.findings.append(self._unknown_context(E_UNKNOWN_AFFECTS, spec, "affects", item))
                continue
            reader = self._reader(item)
            if reader is None or reader.context is None:
                self.findings.append(_no_reader(spec, item))
                continue
            targets.append(self._target(spec, reader.context, reader.name))
        return tuple(targets)

    def of_merge(self, spec: FunctionSpec) -> tuple[Target, ...]:
        """The readers whose data the result of *spec* replaces in the client."""
        returns = self.signatures[spec.name].returns
        targets = []
        for item in spec.merge:
            if isinstance(item, str) and item not in self.contexts:
                self.findings.append(self._unknown_context(E_MERGE, spec, "merge", item))
                continue
            fitting = [reader for reader in self._candidates(item) if self.signatures[reader.name].returns == returns]
            if len(fitting) != 1:
                self.findings.append(
                    Finding(
                        E_MERGE,
                        f"@client(merge={shown(item)}) on {spec.located} needs exactly one function of a context that "
                        f"returns {shown(returns)}, and {len(fitting)} do.",
                        "Name the function itself, merge=user_profile, and give both the same return type.",
                    )
                )
                continue
            targets.append(self._target(spec, str(fitting[0].context), fitting[0].name))
        return tuple(targets)

    def _candidates(self, item: Any) -> list[FunctionSpec]:
        """The readers that one item of ``merge=`` may refer to."""
        if isinstance(item, str):
            return [reader.spec for reader in self.contexts[item].readers]
        reader = self._reader(item)
        return [reader] if reader is not None and reader.context is not None else []

    def _target(self, spec: FunctionSpec, context: str, function: str | None) -> Target:
        group = self.contexts.get(context)
        known = {parameter.name for parameter in group.parameters} if group else set()
        return Target(context, function, tuple(name for name in self.signatures[spec.name].names if name in known))

    def _reader(self, item: Any) -> FunctionSpec | None:
        return self.registry.find(item) if spec_of(item) is not None else None

    def _unknown_context(self, id: str, spec: FunctionSpec, option: str, name: str) -> Finding:
        hint = (
            f"{name!r} is a function: pass it itself, {option}={name}."
            if name in self.registry
            else f"Known contexts: {', '.join(self.contexts) or 'none'}. Add @client(context={name!r}) to a reader."
        )
        return Finding(id, f"@client({option}={name!r}) on {spec.located} names no context.", hint)


def _no_reader(spec: FunctionSpec, item: Any) -> Finding:
    return Finding(
        E_UNKNOWN_AFFECTS,
        f"@client(affects={shown(item)}) on {spec.located} is not a registered function of a context.",
        f'Give {shown(item)} a context: @client(context="…"), or name a context: affects="…".'
        if callable(item)
        else 'Name a context, affects="…", or give a function that has one: affects=user_profile.',
    )
