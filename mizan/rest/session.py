"""
``session/``: what a browser needs before its first unsafe request.
"""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import ensure_csrf_cookie
from pydantic_core import to_json
from rest_framework.request import Request

from mizan.openapi.described import Described
from mizan.rest.service_views import ServiceView


@method_decorator(ensure_csrf_cookie, name="dispatch")
class SessionView(ServiceView):
    """The CSRF token for ``X-CSRFToken``, and its cookie."""

    name = "session"
    schema = Described("services", "SessionSchema")
    http_method_names = ["get", "head", "options"]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.answer(to_json({"csrfToken": get_token(request._request)}))
