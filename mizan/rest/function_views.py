"""
The DRF view behind every function: ``POST call/<name>/``.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import connections
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.utils.decorators import classonlymethod
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from mizan.dispatch import gates
from mizan.dispatch.calls import Outcome, serve, serving
from mizan.drf.serializers import ArgumentsSerializer, CoreSerializer
from mizan.openapi.described import Described
from mizan.pages.visibility import may_see_docs
from mizan.protocol.names import HEADER_CSRF, HEADER_INVALIDATE
from mizan.rest.async_dispatch import AsyncDispatch
from mizan.rest.bodies import JSON, read_arguments
from mizan.rest.csrf import require_csrf
from mizan.rest.fast_path import FastPath
from mizan.rest.views import MizanView
from mizan.service.endpoints import Endpoint
from mizan.steps import Steps
from mizan.wire.problems import MalformedInput


class FunctionView(FastPath, MizanView):
    """
    One function. Subclasses are made by `mizan.rest.factory`, each with its own endpoint, permissions and serializers.
    """

    schema = Described("functions", "FunctionSchema")
    endpoint: ClassVar[Endpoint]
    input_serializer_class: ClassVar[type[ArgumentsSerializer]]
    output_serializer_class: ClassVar[type[CoreSerializer]]
    http_method_names = ["get", "head", "post", "options"]
    fast_method = "POST"
    fast_content_type = JSON
    fast_allow = "POST, OPTIONS"
    is_open: ClassVar[bool] = False

    @classonlymethod
    def as_view(cls, **initkwargs: Any) -> Any:  # noqa: N805 - as Django spells it
        cls.prepare_fast_path(FunctionView, initkwargs)
        cls.is_open = gates.gate_of(cls.endpoint).is_open
        return super().as_view(**initkwargs)

    @property
    def allowed_methods(self) -> list[str]:
        return ["POST", "OPTIONS"]

    def get_serializer(self, *args: Any, **kwargs: Any) -> ArgumentsSerializer:
        """The serializer of the arguments, for the browsable API's forms and for OPTIONS."""
        return self.input_serializer_class(*args, **kwargs)

    def check_permissions(self, request: Request) -> None:
        if not self._is_describing(request):
            gates.permit(self.endpoint, request)

    def check_throttles(self, request: Request) -> None:
        if not self._is_describing(request):
            gates.throttle(self.endpoint, request)

    def _is_describing(self, request: Request) -> bool:
        return request.method in ("GET", "HEAD", "OPTIONS")

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Describe the function to a person; to a program a GET is not allowed."""
        if not self.wants_page or not may_see_docs(request):
            raise exceptions.MethodNotAllowed(request.method or "GET")
        return Response(None)

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        gates.permit(self.endpoint, request)
        return super().options(request, *args, **kwargs)

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return self._success(serve(self.endpoint, request, self._sent(request)))

    def handle_fast(self, request: Request, *, has_credentials: bool) -> HttpResponseBase:
        # Who asks is found out only where somebody wants to know.
        if has_credentials:
            self.perform_authentication(request)
        else:
            require_csrf(request, has_token=False)
        if not self.is_open:
            self.check_permissions(request)
        if self.throttle_classes:
            self.check_throttles(request)
        return self._success(serve(self.endpoint, request, self._sent(request)))

    def answering(self, request: Request) -> Steps[HttpResponseBase]:
        """The steps from a caller who was let in to the response."""
        outcome = yield from serving(self.endpoint, request, self._sent(request))
        return self._success(outcome)

    def _sent(self, request: Request) -> Any:
        sent = read_arguments(request)
        if not hasattr(sent, "getlist"):
            return sent
        try:
            return self.input_serializer_class().from_form(sent)
        except (ValueError, RecursionError):  # DRF's own reading of names like `items[…]`, with an index of 5000 digits
            raise MalformedInput("The form cannot be read.") from None

    def _success(self, outcome: Outcome) -> HttpResponseBase:
        headers = {HEADER_INVALIDATE: outcome.header} if outcome.header else {}
        if self.request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
            # The function logged somebody in: without the new token the client's next call would be refused.
            headers[HEADER_CSRF] = get_token(self.request._request)
        return self.answer(outcome.envelope, headers)


class AsyncFunctionView(AsyncDispatch, FunctionView):
    """An ``async def`` function."""

    awaited_methods = ("post",)

    @classonlymethod
    def as_view(cls, **initkwargs: Any) -> Any:  # noqa: N805 - as Django spells it
        view: Any = super().as_view(**initkwargs)
        # Django refuses to serve an async view inside ATOMIC_REQUESTS: a transaction belongs to one thread.
        view._non_atomic_requests = set(connections)
        return view
