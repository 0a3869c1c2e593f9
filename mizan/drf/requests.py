"""
DRF's request around Django's, for surfaces that have no DRF view.
"""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from rest_framework.request import Request

from mizan.drf.authentication import authentication_classes


def request_of(request: HttpRequest) -> Request:
    """
    *request* as functions, permissions and throttles get it. Its caller is authenticated by the project's classes when
    somebody first looks at the user.
    """
    wrapped = Request(request, authenticators=[cls() for cls in authentication_classes()])

    async def auser() -> Any:
        return await sync_to_async(lambda: wrapped.user)()

    vars(request)["auser"] = auser  # Django's own would give the session's user
    return wrapped
