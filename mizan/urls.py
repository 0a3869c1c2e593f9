"""
Everything of Mizan below one prefix: ``path("api/mizan/", include("mizan.urls"))``.
"""

from __future__ import annotations

from django.urls import path, re_path

from mizan.rest.factory import with_authentication
from mizan.rest.index import IndexView
from mizan.rest.routes import call_routes, context_routes, rpc
from mizan.rest.session import SessionView
from mizan.rest.views import UnknownView

app_name = "mizan"

urlpatterns = [
    path("", with_authentication(IndexView), name="index"),
    path("session/", with_authentication(SessionView), name="session"),
    path("call/", rpc, name="call"),
    call_routes(),
    context_routes(),
    re_path("", UnknownView.as_view(), name="unknown"),
]
