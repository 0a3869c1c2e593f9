"""
Functions ready to be called: each spec with its types and targets, and the contexts they form.

What is derived from the registry is derived once for each of its versions.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from pydantic_core import PydanticSerializationError, ValidationError, to_jsonable_python

from mizan.bridge.policy import MAX_INTEGER, evaluated
from mizan.bridge.wire import Arguments, WireType
from mizan.dispatch.failures import OutputMismatch
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
        self, spec: FunctionSpec, signature: Signature, affects: tuple[Target, ...], merges: tuple[Target, ...]
    ) -> None:
        self.spec = spec
        self.name = spec.name
        self.signature = signature
        self.affects = affects
        self.merges = merges
        self.arguments = Arguments(spec.name, signature.parameters)
        self.result = WireType(signature.returns)

    @property
    def where(self) -> str:
        return self.spec.where

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


@dataclass(frozen=True, slots=True)
class ContextEndpoint:
    """A context and the endpoints of its readers, by name."""

    group: ContextGroup
    readers: Mapping[str, Endpoint]

    @property
    def name(self) -> str:
        return self.group.name

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
        self.all_endpoints = {spec.name: self._endpoint(spec) for spec in registry}
        for finding in self.graph.findings:
            if finding.is_error:
                logger.error("%s", finding)

    def _endpoint(self, spec: FunctionSpec) -> Endpoint:
        graph = self.graph
        return Endpoint(
            spec, graph.signatures[spec.name], graph.affects.get(spec.name, ()), graph.merges.get(spec.name, ())
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
        return {
            name: ContextEndpoint(
                group, {reader.spec.name: self.all_endpoints[reader.spec.name] for reader in group.readers}
            )
            for name, group in self.graph.contexts.items()
        }


_current: Service | None = None


def current_service() -> Service:
    """The service of the default registry as it is now."""
    global _current  # noqa: PLW0603 - one derived value for one registry
    if _current is None or _current.version != default_registry.version:
        _current = Service(default_registry)
    return _current


def scope(target: Target, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """
    The parameters of *target* that *arguments* fix, as JSON values.

    A None is left out: it says nothing about which instances changed.
    """
    values = {name: arguments[name] for name in target.params if arguments.get(name) is not None}
    return {name: to_jsonable_python(value) for name, value in values.items()}


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
