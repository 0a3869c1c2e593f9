"""
Everything that is wrong with the functions of a service, collected.
"""

from __future__ import annotations

from mizan.dispatch.access_findings import access_findings
from mizan.freshness.made_defaults import made_default_findings
from mizan.freshness.watches import Watches
from mizan.openapi.descriptions import describe
from mizan.protocol.errors import Finding
from mizan.rest.route_findings import route_findings
from mizan.service.current import Service


def service_findings(service: Service) -> tuple[Finding, ...]:
    """Names, types, options, permissions, throttles, routes, watched models and defaults."""
    return (
        *service.graph.findings,
        *describe(service).findings,
        *access_findings(service),
        *route_findings(service),
        *service.derive(Watches).findings,
        *made_default_findings(service),
    )
