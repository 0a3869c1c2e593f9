"""
The one ASGI application: ``uvicorn demo_project.asgi:application``.
"""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

from mizan import wrap_asgi

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "demo_project.settings")

application = wrap_asgi(get_asgi_application())
