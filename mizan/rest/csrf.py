"""
Whether a browser was tricked into asking.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
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
    if not _is_checked(request, has_token=has_token):
        return
    raw = request._request
    # Only a form can carry the token in its body; reading the POST of any other body would parse it for nothing.
    is_form = raw.content_type in _FORM_TYPES
    readable: Any = request if is_form else raw
    if "CSRF_COOKIE" not in raw.META:  # Django's middleware has read it already where it is installed
        _check.process_request(readable)
    bodiless: Any = _WithoutBody(raw)
    if is_form and _token_header() in raw.META and not _check.process_view(bodiless, _unmarked_view, (), {}):
        return
    reason = _check.process_view(readable, _unmarked_view, (), {})
    if reason:
        raise CsrfFailed(f"CSRF failed: {reason}")


def needs_body(request: Request, *, has_token: bool) -> bool:
    """Whether `require_csrf` may read the body, to find the token there."""
    raw = request._request
    if raw.content_type not in _FORM_TYPES or _token_header() in raw.META:
        return False
    return _is_checked(request, has_token=has_token)


def _is_checked(request: Request, *, has_token: bool) -> bool:
    raw = request._request
    if has_token or raw.method in _SAFE_METHODS or getattr(raw, "_dont_enforce_csrf_checks", False):
        return False
    meta = raw.META
    return meta.get("HTTP_X_MIZAN_TOKEN") != ANONYMOUS_TOKEN and any(meta.get(header) for header in _BROWSER_HEADERS)


def _token_header() -> str:
    return str(settings.CSRF_HEADER_NAME)


class _WithoutBody:
    """A request as Django's check sees it, but with an empty form: the check looks there before it looks at the header."""

    POST: Mapping[str, str] = {}

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def __getattr__(self, name: str) -> Any:
        return getattr(self._request, name)


def has_token(request: Request) -> bool:
    """Whether something that no browser sends by itself authenticated the caller."""
    authenticator = request.successful_authenticator
    return authenticator is not None and not isinstance(authenticator, SessionAuthentication | BasicAuthentication)


def _unmarked_view(*args: Any) -> HttpResponse:
    """Stands for the view, which DRF marks exempt from Django's own check."""
    return HttpResponse()
