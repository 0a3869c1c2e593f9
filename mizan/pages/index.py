"""
The index: functions, contexts, and which mutation makes which context stale.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.safestring import SafeString

from mizan.pages.graph_drawing import Drawing, Mutation
from mizan.pages.summaries import badges, caller_of, first_line, signature_of
from mizan.protocol.errors import Finding
from mizan.service.current import Service
from mizan.service.endpoints import Endpoint


def index_page(service: Service, prefix: str, query: str, findings: Iterable[Finding]) -> tuple[str, dict[str, Any]]:
    """
    The template of the index and what it shows.

    Args:
        query: The words that a person looks for.
        findings: What is wrong with the functions.
    """
    return "index.html", {
        "query": query,
        "totals": _totals(service),
        "findings": [str(finding) for finding in findings if finding.is_error],
        "drawing": draw_graph(service, prefix),
        "apps": _by_app(service, prefix, query.lower().split()),
        "contexts": _contexts(service, prefix),
        "view_functions": [
            {
                "name": name,
                "route": endpoint.spec.route,
                "methods": ", ".join(endpoint.spec.methods or ("GET",)),
                "caller": caller_of(endpoint.spec),
            }
            for name, endpoint in service.view_functions.items()
        ],
        "errors": _errors(service, prefix),
    }


def draw_graph(service: Service, prefix: str) -> SafeString:
    """The invalidation graph of *service*, or an empty text where there is neither context nor mutation."""
    mutations = [
        Mutation(name, endpoint.affects, endpoint.merges)
        for name, endpoint in service.functions.items()
        if endpoint.affects or endpoint.merges
    ]
    if not mutations and not service.contexts:
        return SafeString()
    groups = {name: context.group for name, context in service.contexts.items()}
    return Drawing(mutations, groups, prefix).svg()


def listing(service: Service, prefix: str) -> dict[str, Any]:
    """The addresses of everything, for programs."""
    return {
        "functions": {name: f"{prefix}call/{name}/" for name in service.functions},
        "contexts": {name: f"{prefix}ctx/{name}/" for name in service.contexts},
        "schema": f"{prefix}schema/",
        "docs": f"{prefix}docs/",
    }


def _totals(service: Service) -> str:
    counts = [
        (len(service.functions), "function"),
        (len(service.contexts), "context"),
        (len(service.view_functions), "view function"),
        (len(service.graph.errors), "declared error"),
    ]
    parts = [f"{number} {noun}{'' if number == 1 else 's'}" for number, noun in counts if number]
    return ", ".join(parts) or "No functions yet"


def _by_app(service: Service, prefix: str, words: list[str]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The functions that hold all of *words*, by app."""
    apps: dict[str, list[dict[str, Any]]] = {}
    for name, endpoint in service.functions.items():
        row = _function(name, endpoint, prefix)
        if all(word in row["words"] for word in words):
            apps.setdefault(endpoint.spec.app, []).append(row)
    return sorted(apps.items())


def _function(name: str, endpoint: Endpoint, prefix: str) -> dict[str, Any]:
    spec = endpoint.spec
    facts = badges(endpoint, prefix)
    words = [name, spec.app, spec.context or "", spec.doc, *(badge.text for badge in facts)]
    return {
        "name": name,
        "url": f"{prefix}call/{name}/",
        "summary": first_line(spec.doc),
        "signature": signature_of(endpoint),
        "badges": facts,
        "words": " ".join(" ".join(words).lower().split()),
    }


def _contexts(service: Service, prefix: str) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "url": f"{prefix}ctx/{name}/",
            "parameters": context.parameter_names,
            "readers": [{"name": reader, "url": f"{prefix}call/{reader}/"} for reader in context.readers],
        }
        for name, context in service.contexts.items()
    ]


def _errors(service: Service, prefix: str) -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "status": error.status,
            "message": error.message,
            "functions": [
                {"name": name, "url": f"{prefix}call/{name}/"}
                for name, endpoint in service.functions.items()
                if error in endpoint.spec.raises
            ],
        }
        for code, error in sorted(service.graph.errors.items())
    ]
