"""
Whether a browser was tricked into asking.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from rest_framework.authentication import BasicAuthentication, SessionAuthentication
from rest_framework.request import Request

from mizan.dispatch.failures import CsrfFailed
from mizan.protocol.names import ANONYMOUS_TOKEN

_FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_BROWSER_HEADERS = ("HTTP_COOKIE", "HTTP_ORIGIN", "HTTP_REFERER", "HTTP_SEC_FETCH_SITE", "HTTP_SEC_FETCH_MODE")


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
