"""
Addresses of the demo: Mizan, its view functions, the pictures that people upload, and the page itself.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path
from django.views.generic import TemplateView
from django.views.static import serve

urlpatterns = [
    path("api/mizan/", include("mizan.urls")),
    path("", include("mizan.routes")),
    path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}),
    path("", TemplateView.as_view(template_name="board/index.html"), name="page"),
]
