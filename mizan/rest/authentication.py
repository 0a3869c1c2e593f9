"""
Who is asking, and whether a browser was tricked into asking.
"""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, BasicAuthentication, SessionAuthentication
from rest_framework.request import Request
from rest_framework.settings import api_settings

from mizan import conf
from mizan.dispatch.failures import CsrfFailed
from mizan.identity import keyring, user_of
from mizan.protocol.mwt import Claims, TokenRefused, verify
from mizan.protocol.names import ANONYMOUS_TOKEN

logger = logging.getLogger("mizan")

_FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_BROWSER_HEADERS = ("HTTP_COOKIE", "HTTP_ORIGIN", "HTTP_REFERER", "HTTP_SEC_FETCH_SITE", "HTTP_SEC_FETCH_MODE")


class CookieAuthentication(SessionAuthentication):
    """
    Django's session. CSRF is not its matter: the view checks it for anonymous callers too.

    A request that carries a token nobody took is refused rather than served as whoever the cookie says.
    """

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        meta = request.META
        if meta.get("HTTP_X_MIZAN_TOKEN") == ANONYMOUS_TOKEN:
            return None
        if "HTTP_X_MIZAN_TOKEN" in meta or meta.get("HTTP_AUTHORIZATION", "").lower().startswith("bearer "):
            raise exceptions.AuthenticationFailed("The token is not valid.")
        user = getattr(request._request, "user", None)
        return (user, None) if user is not None and user.is_active else None

    def authenticate_header(self, request: Request) -> str:
        # With any challenge DRF answers 401 rather than 403; this one makes no browser ask for a password.
        return "Session"


class MWTAuthentication(BaseAuthentication):
    """
    The user of the Mizan Web Token in ``X-Mizan-Token``; usable on any DRF view of the project.

    Mizan's own views use it whenever ``MIZAN_MWT_SECRET`` is set.
    """

    def authenticate(self, request: Request) -> tuple[Any, Claims] | None:
        token = request.META.get("HTTP_X_MIZAN_TOKEN")
        if token is None or token == ANONYMOUS_TOKEN:
            return None
        try:
            claims = verify(token, keyring())
            return user_of(claims), claims
        except TokenRefused as error:
            logger.info("Refused a Mizan Web Token: %s", error)
            raise exceptions.AuthenticationFailed("The token is not valid.") from None

    def authenticate_header(self, request: Request) -> str:
        return "Mizan"


def authentication_classes() -> list[type[BaseAuthentication]]:
    """
    The project's ``DEFAULT_AUTHENTICATION_CLASSES`` in the order tokens, session, Basic.

    A token that a client sends on purpose comes before the cookie that its browser sends by itself.
    """
    configured = [_own(cls) for cls in api_settings.DEFAULT_AUTHENTICATION_CLASSES]
    if conf.get("MIZAN_MWT_SECRET") and MWTAuthentication not in configured:
        configured.insert(0, MWTAuthentication)
    return sorted(configured, key=_rank)


def _own(cls: Any) -> type[BaseAuthentication]:
    return CookieAuthentication if cls is SessionAuthentication else cls


def _rank(cls: type[BaseAuthentication]) -> int:
    if issubclass(cls, SessionAuthentication):
        return 1
    return 2 if issubclass(cls, BasicAuthentication) else 0


class _CsrfCheck(CsrfViewMiddleware):
    def _reject(self, request: Any, reason: str) -> Any:
        return reason


_check = _CsrfCheck(lambda request: None)  # type: ignore[arg-type]  # never called as a middleware


def require_csrf(request: Request, *, has_token: bool) -> None:
    """
    Check the CSRF token of an unsafe request that may come from a browser.

    Not checked where nothing says browser: no cookie, Origin, Referer or Sec-Fetch header. Nor where the caller says that it
    is nobody, in a header that no page of another site can send unasked.

    Args:
        has_token: A token authenticated the caller; then no browser sent it by itself.

    Raises:
        CsrfFailed: the token is missing or wrong, or the origin is foreign.
    """
    raw = request._request
    if has_token or raw.method in _SAFE_METHODS or getattr(raw, "_dont_enforce_csrf_checks", False):
        return
    meta = raw.META
    if meta.get("HTTP_X_MIZAN_TOKEN") == ANONYMOUS_TOKEN or not any(meta.get(header) for header in _BROWSER_HEADERS):
        return
    # Only a form can carry the token in its body; reading the POST of any other body would parse it for nothing.
    readable: Any = request if raw.content_type in _FORM_TYPES else raw
    if "CSRF_COOKIE" not in meta:  # Django's middleware has read it already where it is installed
        _check.process_request(readable)
    reason = _check.process_view(readable, _unmarked_view, (), {})
    if reason:
        raise CsrfFailed(f"CSRF failed: {reason}")


def has_token(request: Request) -> bool:
    """Whether something that no browser sends by itself authenticated the caller."""
    authenticator = request.successful_authenticator
    return authenticator is not None and not isinstance(authenticator, SessionAuthentication | BasicAuthentication)


def _unmarked_view(*args: Any) -> HttpResponse:
    """Stands for the view, which DRF marks exempt from Django's own check."""
    return HttpResponse()
