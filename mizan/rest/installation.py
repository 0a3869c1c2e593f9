"""
What keeps a project from serving Mizan: addresses that are not included, middleware that is missing, a weak secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.admindocs.views import simplify_regex
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import get_resolver, get_script_prefix, get_urlconf
from django.utils.module_loading import import_string
from rest_framework.authentication import SessionAuthentication

from mizan.drf.authentication import authentication_classes
from mizan.protocol.errors import W_MIDDLEWARE, W_NOT_MOUNTED, W_ROUTES_NOT_MOUNTED, ConfigError, Finding
from mizan.rest.routes import TableResolver, ViewFunctionResolver
from mizan.service.current import Service

APP_NAME = "mizan"
ROUTES_APP_NAME = "mizan_routes"
NOT_MOUNTED = Finding(
    W_NOT_MOUNTED,
    "The project's ROOT_URLCONF does not include mizan.urls, so no client can call a function.",
    'Add path("api/mizan/", include("mizan.urls")) to urlpatterns.',
)

_MIDDLEWARE = {
    SessionMiddleware: "Sessions are read by it",
    AuthenticationMiddleware: "It sets request.user from the session",
    CsrfViewMiddleware: "It sets the CSRF cookie",
}


def installation_findings(service: Service) -> Iterator[Finding]:
    """Everything that is missing for *service* to be reached; nothing where there is nothing to reach."""
    if not getattr(settings, "ROOT_URLCONF", None):
        return  # a project without addresses serves nothing over HTTP
    if service.functions and not _is_mounted():
        yield NOT_MOUNTED
    if service.view_functions and not any(isinstance(item, ViewFunctionResolver) for _, item in _resolvers()):
        first = next(iter(service.view_functions.values()))
        yield Finding(
            W_ROUTES_NOT_MOUNTED,
            f"{first.where} has a route=, but the project's ROOT_URLCONF includes neither mizan.urls nor mizan.routes.",
            'Add path("api/mizan/", include("mizan.urls")) or path("", include("mizan.routes")) to urlpatterns.',
        )
    if service.functions or service.view_functions:
        yield from _missing_middleware()


def base_path() -> str:
    """
    Where the project mounts ``mizan.urls``, in whatever namespace: ``/api/mizan/``, or ``/{tenant}/api/mizan/`` where the
    prefix captures a part. It begins with the script name. Of several places, the first.

    Raises:
        ConfigError: there is none (``mizan.W002``).
    """
    for prefix, item in _resolvers():
        if getattr(item, "app_name", None) == APP_NAME:
            return get_script_prefix().rstrip("/") + _as_template(prefix)
    raise ConfigError(NOT_MOUNTED)


def has_own_routes() -> bool:
    """Whether view functions are mounted outside of the prefix, by ``mizan.routes``."""
    return any(getattr(item, "app_name", None) == ROUTES_APP_NAME for _, item in _resolvers())


def _as_template(regex: str) -> str:
    """``<slug:tenant>/`` as ``/{tenant}/``, as in the paths of an OpenAPI document."""
    return re.sub(r"<(?:[^>:]+:)?(\w+)>", r"{\1}", simplify_regex(regex)).replace("\\.", ".")


def _is_mounted() -> bool:
    try:
        base_path()
    except ConfigError:
        return False
    return True


def _resolvers(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every ``include()`` of the project, outer ones first, each with the pattern of what is before its own addresses."""
    for pattern in (resolver or get_resolver(get_urlconf())).url_patterns:
        if hasattr(pattern, "url_patterns"):
            below = prefix + str(pattern.pattern)
            yield below, pattern
            if not isinstance(pattern, TableResolver | ViewFunctionResolver):
                yield from _resolvers(pattern, below)


def _missing_middleware() -> Iterator[Finding]:
    if not any(issubclass(cls, SessionAuthentication) for cls in authentication_classes()):
        return
    installed = [import_string(path) for path in settings.MIDDLEWARE]
    for wanted, reason in _MIDDLEWARE.items():
        if not any(isinstance(item, type) and issubclass(item, wanted) for item in installed):
            yield Finding(
                W_MIDDLEWARE,
                f"MIDDLEWARE has no {wanted.__name__}, which callers who log in with a session need. {reason}.",
                f'Add "{wanted.__module__}.{wanted.__qualname__}" to MIDDLEWARE, or take SessionAuthentication out of '
                'REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"].',
            )
