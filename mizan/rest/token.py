"""
``token/``: a Mizan Web Token for whoever is logged in.
"""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from pydantic_core import to_json
from rest_framework import exceptions
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from mizan import conf
from mizan.drf.authentication import MWTAuthentication
from mizan.identity import issue_token
from mizan.openapi.described import Described
from mizan.protocol.errors import NotImplementedByServer
from mizan.rest.service_views import ServiceView


class TokenView(ServiceView):
    """A token for the session's user; a token is not good for getting another one."""

    name = "token"
    schema = Described("services", "TokenSchema")
    permission_classes = [IsAuthenticated]
    http_method_names = ["post", "options"]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not conf.get("MIZAN_MWT_SECRET"):
            raise NotImplementedByServer("This server issues no tokens.")
        if isinstance(request.successful_authenticator, MWTAuthentication):
            raise exceptions.PermissionDenied("A token cannot be exchanged for another. Log in again.")
        token, lifetime = issue_token(request.user)
        return self.answer(to_json({"token": token, "expires_in": lifetime}))
