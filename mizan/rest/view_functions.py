"""
View functions: each answers with an HttpResponse at its own ``route=``.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from typing import Any, ClassVar

from asgiref.sync import async_to_sync
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework import exceptions
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from mizan.dispatch import gates
from mizan.dispatch.calls import succeed
from mizan.dispatch.failures import Failure
from mizan.drf.renderers import WrittenJSONRenderer
from mizan.openapi.described import Described
from mizan.protocol.names import HEADER_INVALIDATE
from mizan.rest.bodies import read_arguments
from mizan.rest.views import MizanView
from mizan.service.endpoints import Endpoint
from mizan.wire.problems import InvalidInput, OutputMismatch
from mizan.wire.validation import RawJson

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


class ViewFunctionView(MizanView):
    """
    One view function. Its arguments come from the address, then from the query string or the body.
    """

    schema = Described("view_functions", "ViewFunctionSchema")
    endpoint: ClassVar[Endpoint]
    renderer_classes = [WrittenJSONRenderer, PlainFailureRenderer]

    def check_permissions(self, request: Request) -> None:
        gates.permit(self.endpoint, request, self.kwargs)

    def check_throttles(self, request: Request) -> None:
        gates.throttle(self.endpoint, request, self.kwargs)

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
            and (header := succeed(self.endpoint, keywords, b"null").header)
        ):
            response.headers[HEADER_INVALIDATE] = header
        return response

    get = post = put = patch = delete = _serve

    def _changes(self, request: Request) -> bool:
        """Whether this request may invalidate. A GET does not where the route takes an unsafe method: other sites link to it."""
        return request.method not in _SAFE or not any(name.upper() not in _SAFE for name in self.http_method_names)

    def head(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return self._serve(request, *args, **kwargs)

    def _read(self, request: Request, path: dict[str, Any]) -> dict[str, Any]:
        known = set(self.endpoint.parameter_names)  # the prefix may capture parts that the function does not take
        if request.method in ("GET", "HEAD"):
            sent: Any = {key: values if len(values) > 1 else values[0] for key, values in request._request.GET.lists()}
            sent = {key: value for key, value in sent.items() if key in known}  # links carry parameters of others
        else:
            sent = read_arguments(request)
            sent = _object(sent)
        return self.endpoint.arguments.read(_merged(sent, {key: path[key] for key in path if key in known}))

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


def _object(sent: Any) -> dict[str, Any]:
    """The body of a POST as plain arguments, before their types are checked."""
    if isinstance(sent, RawJson):
        try:
            data = json.loads(sent)
        except (ValueError, RecursionError):
            raise exceptions.ParseError("The body is not valid JSON.") from None
        if not isinstance(data, dict):
            raise exceptions.ParseError("The body must be a JSON object.")
        return data
    return {key: value for key, value in sent.items() if key != "csrfmiddlewaretoken"}


def _merged(arguments: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """
    Both, where they do not name the same argument.

    Raises:
        InvalidInput: an argument comes from two places.
    """
    twice = arguments.keys() & more.keys()
    if twice:
        raise InvalidInput({name: ["This argument is part of the address"] for name in sorted(twice)})
    return {**arguments, **more}
