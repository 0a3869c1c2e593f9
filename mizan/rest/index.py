"""
The browsable index: functions, contexts, and which mutation makes which context stale.
"""

from __future__ import annotations

from typing import Any

from rest_framework import exceptions
from rest_framework.request import Request

from mizan.rest.views import ServiceView


class IndexView(ServiceView):
    name = "Mizan"
    schema = None
    http_method_names = ["get", "head", "options"]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        raise exceptions.NotFound
