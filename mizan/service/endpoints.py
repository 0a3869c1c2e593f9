"""
Functions and contexts ready to be called: each with its types, and with what it invalidates.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from mizan.memo import Deriving
from mizan.protocol.canonical import canonical_json
from mizan.protocol.graph import ContextGroup, Target
from mizan.protocol.signature import Signature
from mizan.protocol.specs import FunctionSpec
from mizan.service.invalidations import Invalidation
from mizan.service.parameters import ParameterValues, takes_none
from mizan.wire.components import Entry, build_components
from mizan.wire.made_defaults import has_made_default
from mizan.wire.types import Arguments, WireType


class Endpoint(Deriving):
    """
    One function as every surface calls it.
    """

    def __init__(
        self,
        spec: FunctionSpec,
        signature: Signature,
        affects: tuple[Target, ...] = (),
        merges: tuple[Target, ...] = (),
        values: Mapping[str, ParameterValues] | None = None,
    ) -> None:
        """
        Args:
            values: How each context reads its parameters.
        """
        super().__init__()
        self.spec = spec
        self.name = spec.name
        self.where = spec.where
        self.is_async = spec.is_async
        self.signature = signature
        self.affects = affects
        self.merges = merges
        self._values = values or {}
        # Set once an answer was found to depend on something of the request that no entry key holds.
        self.is_personal = False
        self.parameter_names = signature.names
        self.arguments = Arguments(spec.name, signature.parameters)
        self.result = WireType(signature.returns)

    @cached_property
    def has_made_default(self) -> bool:
        """Whether an argument that is not sent may have another value at each call, so that no answer can be kept."""
        return has_made_default(self.arguments.core)

    @cached_property
    def shape(self) -> str:
        """A digest of what the result looks like: an answer of another shape is no answer of this function."""
        described = build_components([Entry("result", "serialization", self.result.core)])
        return hashlib.sha256(
            json.dumps([described.schemas["result", "serialization"], described.definitions], sort_keys=True).encode()
        ).hexdigest()[:16]

    def defaulted(self, arguments: Mapping[str, Any]) -> frozenset[str]:
        """The names of those *arguments* that have the value of their default."""
        defaults = self._defaults
        return frozenset(
            name for name, value in arguments.items() if name in defaults and canonical_json(value) == defaults[name]
        )

    @cached_property
    def _defaults(self) -> dict[str, bytes]:
        return {
            parameter.name: canonical_json(parameter.default)
            for parameter in self.signature.parameters
            if not parameter.is_required
        }

    def changed(self, arguments: Mapping[str, Any]) -> tuple[list[Invalidation], list[Invalidation]]:
        """What a success with *arguments* invalidates, and what its result replaces."""
        return (
            [self._invalidation(target, arguments) for target in self.affects],
            [self._invalidation(target, arguments) for target in self.merges],
        )

    def _invalidation(self, target: Target, arguments: Mapping[str, Any]) -> Invalidation:
        params = self._values[target.context].known(target.params, arguments) if target.params else {}
        return Invalidation(target.context, target.function, params)


class ContextEndpoint(Deriving):
    """
    A context as every surface reads it.
    """

    def __init__(
        self,
        group: ContextGroup,
        readers: Mapping[str, Endpoint],
        values: ParameterValues,
        targets: tuple[Target, ...] = (),
        watched: frozenset[tuple[str, ...]] = frozenset(),
    ) -> None:
        """
        Args:
            readers: The functions of the context by name.
            values: How the context reads its parameters.
            targets: What the mutations of the service invalidate and replace of this context.
            watched: The parameters by which each ``watch=`` of its readers narrows it.
        """
        super().__init__()
        self.name = group.name
        self.group = group
        self.readers = readers
        self.values = values
        self.targets = targets
        self.watched = watched
        self.parameter_names = tuple(parameter.name for parameter in group.parameters)
        # What must be given and may be None is None where nobody gives it: no query string has a null.
        self.null_names = tuple(
            parameter.name
            for parameter in group.parameters
            if parameter.is_required and takes_none(parameter.annotation)
        )
        # The parameters that some reader need not be given.
        self.optional_names = frozenset(
            parameter.name
            for reader in readers.values()
            for parameter in reader.signature.parameters
            if not parameter.is_required
        )
