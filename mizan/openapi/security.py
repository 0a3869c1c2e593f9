"""
How callers say who they are, for drf-spectacular: in the project's own document too.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension

from mizan.drf.authentication import CookieAuthentication, MWTAuthentication
from mizan.protocol.names import HEADER_TOKEN


class CookieScheme(OpenApiAuthenticationExtension):
    """Matches Mizan's session authentication."""

    target_class = CookieAuthentication
    name = "cookieAuth"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "The session of a browser. Unsafe requests need the header `X-CSRFToken` too: `GET session/` "
            "gives its value and its cookie.",
        }


class TokenScheme(OpenApiAuthenticationExtension):
    """Matches Mizan Web Tokens."""

    target_class = MWTAuthentication
    name = "mizanToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": HEADER_TOKEN,
            "description": "A Mizan Web Token from `POST token/`. A program that calls as a visitor sends `anonymous`, and "
            "needs no CSRF token.",
        }
