"""
The DRF views behind every function. DRF's order of steps is kept: negotiate, authenticate, permit, throttle, parse, run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from asgiref.sync import sync_to_async
from django.core.signals import got_request_exception
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.utils.cache import patch_vary_headers
from django.utils.decorators import classonlymethod
from pydantic_core import to_json
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, set_rollback

from mizan.bridge.problems import InvalidInput
from mizan.bridge.serializers import ArgumentsSerializer, CoreSerializer, validated
from mizan.dispatch.calls import Outcome, acall, call
from mizan.dispatch.endpoints import Endpoint
from mizan.dispatch.failures import INTERNAL_ERROR, Failure, failure_of
from mizan.protocol.names import HEADER_CSRF, HEADER_INVALIDATE
from mizan.rest import short
from mizan.rest.authentication import authentication_classes, has_token, require_csrf
from mizan.rest.bodies import JSON, PARSERS, read_arguments, watch_ending
from mizan.rest.described import Described
from mizan.rest.negotiation import AcceptNegotiation
from mizan.rest.pages import FunctionPageRenderer, may_see_docs
from mizan.rest.renderers import Written, WrittenJSONRenderer

NO_STORE = "no-store"
_JSON = "application/json"
_VARY = ("Accept", "Cookie", "Authorization", "X-Mizan-Token")
_VARY_HEADER = ", ".join(_VARY)


class MizanView(APIView):
    """
    What every Mizan view shares: its authentication and CSRF rule, the one failure shape, and its cache headers.
    """

    name: ClassVar[str] = ""
    where: ClassVar[str] = ""
    renderer_classes = [WrittenJSONRenderer, FunctionPageRenderer]
    parser_classes = PARSERS
    content_negotiation_class = AcceptNegotiation
    versioning_class = None  # the project's is for its own addresses
    cache_control: ClassVar[str] = NO_STORE

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        watch_ending(request)
        return super().initialize_request(request, *args, **kwargs)

    def get_view_name(self) -> str:
        return self.name

    def perform_authentication(self, request: Request) -> None:
        super().perform_authentication(request)
        require_csrf(request, has_token=has_token(request))
        let_async_code_see_the_user(request)

    @property
    def wants_page(self) -> bool:
        """Whether a person looks at this in a browser."""
        renderer = getattr(self.request, "accepted_renderer", None)
        return isinstance(renderer, FunctionPageRenderer)

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
            vars(exc)["auth_header"] = self.get_authenticate_header(self.request)  # where DRF puts it
        failure = failure_of(exc, where=self.where or self.name)
        set_rollback()
        if failure.code == INTERNAL_ERROR:
            got_request_exception.send(sender=type(self), request=self.request._request)
        return self.refuse(failure)

    def refuse(self, failure: Failure) -> HttpResponseBase:
        """The failure as a response."""
        if _answers_plain_json(self.request):
            return HttpResponse(
                to_json(failure.body()), status=failure.status, content_type=_JSON, headers=failure.headers
            )
        response = Response(failure.body(), status=failure.status, headers=failure.headers)
        response.exception = True
        return response

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", self.cache_control)
        patch_vary_headers(response, _VARY)
        return response

    def finished(self, response: HttpResponseBase, allow: str) -> HttpResponseBase:
        """`finalize_response` for what is plain JSON already."""
        headers = response.headers
        headers.setdefault("Cache-Control", self.cache_control)
        headers["Allow"] = allow
        headers["Vary"] = _VARY_HEADER
        return response

    def answer(self, body: bytes, headers: Mapping[str, str] | None = None) -> HttpResponseBase:
        """A body that is JSON already, for whoever was negotiated."""
        if _answers_plain_json(self.request):
            return HttpResponse(body, content_type=_JSON, headers=headers)
        return Response(Written(body), headers=headers)


def _answers_plain_json(request: Any) -> bool:
    renderer = getattr(request, "accepted_renderer", None)
    return type(renderer) is WrittenJSONRenderer and ";" not in request.accepted_media_type


class FunctionView(MizanView):
    """
    One function. Subclasses are made by `mizan.rest.routes`, each with its own endpoint, permissions and serializers.
    """

    schema = Described("FunctionSchema")
    endpoint: ClassVar[Endpoint]
    input_serializer_class: ClassVar[type[ArgumentsSerializer]]
    output_serializer_class: ClassVar[type[CoreSerializer]]
    http_method_names = ["get", "head", "post", "options"]
    is_short: ClassVar[bool] = False
    authenticates_lazily: ClassVar[bool] = False
    is_open: ClassVar[bool] = False

    @property
    def allowed_methods(self) -> list[str]:
        return ["POST", "OPTIONS"]

    def get_serializer(self, *args: Any, **kwargs: Any) -> ArgumentsSerializer:
        """The serializer of the arguments, for the browsable API's forms and for OPTIONS."""
        return self.input_serializer_class(*args, **kwargs)

    def check_permissions(self, request: Request) -> None:
        if not self._is_describing(request):
            super().check_permissions(request)

    def check_throttles(self, request: Request) -> None:
        if not self._is_describing(request):
            super().check_throttles(request)

    def admit_reader(self, request: Request) -> None:
        """
        Let in, or not, a caller whom the view of this function's context has authenticated.

        Raises:
            APIException: the permissions or throttles of the function refuse.
        """
        super().check_permissions(request)
        super().check_throttles(request)

    def _is_describing(self, request: Request) -> bool:
        return request.method in ("GET", "HEAD", "OPTIONS")

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Describe the function to a person; to a program a GET is not allowed."""
        if not self.wants_page or not may_see_docs(request):
            raise exceptions.MethodNotAllowed(request.method or "GET")
        return Response(None)

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        super().check_permissions(request)
        return super().options(request, *args, **kwargs)

    def read(self, request: Request) -> dict[str, Any]:
        """The validated arguments."""
        arguments = read_arguments(request)
        if hasattr(arguments, "getlist"):
            serializer = self.input_serializer_class(data=arguments, context=self.get_renderer_context())
            if not serializer.is_valid():
                raise exceptions.ValidationError(serializer.errors)
            return serializer.validated_data  # type: ignore[no-any-return]  # keyword arguments, see ArgumentsSerializer
        model = validated(self.endpoint.arguments, arguments)
        return self.endpoint.arguments.keywords(model)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.is_short and request.method == "POST" and request.content_type == JSON:
            media_type = short.accepted_json(type(self), request)
            if media_type is not None:
                return self._dispatch_short(request, media_type)
        return super().dispatch(request, *args, **kwargs)

    def _dispatch_short(self, request: HttpRequest, media_type: str) -> HttpResponseBase:
        self.args, self.kwargs, self.format_kwarg = (), {}, None
        self.request = drf_request = short.short_request(request, media_type, self.get_authenticators(), self)
        try:
            self._enter_short(drf_request, request.META)
            response = self.success(call(self.endpoint, drf_request, self.read(drf_request)))
        except Exception as exc:
            response = self.handle_exception(exc)
        return self.finished(response, "POST, OPTIONS")

    def _enter_short(self, request: Request, meta: Mapping[str, Any]) -> None:
        """DRF's `initial` after the negotiation. Who asks is found out only where somebody wants to know."""
        if self.authenticates_lazily and "HTTP_AUTHORIZATION" not in meta and "HTTP_X_MIZAN_TOKEN" not in meta:
            require_csrf(request, has_token=False)
        else:
            self.perform_authentication(request)
        if not self.is_open:
            self.check_permissions(request)
        if self.throttle_classes:
            self.check_throttles(request)

    @classonlymethod
    def as_view(cls, **initkwargs: Any) -> Any:  # noqa: N805 - as Django spells it
        cls.is_short = not initkwargs and short.may_be_short(cls, FunctionView)
        cls.authenticates_lazily = short.authenticates_without_failing(cls)
        cls.is_open = short.is_open(cls)
        return super().as_view(**initkwargs)

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return self.success(call(self.endpoint, request, self.read(request)))

    def success(self, outcome: Outcome) -> HttpResponseBase:
        stale = outcome.header()
        headers = {HEADER_INVALIDATE: stale} if stale else {}
        if self.request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
            # The function logged somebody in: without the new token the client's next call would be refused.
            headers[HEADER_CSRF] = get_token(self.request._request)
        return self.answer(outcome.envelope(), headers)


class AsyncFunctionView(FunctionView):
    """
    An ``async def`` function: everything before it runs in one hop to a thread, the function on the event loop.
    """

    view_is_async = True  # Django's classproperty looks at the handlers

    @classonlymethod
    def as_view(cls, **initkwargs: Any) -> Any:  # noqa: N805 - as Django spells it
        view: Any = super().as_view(**initkwargs)
        # Django refuses to serve an async view inside ATOMIC_REQUESTS: a transaction belongs to one thread.
        view._non_atomic_requests = set(connections)
        return view

    async def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]  # async
        ready = await sync_to_async(self._admit, thread_sensitive=True)(request, *args, **kwargs)
        if isinstance(ready, HttpResponseBase):
            return ready
        try:
            response: Any = self.success(await acall(self.endpoint, self.request, ready))
        except Exception as exc:
            response = await sync_to_async(self.handle_exception)(exc)
        if isinstance(response, Response):  # a page, which reads templates
            self.response = await sync_to_async(self.finalize_response)(self.request, response, *args, **kwargs)
        else:
            self.response = self.finalize_response(self.request, response, *args, **kwargs)
        return self.response

    def _admit(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """DRF's dispatch up to the handler: the arguments of a POST, or a finished response."""
        self.args, self.kwargs = args, kwargs
        drf_request = self.initialize_request(request, *args, **kwargs)
        self.request = drf_request
        self.headers = self.default_response_headers
        try:
            self.initial(drf_request, *args, **kwargs)
            if request.method == "POST":
                return self.read(drf_request)
            handler = getattr(self, (request.method or "").lower(), self.http_method_not_allowed)
            known = (request.method or "").lower() in self.http_method_names
            response = (handler if known else self.http_method_not_allowed)(drf_request, *args, **kwargs)
        except Exception as exc:
            response = self.handle_exception(exc)
        self.response = self.finalize_response(drf_request, response, *args, **kwargs)
        return self.response


class ServiceView(MizanView):
    """A view of Mizan's own; anybody may call it unless it says otherwise."""

    permission_classes = []
    throttle_classes = []

    def get_authenticators(self) -> list[BaseAuthentication]:
        return [cls() for cls in authentication_classes()]


class UnknownView(ServiceView):
    """Answers every path below the prefix that nothing else does, in the one failure shape."""

    name = "unknown"
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Whoever asks, and by whatever method: there is nothing here."""
        self.format_kwarg = None
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request, force=True)
        raise exceptions.NotFound

    @property
    def default_response_headers(self) -> dict[str, str]:
        return {}


class EntryView(ServiceView):
    """The RPC entry where no function could be found to answer: a bad envelope, an unknown name, another method."""

    name = "call"
    schema = None
    http_method_names = ["post", "options"]

    def perform_authentication(self, request: Request) -> None:
        """Nobody needs to be known to be told that a call makes no sense."""

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        raise kwargs.get("problem") or exceptions.NotFound


def merged_arguments(arguments: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """
    Both, where they do not name the same argument.

    Raises:
        InvalidInput: an argument comes from two places.
    """
    twice = arguments.keys() & more.keys()
    if twice:
        raise InvalidInput({name: ["This argument is part of the address"] for name in sorted(twice)})
    return {**arguments, **more}


def let_async_code_see_the_user(request: Request) -> None:
    """Have ``await request.auser()`` give the user who was authenticated."""
    user = request.user

    async def auser() -> Any:
        return user

    # Django's own would answer with the session's user where a token authenticated another.
    request._request.auser = auser
