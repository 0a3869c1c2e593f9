"""
The shortened dispatch: DRF's own steps without the work that is the same on every request.

It is taken only for a POST of JSON to a function, or a GET of a context, that is answered in JSON by a view that overrides
none of DRF's hooks; every other request goes through DRF's dispatch. Both give equal answers, which
``tests/rest/test_fast_path.py`` holds them to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject, empty
from rest_framework.authentication import BasicAuthentication
from rest_framework.request import Request
from rest_framework.views import APIView

from mizan.drf.authentication import CookieAuthentication, MWTAuthentication
from mizan.drf.renderers import WrittenJSONRenderer
from mizan.rest.bodies import take_charset
from mizan.rest.negotiation import AcceptNegotiation

if TYPE_CHECKING:
    from mizan.rest.views import MizanView

    _Base = MizanView
else:
    _Base = object

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
VARY = ("Accept", "Cookie", "Authorization", "X-Mizan-Token")
VARY_HEADER = ", ".join(VARY)
_REMEMBERED = 1000
_MAX_ACCEPT_LENGTH = 512

_renderer = WrittenJSONRenderer()
_negotiator = AcceptNegotiation()
_accepted: dict[tuple[tuple[type, ...], str], str | None] = {}


class FastPath(_Base):
    """
    Mixed into a view with one handler that is called far more often than all others.
    """

    fast_method: ClassVar[str]
    fast_content_type: ClassVar[str | None] = None
    fast_allow: ClassVar[str]
    """The ``Allow`` header that DRF's dispatch would answer with."""
    is_fast: ClassVar[bool] = False
    authenticates_lazily: ClassVar[bool] = False
    """Whether only an Authorization or X-Mizan-Token header can get a caller refused."""

    @classmethod
    def prepare_fast_path(cls, stock: type[APIView], initkwargs: dict[str, Any]) -> None:
        """Decide whether the class leaves every hook as *stock* has it, so that leaving one out changes nothing."""
        cls.is_fast = not initkwargs and overrides_no_hook(cls, stock)
        known = (CookieAuthentication, BasicAuthentication, MWTAuthentication)
        cls.authenticates_lazily = all(each in known for each in cls.authentication_classes)

    def handle_fast(self, request: Request, *, has_credentials: bool) -> HttpResponseBase:
        """
        DRF's `initial` after the negotiation, and the handler: authenticate, permit, throttle, answer.

        Args:
            has_credentials: The caller may be known by something else than the session.
        """
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.is_fast and request.method == self.fast_method:
            media_type = accepted_json(type(self), request) if self._has_fast_body(request) else None
            if media_type is not None:
                return self._dispatch_fast(request, media_type)
        return super().dispatch(request, *args, **kwargs)

    def _has_fast_body(self, request: HttpRequest) -> bool:
        return self.fast_content_type is None or request.content_type == self.fast_content_type

    def _dispatch_fast(self, request: HttpRequest, media_type: str) -> HttpResponseBase:
        if request.content_params:
            take_charset(request)
        self.args, self.kwargs, self.format_kwarg = (), {}, None
        self.request = fast_request = _fast_request(self, request, media_type)
        meta = request.META
        has_header = "HTTP_AUTHORIZATION" in meta or "HTTP_X_MIZAN_TOKEN" in meta
        response: HttpResponseBase
        try:
            response = self.handle_fast(fast_request, has_credentials=has_header or not self.authenticates_lazily)
        except Exception as exc:
            response = self.handle_exception(exc)
        # What `finalize_response` does to an answer that is plain JSON already.
        headers = response.headers
        headers.setdefault("Cache-Control", self.cache_control)
        headers["Allow"] = self.fast_allow
        headers["Vary"] = VARY_HEADER
        return response


def overrides_no_hook(view: type[APIView], stock: type[APIView]) -> bool:
    """Whether *view* has every hook of DRF's dispatch as *stock* has it."""
    if view.versioning_class is not None or view.content_negotiation_class is not AcceptNegotiation:
        return False
    return all(getattr(view, hook, None) is getattr(stock, hook, None) for hook in _HOOKS)


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
        if len(accept) <= _MAX_ACCEPT_LENGTH and len(_accepted) < _REMEMBERED:
            _accepted[key] = answer
        return answer


def _negotiated(view: type[APIView], request: HttpRequest) -> str | None:
    renderers = [cls() for cls in view.renderer_classes]
    try:
        renderer, media_type = _negotiator.select_renderer(Request(request), renderers)
    except Exception:  # DRF's dispatch will say what is wrong with it
        return None
    return media_type if type(renderer) is WrittenJSONRenderer and ";" not in media_type else None


def _fast_request(view: Any, request: HttpRequest, media_type: str) -> Request:
    """DRF's request as `initialize_request` and the negotiation leave it."""
    fast = Request(
        request,
        parsers=view.get_parsers(),
        authenticators=view.get_authenticators(),
        negotiator=_negotiator,
        parser_context={"view": view, "args": (), "kwargs": {}},
    )
    fast.accepted_renderer, fast.accepted_media_type = _renderer, media_type
    fast.version = fast.versioning_scheme = None
    return fast


def take_session_user(request: Request) -> None:
    """Have *request* authenticated by its session as DRF would, where nothing else can authenticate it."""
    user = None if _is_visitor(request._request) else getattr(request._request, "user", None)
    if user is not None and user.is_active:
        request.user, request.auth = user, None
        request._authenticator = _cookie  # type: ignore[attr-defined]  # where DRF remembers it
    else:
        request._not_authenticated()  # type: ignore[attr-defined]  # DRF's own


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
