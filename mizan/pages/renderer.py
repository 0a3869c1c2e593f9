"""
Answers as API pages: DRF's browsable API in templates of Mizan's own, which need no other app installed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from django.middleware.csrf import get_token
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from mizan import conf
from mizan.drf.renderers import Written, indented
from mizan.pages.assets import asset_urls
from mizan.pages.function_pages import context_page, function_page
from mizan.pages.measurements import Measured, measured, traceback_of
from mizan.pages.templates import render_page
from mizan.pages.viewers import admitted_by, login_url, viewer_of
from mizan.pages.visibility import may_see_docs, prefix_of
from mizan.protocol.names import HEADER_INVALIDATE

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
_REFUSALS = ("FORBIDDEN", "UNAUTHORIZED")
_INDENTED = "application/json; indent=4"


class ApiPageRenderer(BaseRenderer):
    """
    The API page of a function or a context, with a form and the last answer; the index; the docs. Those who may not see how
    the server is made get the answer alone.
    """

    media_type = "text/html"
    format = "api"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> str:
        context = renderer_context or {}
        view, request, response = context["view"], context["request"], context["response"]
        if _is_failure(data) and _opens_a_context(view, request):
            # The page opens with an empty form, and does not complain that the form is empty.
            data, response.status_code = None, 200
        cost = measured(view)
        template, variables = self._page(data, view, request)
        headers = sorted(
            item for item in response.headers.items() if item[0] != "Content-Type"
        )  # which is that of the page
        response.headers.pop("ETag", None)  # the ETag of the JSON, and the page holds more
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        return render_page(
            template,
            {
                **variables,
                "status": response.status_code,
                "status_text": response.status_text,
                "is_failure": response.status_code >= 400,
                "failure": data if _is_failure(data) else None,
                "answer": _answer(data),
                "headers": headers,
                **(_for_developers(data, view, request, response, cost) if variables["shows_docs"] else {}),
            },
        )

    def _page(self, data: Any, view: Any, request: Request) -> tuple[str, dict[str, Any]]:
        prefix = prefix_of(request)
        shows_docs = may_see_docs(request)
        variables: dict[str, Any] = {
            "title": view.get_view_name() or "Mizan",
            "prefix": prefix,
            "assets": asset_urls(prefix),
            "project": conf.get("MIZAN_TITLE"),
            "shows_docs": shows_docs,
        }
        failure = data if _is_failure(data) else None
        if not shows_docs:
            return "answer.html", variables
        if hasattr(view, "endpoint"):
            variables |= {
                **function_page(request, view.endpoint, failure, prefix),
                "csrf_token": get_token(request._request),
                "doc": paragraphs(view.endpoint.spec.doc),
            }
            return "function.html", variables
        if hasattr(view, "context"):
            return "context.html", variables | context_page(request, view.context, failure, prefix)
        if failure is None and hasattr(view, "page"):
            template, more = view.page(request, prefix)
            return template, variables | more
        return "answer.html", variables


def _for_developers(data: Any, view: Any, request: Request, response: Any, cost: Measured | None) -> dict[str, Any]:
    """What only those see who may see how the server is made."""
    code = data["code"] if _is_failure(data) else ""
    return {
        "viewer": viewer_of(request),
        "login_url": login_url(request),
        "cost": None if data is None else cost,
        "admitted_by": admitted_by(view.endpoint.spec) if hasattr(view, "endpoint") and code in _REFUSALS else "",
        "traceback": traceback_of(view) if code == "INTERNAL_ERROR" else "",
        "stale": stale_contexts(response.headers.get(HEADER_INVALIDATE, "")),
    }


def stale_contexts(header: str) -> list[str]:
    """The contexts, and their readers, that a call made stale: the names in its ``X-Mizan-Invalidate``."""
    return list(dict.fromkeys(unquote(part.partition(";")[0].strip()) for part in header.split(",") if part.strip()))


def paragraphs(doc: str) -> list[str]:
    """The paragraphs of a docstring, each with its line breaks."""
    return [part for part in re.split(r"\n\s*\n", doc.strip("\n")) if part.strip()]


def _opens_a_context(view: Any, request: Request) -> bool:
    """Whether a person opens the form of a context: none of the required parameters are sent."""
    if not hasattr(view, "context") or request._request.GET or request.method != "GET":
        return False
    return any(parameter.is_required for parameter in view.context.group.parameters)


def _is_failure(data: Any) -> bool:
    return isinstance(data, Mapping) and data.get("error") is True


def _answer(data: Any) -> str:
    if data is None:
        return ""
    if isinstance(data, Written):
        return indented(data).decode()
    return str(JSONRenderer().render(data, _INDENTED).decode())
