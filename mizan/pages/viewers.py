"""
Who looks at an API page, where they can log in, and whom a function lets in. Only for whoever may see the docs.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, Resolver404, get_script_prefix, resolve, reverse
from rest_framework import exceptions

from mizan.drf.permissions import permission_classes
from mizan.protocol.shown_types import shown_type
from mizan.protocol.specs import FunctionSpec

_LOGIN_NAMES = ("admin:login", "rest_framework:login", "login")


def viewer_of(request: Any) -> str:
    """The name of the user who asks, or an empty text where it is nobody or their credentials were refused."""
    try:
        user = request.user
    except exceptions.APIException:
        return ""
    return str(user.get_username()) if user is not None and user.is_authenticated else ""


def login_url(request: Any) -> str:
    """Where the project lets people log in and come back here; an empty text where it has no such address."""
    raw = request._request
    urlconf = getattr(raw, "urlconf", None)
    page = _login_page(urlconf)
    return f"{page}?{urlencode({'next': raw.path})}" if page else ""


def _login_page(urlconf: Any) -> str:
    address = _resolved(settings.LOGIN_URL)
    prefix = get_script_prefix()
    if address.startswith(prefix):
        # LOGIN_URL has a default, which many projects do not serve.
        with suppress(Resolver404):
            if resolve("/" + address.removeprefix(prefix).partition("?")[0], urlconf):
                return address
    for name in _LOGIN_NAMES:
        try:
            return reverse(name, urlconf)
        except NoReverseMatch:
            continue
    return ""


def _resolved(url: Any) -> str:
    try:
        return str(resolve_url(url))
    except NoReverseMatch:
        return ""


def admitted_by(spec: FunctionSpec) -> str:
    """What decides who may call the function, by name: ``is_author``, ``IsAuthenticated``, ``blog.add_post``."""
    auth = spec.auth
    if isinstance(auth, str):
        return f'auth="{auth}"'
    if callable(auth) and not isinstance(auth, type) and hasattr(auth, "__qualname__"):
        return f"the predicate {shown_type(auth)}"
    try:
        names = ", ".join(getattr(item, "__name__", repr(item)) for item in permission_classes(auth))
    except ValueError:
        return "nobody: its auth= cannot be used"
    return f"{names} (DEFAULT_PERMISSION_CLASSES)" if auth is None else names
