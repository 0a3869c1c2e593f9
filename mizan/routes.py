"""
View functions at addresses outside of Mizan's prefix: ``path("", include("mizan.routes"))``.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps

from mizan.checks.not_installed import NotInstalledPattern
from mizan.rest.routes import ViewFunctionResolver

app_name = "mizan_routes"

urlpatterns: list[Any] = [ViewFunctionResolver()]

if not apps.is_installed("mizan"):
    urlpatterns = [NotInstalledPattern("(?!)")]  # matches nothing: all other addresses are the project's
