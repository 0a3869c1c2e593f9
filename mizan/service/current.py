"""
The service of the registry as it is now.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cached_property, partial
from itertools import chain

from mizan.memo import Deriving, Memo
from mizan.protocol.graph import Graph
from mizan.protocol.registry import FunctionRegistry, default_registry
from mizan.protocol.resolver import resolve
from mizan.protocol.specs import FunctionSpec
from mizan.service.endpoints import ContextEndpoint, Endpoint
from mizan.service.parameters import ParameterValues

logger = logging.getLogger("mizan")


class Service(Deriving):
    """
    Everything that one version of the registry serves.
    """

    def __init__(self, registry: FunctionRegistry) -> None:
        super().__init__()
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
        """What clients may call, by wire name; private functions and view functions are not among them."""
        return {
            name: endpoint
            for name, endpoint in self.all_endpoints.items()
            if not endpoint.spec.private and not endpoint.spec.is_view
        }

    @cached_property
    def view_functions(self) -> dict[str, Endpoint]:
        """The functions with a ``route=``, by wire name."""
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
                self._values[name],
                tuple(target for target in targets if target.context == name),
                frozenset(
                    tuple(sorted(fields))
                    for reader in group.readers
                    for _, fields in reader.spec.watch
                    if isinstance(fields, Mapping)
                ),
            )
            for name, group in graph.contexts.items()
        }


registry_version = partial(getattr, default_registry, "version")
"""Grows with every change of the default registry: the key of what is derived from it."""

current_service = Memo(lambda: Service(default_registry), key=registry_version)
"""The service of the default registry; it is made anew when a function was registered."""
