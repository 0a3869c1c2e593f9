"""
Settings of the demo. Every value that differs between machines comes from the environment and has a default to try it with:

``DEMO_DATABASE``, ``DEMO_MEDIA``
    Where the SQLite file and uploaded pictures are; beside ``manage.py`` unless given.
``DEMO_SECRET_KEY``, ``DEMO_DEBUG``, ``DEMO_ALLOWED_HOSTS``
    What a public server must set: a key of its own, ``0``, and the host names (comma-separated) that it answers to.
``DEMO_BUILT_FRONTEND``
    What ``npm run build`` made; ``demo_project/frontend/dist`` unless given.
``DEMO_VITE``
    ``1`` takes the scripts from ``npm run dev``, which reloads them as they are edited.
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILT_FRONTEND = Path(os.environ.get("DEMO_BUILT_FRONTEND", ROOT / "demo_project" / "frontend" / "dist"))

DEBUG = os.environ.get("DEMO_DEBUG", "1") == "1"
SECRET_KEY = os.environ.get("DEMO_SECRET_KEY", "only-for-trying-the-demo-on-a-machine-of-your-own")
ALLOWED_HOSTS = os.environ.get("DEMO_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

# Mizan
MIZAN_TITLE = "Pinboard"
MIZAN_CACHE_SECRET = os.environ.get("MIZAN_CACHE_SECRET", "only-for-the-demo-cache-0123456789abcdef")
MIZAN_CACHE_REDIS_URL = os.environ.get("MIZAN_CACHE_REDIS_URL")
MIZAN_MWT_SECRET = os.environ.get("MIZAN_MWT_SECRET", "only-for-the-demo-tokens-0123456789abcdef")

INSTALLED_APPS = [
    "mizan",
    "demo_project.board",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_vite",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "demo_project.urls"
ASGI_APPLICATION = "demo_project.asgi.application"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("DEMO_DATABASE", ROOT / "demo.sqlite3"),
        # Readers do not wait for a writer, and a second writer waits for the first instead of failing.
        "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL", "transaction_mode": "IMMEDIATE", "timeout": 10},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True

# The built frontend is served as it lies there, with no step that collects it.
STATIC_URL = "/static/"
STATICFILES_DIRS = [BUILT_FRONTEND] if BUILT_FRONTEND.is_dir() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/assets/.+-[\w-]{8}\.\w+$"  # Vite puts a hash of the content in the name
# Said of every file that is served by ASGI. These are small, and are read in a thread.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
DJANGO_VITE = {
    "default": {
        "dev_mode": os.environ.get("DEMO_VITE") == "1",
        "manifest_path": BUILT_FRONTEND / "manifest.json",
    }
}

# The generator and the checks run before there is a built frontend, and need none.
SILENCED_SYSTEM_CHECKS = ["django_vite.W001"]

MEDIA_URL = "/media/"
MEDIA_ROOT = Path(os.environ.get("DEMO_MEDIA", ROOT / "media"))
