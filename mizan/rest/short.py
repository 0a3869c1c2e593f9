"""
The short way through a function's view: DRF's own steps without the work that is the same on every request.

It is taken only for a POST of JSON to a function, or a GET of a context, that is answered in JSON by a view that overrides
none of DRF's hooks; every other request goes through DRF's dispatch. Both give equal answers, which
``tests/rest/test_short.py`` holds them to.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject, empty
from rest_framework.authentication import BasicAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from mizan.rest.authentication import CookieAuthentication, MWTAuthentication
from mizan.rest.negotiation import AcceptNegotiation
from mizan.rest.renderers import WrittenJSONRenderer

_HOOKS = (
    "check_permissions",
    "check_throttles",
    "determine_version",
    "dispatch",
    "finalize_response",
    "get",
    "get_authenticators",
    "get_content_negotiator",
    "get_parsers",
    "get_permissions",
    "get_renderers",
    "get_throttles",
    "handle_exception",
    "initial",
    "initialize_request",
    "permission_denied",
    "perform_authentication",
    "perform_content_negotiation",
    "post",
    "throttled",
)
_MEMORY = 1000
_MAX_ACCEPT_LENGTH = 512

_renderer = WrittenJSONRenderer()
_negotiator = AcceptNegotiation()
_accepted: dict[tuple[tuple[type, ...], str], str | None] = {}


def may_be_short(view: type[APIView], stock: type[APIView]) -> bool:
    """Whether *view* leaves every hook as *stock* has it, so that leaving one out changes nothing."""
    if view.versioning_class is not None or view.content_negotiation_class is not AcceptNegotiation:
        return False
    return all(getattr(view, hook, None) is getattr(stock, hook, None) for hook in _HOOKS)


def authenticates_without_failing(view: type[APIView]) -> bool:
    """Whether nothing but an ``Authorization`` or token header can make *view*'s authentication refuse."""
    known = (CookieAuthentication, BasicAuthentication, MWTAuthentication)
    return all(cls in known for cls in view.authentication_classes)


def is_open(view: type[APIView]) -> bool:
    """Whether *view* lets everybody in without looking at who it is."""
    return all(cls is AllowAny for cls in view.permission_classes)


def accepted_json(view: type[APIView], request: HttpRequest) -> str | None:
    """
    The media type that DRF would negotiate for *request*, where that is plain JSON; else None.
    """
    accept = request.META.get("HTTP_ACCEPT", "*/*")
    key = (tuple(view.renderer_classes), accept)
    try:
        return _accepted[key]
    except KeyError:
        answer = _negotiated(view, request)
        if len(accept) <= _MAX_ACCEPT_LENGTH and len(_accepted) < _MEMORY:
            _accepted[key] = answer
        return answer


def _negotiated(view: type[APIView], request: HttpRequest) -> str | None:
    renderers = [cls() for cls in view.renderer_classes]
    try:
        renderer, media_type = _negotiator.select_renderer(Request(request), renderers)
    except Exception:  # DRF's dispatch will say what is wrong with it
        return None
    return media_type if type(renderer) is WrittenJSONRenderer and ";" not in media_type else None


def short_request(request: HttpRequest, media_type: str, authenticators: Any, view: Any) -> Request:
    """DRF's request as `initialize_request` and the negotiation leave it."""
    short = Request(
        request,
        parsers=view.get_parsers(),
        authenticators=authenticators,
        negotiator=_negotiator,
        parser_context={"view": view, "args": (), "kwargs": {}},
    )
    short.accepted_renderer, short.accepted_media_type = _renderer, media_type
    short.version = short.versioning_scheme = None
    return short


def take_session_user(request: Request) -> bool:
    """
    Have *request* authenticated by its session as DRF would, where nothing else can authenticate it.

    Returns:
        False where a header asks for another way; *request* is as it was then.
    """
    meta = request._request.META
    if "HTTP_AUTHORIZATION" in meta or "HTTP_X_MIZAN_TOKEN" in meta:
        return False
    user = None if _is_visitor(request._request) else getattr(request._request, "user", None)
    if user is not None and user.is_active:
        request.user, request.auth = user, None
        request._authenticator = _cookie  # type: ignore[attr-defined]  # where DRF remembers it
    else:
        request._not_authenticated()  # type: ignore[attr-defined]  # DRF's own
    return True


def _is_visitor(request: HttpRequest) -> bool:
    """
    Whether Django's own middleware would find nobody, told without asking it: there is no session to look into.
    """
    user = vars(request).get("user")
    if type(user) is not SimpleLazyObject:
        return False
    lazy = object.__getattribute__(user, "__dict__")
    if lazy["_wrapped"] is not empty or lazy["_setupfunc"].__module__ != AuthenticationMiddleware.__module__:
        return False
    return request.session.is_empty()


_cookie = CookieAuthentication()
