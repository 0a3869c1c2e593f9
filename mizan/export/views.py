"""
``schema/`` and ``docs/``: the documents of this server over HTTP, for whoever may see how it is made.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from rest_framework import exceptions
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from mizan import conf
from mizan.dispatch.failures import Failure
from mizan.drf.renderers import Written, WrittenJSONRenderer
from mizan.pages.renderer import ApiPageRenderer
from mizan.pages.visibility import may_see_docs
from mizan.protocol.errors import ConfigError
from mizan.rest.installation import base_path
from mizan.rest.negotiation import AcceptNegotiation
from mizan.rest.service_views import ServiceView
from mizan.service.current import Service, current_service

# drf-spectacular keeps its settings and its warnings for the whole process.
_one_at_a_time = threading.Lock()


class OpenApiRenderer(WrittenJSONRenderer):
    """The OpenAPI document under the media type of its own."""

    media_type = "application/vnd.oai.openapi+json"
    format = "openapi"


class KdlRenderer(BaseRenderer):
    """The IR as KDL text; a failure as its message."""

    media_type = "text/plain"
    format = "kdl"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return data if isinstance(data, bytes) else f"{data['code']}: {data['message']}\n".encode()


class FormatNegotiation(AcceptNegotiation):
    """``?format=``, or what the project calls it, comes before the Accept header."""

    settings = api_settings


class DescribingView(ServiceView):
    """Answers those whom ``MIZAN_SHOW_DOCS`` lets in, and all others with 404."""

    schema = None
    http_method_names = ["get", "head", "options"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not may_see_docs(request):
            raise exceptions.NotFound


class SchemaView(DescribingView):
    """
    The OpenAPI 3.1 document, or with ``?format=kdl`` the IR translated from it.

    Where the functions cannot be described as they are declared, the answer says why, like ``manage.py check``.
    """

    name = "schema"
    renderer_classes = [WrittenJSONRenderer, OpenApiRenderer, KdlRenderer]
    content_negotiation_class = FormatNegotiation
    cache_control = "private, no-cache"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        from mizan.export.text import ir_text, openapi_text  # importing drf-spectacular takes its time
        from mizan.translate import TranslationError

        is_kdl = isinstance(getattr(request, "accepted_renderer", None), KdlRenderer)
        try:
            body = _text(ir_text if is_kdl else openapi_text)
        except (ConfigError, TranslationError) as error:
            findings = [str(finding) for finding in error.findings]
            return self.refuse(Failure("INTERNAL_ERROR", "\n".join(findings), 500, {"findings": findings}))
        etag = f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
        known: HttpResponseBase | None = get_conditional_response(
            request._request, etag=etag, response=HttpResponse(headers={"ETag": etag})
        )
        if known is not None and known.status_code != 200:
            return known
        return Response(Written(body), headers={"ETag": etag})

    head = get


class DocsView(DescribingView):
    """Swagger UI over `SchemaView`, out of a package."""

    name = "Docs"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.accepted_renderer, request.accepted_media_type = ApiPageRenderer(), ApiPageRenderer.media_type
        return Response(None)

    head = get

    def page(self, request: Request, prefix: str) -> tuple[str, dict[str, Any]]:
        """The template of the docs and what it shows."""
        return "docs.html", {}


def _text(write: Callable[[], str]) -> bytes:
    """A document, written once for each version of the registry and of the settings that it shows."""
    documents = current_service().derive(_texts)
    key = (write.__name__, base_path(), conf.get("MIZAN_TITLE"), conf.get("MIZAN_VERSION"))
    with _one_at_a_time:
        if key not in documents:
            documents[key] = write().encode()
        return documents[key]


def _texts(service: Service) -> dict[tuple[Any, ...], bytes]:
    """The documents of *service* that were written so far."""
    return {}
