"""
A project as ``startproject`` makes it: all its middleware, database sessions, SQLite.
"""

from __future__ import annotations

import os

SECRET_KEY = "benchmarks-only"
ALLOWED_HOSTS = ["*"]
USE_TZ = True
ROOT_URLCONF = "benchmarks.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "mizan",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
MIZAN_AUTODISCOVER = False

# Only where a Redis was started for it.
if BENCHMARK_REDIS := os.environ.get("BENCHMARK_REDIS"):
    CACHES = {"default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": BENCHMARK_REDIS}}
    MIZAN_CACHE_SECRET = "benchmarks-only-0123456789abcdefghij"
    MIZAN_CACHE_REDIS_URL = BENCHMARK_REDIS
