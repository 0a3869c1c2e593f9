"""
Everything that is wrong with the functions of a service, collected.
"""

from __future__ import annotations

from collections.abc import Iterator

from mizan.dispatch.access_findings import access_findings
from mizan.freshness.watches import Watches
from mizan.openapi.descriptions import describe
from mizan.protocol.errors import W_MADE_DEFAULT, Finding
from mizan.rest.route_findings import route_findings
from mizan.service.current import Service
from mizan.service.endpoints import Endpoint
from mizan.wire.components import UNDESCRIBABLE


def service_findings(service: Service) -> tuple[Finding, ...]:
    """Names, types, options, permissions, throttles, routes, watched models and defaults."""
    return (
        *service.graph.findings,
        *describe(service).findings,
        *access_findings(service),
        *route_findings(service),
        *service.derive(Watches).findings,
        *_made_defaults(service),
    )


def _made_defaults(service: Service) -> Iterator[Finding]:
    for context in service.contexts.values():
        for reader in context.readers.values():
            if reader.spec.cache and _has_made_default(reader):
                yield Finding(
                    W_MADE_DEFAULT,
                    f"A default of {reader.where} is made anew for each call, so its answers are not cached.",
                    "Have clients send it, or say @client(cache=False).",
                )


def _has_made_default(reader: Endpoint) -> bool:
    try:
        return reader.has_made_default
    except UNDESCRIBABLE:  # of its types there is a finding already
        return False
