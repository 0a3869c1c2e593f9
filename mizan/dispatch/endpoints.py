"""
Functions ready to be called: each spec with its types and targets, and the contexts they form.

What is derived from the registry is derived once for each of its versions.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from django.conf import settings
from pydantic_core import PydanticSerializationError, ValidationError

from mizan.bridge.components import Entry, build_components
from mizan.bridge.policy import MAX_INTEGER, evaluated
from mizan.bridge.wire import Arguments, WireType
from mizan.dispatch.failures import OutputMismatch
from mizan.dispatch.scopes import ParameterValues, Scopes, scopes_of
from mizan.dispatch.stale import Stale
from mizan.protocol.canonical import canonical_json
from mizan.protocol.graph import ContextGroup, Graph, Target, resolve
from mizan.protocol.registry import FunctionRegistry, default_registry
from mizan.protocol.signature import Signature
from mizan.protocol.specs import FunctionSpec

logger = logging.getLogger("mizan")


class Endpoint:
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
        self.spec = spec
        self.name = spec.name
        self.signature = signature
        self.affects = affects
        self.merges = merges
        self._values = values or {}
        # Set once an answer was found to hang on something of the request that no cache key holds.
        self.is_personal = False
        self.arguments = Arguments(spec.name, signature.parameters)
        self.result = WireType(signature.returns)

    @property
    def where(self) -> str:
        return self.spec.where

    @cached_property
    def shape(self) -> str:
        """A digest of what the result looks like: an answer of another shape is no answer of this function."""
        described = build_components([Entry("result", "serialization", self.result.core)])
        return hashlib.sha256(
            json.dumps([described.schemas["result", "serialization"], described.definitions], sort_keys=True).encode()
        ).hexdigest()[:16]

    def left_to_default(self, arguments: Mapping[str, Any]) -> frozenset[str]:
        """Those of *arguments* that are as if nobody had given them."""
        return frozenset(
            name
            for name, value in arguments.items()
            if name in self._defaults and canonical_json(value) == self._defaults[name]
        )

    @cached_property
    def _defaults(self) -> dict[str, bytes]:
        return {
            parameter.name: canonical_json(parameter.default)
            for parameter in self.signature.parameters
            if not parameter.is_required
        }

    def made_stale(self, arguments: Mapping[str, Any]) -> list[Stale]:
        """What a success with *arguments* makes stale."""
        return [self._stale(target, arguments) for target in self.affects]

    def merged(self, arguments: Mapping[str, Any]) -> list[Stale]:
        """The slots that the result of a success with *arguments* replaces."""
        return [self._stale(target, arguments) for target in self.merges]

    def _stale(self, target: Target, arguments: Mapping[str, Any]) -> Stale:
        params = self._values[target.context].scope(target.params, arguments) if target.params else {}
        return Stale(target.context, target.function, params)

    def written(self, value: Any) -> bytes:
        """
        *value* as JSON, checked against the declared type and without what the type does not name.

        Raises:
            OutputMismatch: it is not of the declared type.
        """
        try:
            checked = self.result.output.validate_python(
                evaluated(value), from_attributes=True, by_alias=True, by_name=True
            )
            text = self.result.serializer.to_json(checked, by_alias=True, warnings="error")
        except (ValidationError, PydanticSerializationError, UnicodeEncodeError) as error:
            raise OutputMismatch(f"{self.where} returned what its type does not allow: {error}") from error
        if settings.DEBUG:
            _require_exact_integers(text, self.where)
        return text


@dataclass(frozen=True, slots=True, eq=False)
class ContextEndpoint:
    """A context and the endpoints of its readers, by name."""

    group: ContextGroup
    readers: Mapping[str, Endpoint]
    scopes: Mapping[str, Scopes]
    values: ParameterValues

    @property
    def name(self) -> str:
        return self.group.name

    @property
    def optional(self) -> frozenset[str]:
        """The parameters that a reader need not be given."""
        return frozenset(
            parameter.name
            for reader in self.readers.values()
            for parameter in reader.signature.parameters
            if not parameter.is_required
        )

    @property
    def parameter_names(self) -> tuple[str, ...]:
        return tuple(parameter.name for parameter in self.group.parameters)


class Service:
    """
    Everything that one version of the registry serves.
    """

    def __init__(self, registry: FunctionRegistry) -> None:
        self.version = registry.version
        self.graph: Graph = resolve(registry)
        self._values = {name: ParameterValues(group) for name, group in self.graph.contexts.items()}
        self.all_endpoints = {spec.name: self._endpoint(spec) for spec in registry}
        for finding in self.graph.findings:
            if finding.is_error:
                logger.error("%s", finding)

    def _endpoint(self, spec: FunctionSpec) -> Endpoint:
        graph = self.graph
        return Endpoint(
            spec,
            graph.signatures[spec.name],
            graph.affects.get(spec.name, ()),
            graph.merges.get(spec.name, ()),
            self._values,
        )

    @cached_property
    def functions(self) -> dict[str, Endpoint]:
        """What clients may call, by wire name; private functions and pages are not among them."""
        return {
            name: endpoint
            for name, endpoint in self.all_endpoints.items()
            if not endpoint.spec.private and not endpoint.spec.is_view
        }

    @cached_property
    def pages(self) -> dict[str, Endpoint]:
        """View-path functions, by wire name."""
        return {
            name: endpoint
            for name, endpoint in self.all_endpoints.items()
            if endpoint.spec.is_view and not endpoint.spec.private
        }

    @cached_property
    def contexts(self) -> dict[str, ContextEndpoint]:
        graph = self.graph
        targets = list(chain(*graph.affects.values(), *graph.merges.values()))
        return {
            name: ContextEndpoint(
                group,
                {reader.spec.name: self.all_endpoints[reader.spec.name] for reader in group.readers},
                scopes_of(group, targets),
                self._values[name],
            )
            for name, group in graph.contexts.items()
        }


_current: Service | None = None
_making = threading.Lock()


def current_service() -> Service:
    """The service of the default registry as it is now."""
    global _current  # noqa: PLW0603 - one derived value for one registry
    current = _current
    if current is None or current.version != default_registry.version:
        with _making:  # what threads share hangs on the service: there is one
            current = _current
            if current is None or current.version != default_registry.version:
                current = _current = Service(default_registry)
    return current


def _require_exact_integers(text: bytes, where: str) -> None:
    """Tell a developer, while DEBUG is on, of integers that would change on their way into JavaScript."""

    def check(digits: str) -> int:
        value = int(digits)
        if abs(value) > MAX_INTEGER:
            raise OutputMismatch(
                f"{where} returned {value}, which JavaScript cannot hold exactly. Declare it BigInt (from mizan.types)."
            )
        return value

    json.loads(text, parse_int=check)
