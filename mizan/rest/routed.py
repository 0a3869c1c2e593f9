"""
View-path functions: pages that a function renders at its own ``route=``.
"""

from __future__ import annotations

import inspect
import json
from typing import Any, ClassVar

from asgiref.sync import async_to_sync
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework import exceptions
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from mizan.bridge.serializers import RawJson, validated
from mizan.dispatch.calls import succeed
from mizan.dispatch.endpoints import Endpoint
from mizan.dispatch.failures import Failure, OutputMismatch
from mizan.protocol.names import HEADER_INVALIDATE
from mizan.rest.bodies import read_arguments
from mizan.rest.described import Described
from mizan.rest.renderers import WrittenJSONRenderer
from mizan.rest.views import MizanView, merged_arguments

_SAFE = ("GET", "HEAD", "OPTIONS")


class PlainFailureRenderer(BaseRenderer):
    """A failure as a line of text, for whoever takes no JSON or would rather have something else."""

    media_type = "*/*"
    format = "text"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> str:
        context = renderer_context or {}
        if "response" in context:
            context["response"].headers["Content-Type"] = "text/plain; charset=utf-8"
        return str(data["message"]) if isinstance(data, dict) and "message" in data else ""


class RoutedView(MizanView):
    """
    One view-path function. Its arguments come from the address, then from the query string or the body.
    """

    schema = Described("PageSchema")
    endpoint: ClassVar[Endpoint]
    renderer_classes = [WrittenJSONRenderer, PlainFailureRenderer]

    def _serve(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        keywords = self._read(request, kwargs)
        function = self.endpoint.spec.function
        if inspect.iscoroutinefunction(function):
            function = async_to_sync(function)
        response = function(request, **keywords)
        if not isinstance(response, HttpResponseBase):
            raise OutputMismatch(f"{self.where} has a route=, so it must return an HttpResponse, not {response!r}.")
        if (
            response.status_code < 400
            and self._changes(request)
            and (header := succeed(self.endpoint, keywords, b"null").header())
        ):
            response.headers[HEADER_INVALIDATE] = header
        return response

    get = post = put = patch = delete = _serve

    def _changes(self, request: Request) -> bool:
        """Whether this request makes stale: where there is an unsafe method, a link or an image of another site does not."""
        return request.method not in _SAFE or not any(name.upper() not in _SAFE for name in self.http_method_names)

    def head(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return self._serve(request, *args, **kwargs)

    def _read(self, request: Request, path: dict[str, Any]) -> dict[str, Any]:
        if request.method in ("GET", "HEAD"):
            sent: Any = {key: values if len(values) > 1 else values[0] for key, values in request._request.GET.lists()}
            known = set(self.endpoint.signature.names)
            sent = {key: value for key, value in sent.items() if key in known}  # links carry parameters of others
        else:
            sent = read_arguments(request)
            sent = validated_object(sent)
        model = validated(self.endpoint.arguments, merged_arguments(sent, path))
        return self.endpoint.arguments.keywords(model)

    def refuse(self, failure: Failure) -> Any:
        # A person's browser gets the project's own error pages.
        if not isinstance(self.request.accepted_renderer, WrittenJSONRenderer):
            if failure.status == 404:
                raise Http404(failure.message)
            if failure.status == 403:
                raise PermissionDenied(failure.message)
        return super().refuse(failure)

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        allowed = ", ".join(self.allowed_methods)
        return HttpResponse(status=204, headers={"Allow": allowed})


def validated_object(sent: Any) -> dict[str, Any]:
    """The body of a page's POST as plain arguments, before their types are checked."""
    if isinstance(sent, RawJson):
        try:
            data = json.loads(sent)
        except (ValueError, RecursionError):
            raise exceptions.ParseError("The body is not valid JSON.") from None
        if not isinstance(data, dict):
            raise exceptions.ParseError("The body must be a JSON object.")
        return data
    return {key: value for key, value in sent.items() if key != "csrfmiddlewaretoken"}
