"""
What every DRF view of Mizan shares. DRF's order of steps is kept: negotiate, authenticate, permit, throttle, parse, run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.decorators import classonlymethod
from pydantic_core import to_json
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, set_rollback

from mizan.dispatch.calls import non_atomic_databases
from mizan.dispatch.failures import Failure, failure_of
from mizan.drf.authentication import reveal_user
from mizan.drf.renderers import Written, WrittenJSONRenderer
from mizan.pages.renderer import ApiPageRenderer
from mizan.rest.bodies import PARSERS, take_charset, watch_ending
from mizan.rest.csrf import has_token, needs_body, require_csrf
from mizan.rest.fast_path import VARY
from mizan.rest.negotiation import AcceptNegotiation

NO_STORE = "no-store"
_JSON = "application/json"


class MizanView(APIView):
    """
    The authentication and CSRF rule, the one failure shape, and the cache headers.
    """

    name: ClassVar[str] = ""
    where: ClassVar[str] = ""
    renderer_classes = [WrittenJSONRenderer, ApiPageRenderer]
    parser_classes = PARSERS
    content_negotiation_class = AcceptNegotiation
    versioning_class = None  # the project's is for its own addresses
    cache_control: ClassVar[str] = NO_STORE
    began: float
    """When the request was first looked at, for the API page."""
    raised: Exception
    """What could not be answered, for the API page."""

    @classonlymethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:  # type: ignore[override]  # noqa: N805 - both as Django has it
        view = super().as_view(**initkwargs)
        endpoint = getattr(cls, "endpoint", None)
        if endpoint is not None and (exempt := non_atomic_databases(endpoint)):
            vars(view)["_non_atomic_requests"] = exempt
        return view

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        take_charset(request)
        watch_ending(request)
        self.began = time.perf_counter()
        return super().initialize_request(request, *args, **kwargs)

    def get_view_name(self) -> str:
        return self.name

    def perform_authentication(self, request: Request) -> None:
        super().perform_authentication(request)
        is_token = has_token(request)
        if needs_body(request, has_token=is_token):  # it may be large: whoever may not call is told before it is read
            self.check_permissions(request)
        require_csrf(request, has_token=is_token)
        reveal_user(request)

    @property
    def wants_page(self) -> bool:
        """Whether a person looks at this in a browser."""
        renderer = getattr(self.request, "accepted_renderer", None)
        return isinstance(renderer, ApiPageRenderer)

    def handle_exception(self, exc: Exception) -> Any:
        self.raised = exc
        failure = failure_of(exc, where=self.where or self.name, request=self.request)
        set_rollback()
        return self.refuse(failure)

    def refuse(self, failure: Failure) -> HttpResponseBase:
        """The failure as a response."""
        if _takes_plain_json(self.request):
            return HttpResponse(
                to_json(failure.body()), status=failure.status, content_type=_JSON, headers=failure.headers
            )
        response = Response(failure.body(), status=failure.status, headers=failure.headers)
        response.exception = True
        return response

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", self.cache_control)
        patch_vary_headers(response, VARY)
        return response

    def answer(self, body: bytes, headers: Mapping[str, str] | None = None) -> HttpResponseBase:
        """A body that is JSON already, for whoever was negotiated."""
        if _takes_plain_json(self.request):
            return HttpResponse(body, content_type=_JSON, headers=headers)
        return Response(Written(body), headers=headers)


def _takes_plain_json(request: Any) -> bool:
    renderer = getattr(request, "accepted_renderer", None)
    return type(renderer) is WrittenJSONRenderer and ";" not in request.accepted_media_type
