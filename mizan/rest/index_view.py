"""
The browsable index of everything that this server offers.
"""

from __future__ import annotations

from typing import Any

from pydantic_core import to_json
from rest_framework import exceptions
from rest_framework.request import Request

from mizan.pages.index import index_page, listing
from mizan.pages.visibility import may_see_docs, prefix_of
from mizan.rest.findings import service_findings
from mizan.rest.service_views import ServiceView
from mizan.service.current import current_service


class IndexView(ServiceView):
    """
    A page for people, a short list of addresses as JSON for programs.

    Nobody but those whom ``MIZAN_SHOW_DOCS`` lets in learns that it exists.
    """

    name = "Mizan"
    schema = None
    http_method_names = ["get", "head", "options"]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        if not may_see_docs(request):
            raise exceptions.NotFound
        return self.answer(to_json(listing(current_service(), prefix_of(request))))

    head = get

    def page(self, request: Request, prefix: str) -> tuple[str, dict[str, Any]]:
        """The template of the page and what it shows."""
        service = current_service()
        query = request._request.GET.get("q", "").strip()
        return index_page(service, prefix, query, service_findings(service))
