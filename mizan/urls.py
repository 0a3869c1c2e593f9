"""
Everything of Mizan below one prefix: ``path("api/mizan/", include("mizan.urls"))``.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.urls import path, re_path

from mizan.checks.not_installed import NotInstalledPattern
from mizan.export.views import DocsView, SchemaView
from mizan.pages.assets import asset
from mizan.rest.index_view import IndexView
from mizan.rest.routes import call_routes, context_routes, rpc, view_routes
from mizan.rest.service_views import UnknownView
from mizan.rest.session import SessionView
from mizan.rest.token import TokenView

app_name = "mizan"

urlpatterns: list[Any] = [
    call_routes(),  # most requests are for these two
    context_routes(),
    path("", IndexView.as_view(), name="index"),
    path("session/", SessionView.as_view(), name="session"),
    path("token/", TokenView.as_view(), name="token"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
    path("assets/<str:name>", asset, name="asset"),
    path("call/", rpc, name="call"),
    view_routes(),  # after Mizan's own addresses, which no route= can take
    re_path("", UnknownView.as_view(), name="unknown"),
]

if not apps.is_installed("mizan"):
    urlpatterns = [NotInstalledPattern("")]
