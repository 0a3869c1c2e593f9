"""
Views that are Mizan's own and no function's: where a name leads nowhere, and the base of the others.
"""

from __future__ import annotations

from typing import Any

from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from mizan.drf.authentication import authentication_classes
from mizan.rest.views import MizanView


class ServiceView(MizanView):
    """A view of Mizan's own; anybody may call it unless it says otherwise."""

    permission_classes = []
    throttle_classes = []

    def get_authenticators(self) -> list[BaseAuthentication]:
        return [cls() for cls in authentication_classes()]


class UnknownView(ServiceView):
    """Answers every path below the prefix that nothing else does, in the one failure shape."""

    name = "unknown"
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Whoever asks, and by whatever method: there is nothing here."""
        self.format_kwarg = None
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request, force=True)
        raise exceptions.NotFound

    @property
    def default_response_headers(self) -> dict[str, str]:
        return {}


class EntryView(ServiceView):
    """The RPC entry where no function could be found to answer: a bad envelope, an unknown name, another method."""

    name = "call"
    schema = None
    http_method_names = ["post", "options"]

    def perform_authentication(self, request: Request) -> None:
        """No authentication: a bad envelope is answered alike for everybody."""

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        raise kwargs.get("problem") or exceptions.NotFound
