"""
Who may see how this server is made, and where Mizan is mounted for them.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from rest_framework import exceptions

from mizan import conf


def may_see_docs(request: Any) -> bool:
    """
    Whether *request* may see the pages that describe this server (``MIZAN_SHOW_DOCS``).
    """
    shown = conf.get("MIZAN_SHOW_DOCS")
    if shown is None:
        return bool(settings.DEBUG) or _is_staff(request)
    return bool(shown)


def _is_staff(request: Any) -> bool:
    try:
        user = getattr(request, "user", None)
    except exceptions.APIException:  # the credentials were refused, and the page says so
        return False
    return user is not None and user.is_active and bool(getattr(user, "is_staff", False))


def prefix_of(request: Any) -> str:
    """
    Where the project mounts ``mizan.urls``: the prefix by which *request* came, whatever its namespace and with the values
    of its captured parts; ``/`` where there is none.
    """
    raw = getattr(request, "_request", request)
    match = raw.resolver_match
    namespace = match.namespace if match is not None and match.namespace else "mizan"
    captured = {} if match is None else match.kwargs
    for kwargs in (captured, {}):  # the captured parts may be those of the page, not of the prefix
        try:
            return reverse(f"{namespace}:index", urlconf=getattr(raw, "urlconf", None), kwargs=kwargs)
        except NoReverseMatch:
            continue
    return "/"
