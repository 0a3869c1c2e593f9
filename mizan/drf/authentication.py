"""
Who asks: the project's authentication classes, with Mizan's own session and token among them.
"""

from __future__ import annotations

import logging
from typing import Any

from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, BasicAuthentication, SessionAuthentication
from rest_framework.request import Request
from rest_framework.settings import api_settings

from mizan import conf
from mizan.identity import keyring, user_of
from mizan.protocol.mwt import Claims, TokenRefused, verify
from mizan.protocol.names import ANONYMOUS_TOKEN

logger = logging.getLogger("mizan")


class CookieAuthentication(SessionAuthentication):
    """
    Django's session. It leaves CSRF to the surface, which checks it for anonymous callers too.

    A request with a token that no class has taken is refused, not served as the user of the cookie.
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


def reveal_user(request: Request) -> None:
    """Make ``await request.auser()`` give the user who was authenticated; Django's own gives the session's."""
    user = request.user

    async def auser() -> Any:
        return user

    request._request.auser = auser
