"""
From a registry to its graph. What does not fit is a finding; nothing is raised, so that all findings show at once.
"""

from __future__ import annotations

from mizan.protocol.client_name_findings import client_name_findings
from mizan.protocol.context_groups import group_contexts
from mizan.protocol.declared_errors import collect_errors
from mizan.protocol.errors import Finding
from mizan.protocol.graph import Graph
from mizan.protocol.option_findings import option_findings
from mizan.protocol.registry import FunctionRegistry
from mizan.protocol.signature import MISSING, Signature
from mizan.protocol.signature_findings import signature_findings, unreadable_hints
from mizan.protocol.specs import FunctionSpec
from mizan.protocol.targets import Targets

_NO_SIGNATURE = Signature((), MISSING)


def resolve(registry: FunctionRegistry) -> Graph:
    """Resolve every spec of *registry* against all the others."""
    findings = list(registry.conflicts())
    signatures: dict[str, Signature] = {}
    for spec in registry:
        signatures[spec.name] = _signature(spec, findings)
        findings += option_findings(spec)
    findings += client_name_findings(registry)
    contexts = group_contexts(registry, signatures, findings)
    targets = Targets(registry, signatures, contexts, findings)
    affects = {spec.name: targets.of_affects(spec) for spec in registry if spec.affects}
    merges = {spec.name: targets.of_merge(spec) for spec in registry if spec.merge}
    errors = collect_errors(registry, findings)
    return Graph(signatures, contexts, affects, merges, errors, tuple(findings))


def _signature(spec: FunctionSpec, findings: list[Finding]) -> Signature:
    try:
        signature = spec.signature()
    except (NameError, TypeError, SyntaxError) as error:
        findings.append(unreadable_hints(spec, error))
        return _NO_SIGNATURE
    findings += signature_findings(spec, signature)
    return signature
