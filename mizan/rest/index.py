"""
The browsable index: functions, contexts, and which mutation makes which context stale.
"""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString
from pydantic_core import to_json
from rest_framework import exceptions
from rest_framework.request import Request

from mizan.dispatch.endpoints import Endpoint, Service, current_service
from mizan.rest.findings import service_findings
from mizan.rest.graph_drawing import Drawing, Mutation
from mizan.rest.pages import may_see_docs, prefix_of
from mizan.rest.summaries import badges, caller_of, first_line, signature_of
from mizan.rest.views import ServiceView


class IndexView(ServiceView):
    """
    Everything that this server offers: a page for people, a short list of addresses as JSON for programs.

    Nobody else than ``MIZAN_SHOW_DOCS`` lets in learns that it exists.
    """

    name = "Mizan"
    schema = None
    http_method_names = ["get", "head", "options"]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        if not may_see_docs(request):
            raise exceptions.NotFound
        return self.answer(to_json(_listing(current_service(), prefix_of(request))))

    head = get

    def page(self, request: Request, prefix: str) -> tuple[str, dict[str, Any]]:
        """The template of the page and what it shows."""
        service = current_service()
        query = request._request.GET.get("q", "").strip()
        return "index.html", {
            "query": query,
            "totals": _totals(service),
            "findings": [str(finding) for finding in service_findings(service) if finding.is_error],
            "drawing": draw_graph(service, prefix),
            "apps": _by_app(service, prefix, query.lower().split()),
            "contexts": _contexts(service, prefix),
            "routed": [
                {
                    "name": name,
                    "route": endpoint.spec.route,
                    "methods": ", ".join(endpoint.spec.methods or ("GET",)),
                    "caller": caller_of(endpoint.spec),
                }
                for name, endpoint in service.pages.items()
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


def _listing(service: Service, prefix: str) -> dict[str, Any]:
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
        (len(service.pages), "page"),
        (len(service.graph.errors), "declared error"),
    ]
    said = [f"{number} {noun}{'' if number == 1 else 's'}" for number, noun in counts if number]
    return ", ".join(said) or "No functions yet"


def _by_app(service: Service, prefix: str, words: list[str]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The functions that hold all of *words*, by app."""
    apps: dict[str, list[dict[str, Any]]] = {}
    for name, endpoint in service.functions.items():
        entry = _function(name, endpoint, prefix)
        if all(word in entry["words"] for word in words):
            apps.setdefault(endpoint.spec.app, []).append(entry)
    return sorted(apps.items())


def _function(name: str, endpoint: Endpoint, prefix: str) -> dict[str, Any]:
    spec = endpoint.spec
    found = badges(endpoint, prefix)
    words = [name, spec.app, spec.context or "", spec.doc, *(badge.text for badge in found)]
    return {
        "name": name,
        "url": f"{prefix}call/{name}/",
        "summary": first_line(spec.doc),
        "signature": signature_of(endpoint),
        "badges": found,
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
