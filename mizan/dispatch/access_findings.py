"""
What is wrong with ``auth=`` and ``throttle=``. `mizan.dispatch.gates` lets nobody into such a function.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from rest_framework.permissions import AllowAny
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle, ScopedRateThrottle, SimpleRateThrottle

from mizan.drf.permissions import permission_classes
from mizan.drf.throttles import throttle_classes
from mizan.protocol.errors import E_AUTH, E_THROTTLE, W_OPEN, W_PROXIES, Finding
from mizan.protocol.specs import FunctionSpec
from mizan.service.current import Service
from mizan.service.endpoints import Endpoint


def access_findings(service: Service) -> tuple[Finding, ...]:
    """Unusable ``auth=`` and ``throttle=``. What the graph says of ``auth=`` already is not said again."""
    return tuple(
        finding
        for endpoint in reachable(service)
        for finding in access_problems(endpoint.spec)
        if not (finding.id == E_AUTH and isinstance(endpoint.spec.auth, str))
    ) + tuple(finding for endpoint in reachable(service) for finding in _user_problems(endpoint.spec))


def open_findings(service: Service) -> Iterator[Finding]:
    """Functions that anybody may call although nobody wrote so."""
    default = permission_classes(None)
    if not all(item is AllowAny for item in default):
        return
    for endpoint in reachable(service):
        if endpoint.spec.auth is None:
            name = endpoint.spec.function.__name__
            yield Finding(
                W_OPEN,
                f"{endpoint.spec.located} has no auth=, and DEFAULT_PERMISSION_CLASSES lets everybody in.",
                f"Write @client(auth=True) above {name}, or @client(auth=False) where it is meant to be open; or set "
                'REST_FRAMEWORK["DEFAULT_PERMISSION_CLASSES"] to ["rest_framework.permissions.IsAuthenticated"].',
            )


def proxy_findings(service: Service) -> Iterator[Finding]:
    """Throttles that count visitors by an address which they can make up."""
    if api_settings.NUM_PROXIES is not None:
        return
    throttled = [endpoint.spec for endpoint in reachable(service) if _counts_addresses(endpoint.spec)]
    if throttled:
        others = len(throttled) - 1
        more = f" and {others} more function{'' if others == 1 else 's'}" if others else ""
        yield Finding(
            W_PROXIES,
            f"The throttles of {throttled[0].located}{more} count visitors by X-Forwarded-For as they send it: who makes up "
            "another one for each call is never throttled.",
            'Say how many proxies of yours stand before the server: REST_FRAMEWORK = {"NUM_PROXIES": 1}, or 0 where there '
            "is none.",
        )


def _counts_addresses(spec: FunctionSpec) -> bool:
    if not spec.throttle:
        return False
    try:
        classes = throttle_classes(spec.name, spec.throttle)
    except ValueError:  # E_THROTTLE
        return False
    return any(issubclass(cls, SimpleRateThrottle) for cls in classes)


def reachable(service: Service) -> list[Endpoint]:
    """Every function that somebody from outside can call."""
    return [*service.functions.values(), *service.view_functions.values()]


def access_problems(spec: FunctionSpec) -> Iterator[Finding]:
    """What makes the ``auth=`` or ``throttle=`` of one function unusable."""
    try:
        permission_classes(spec.auth)
    except ValueError:
        yield Finding(
            E_AUTH,
            f"@client(auth={spec.auth!r}) on {spec.located} is not a way to say who may call it.",
            'Write auth=True, auth=False, auth="staff", auth="superuser", auth="app_label.codename", a function over the '
            "request, or DRF permission classes.",
        )
    if _takes_no_request(spec.auth):
        yield Finding(
            E_AUTH,
            f"The predicate in @client(auth=…) on {spec.located} does not take the request, so it would never let anybody in.",
            "Write auth=lambda request: …",
        )
    problem = _throttle_problem(spec)
    if problem:
        yield Finding(
            E_THROTTLE,
            f"@client(throttle=…) on {spec.located} cannot be used: {problem}.",
            'Write a number and a period, throttle="10/min" (s, min, hour or day), or a DRF throttle class.',
        )


def _user_problems(spec: FunctionSpec) -> Iterator[Finding]:
    """An ``auth=`` that asks what users of this project do not have: nobody is let in by it."""
    auth = spec.auth
    if not isinstance(auth, str):
        return
    needed = {"staff": "is_staff", "superuser": "is_superuser"}.get(auth, "has_perm")
    try:
        model = get_user_model()
    except ImproperlyConfigured:  # Django's own checks say so
        return
    if not hasattr(model, needed):
        yield Finding(
            E_AUTH,
            f"@client(auth={auth!r}) on {spec.where} lets nobody in: {model.__name__} has no {needed}.",
            f"Have {model.__name__} inherit from django.contrib.auth.models.PermissionsMixin, give it {needed}, or write "
            "auth=lambda request: …",
        )


def _takes_no_request(auth: Any) -> bool:
    if not callable(auth) or isinstance(auth, type):
        return False
    try:
        inspect.signature(auth).bind(None)
    except TypeError:
        return True
    except ValueError:  # written in C; nobody can say
        return False
    return False


def _throttle_problem(spec: FunctionSpec) -> str:
    try:
        classes: list[type[BaseThrottle]] = throttle_classes(spec.name, spec.throttle)
    except ValueError as error:
        return str(error)
    if not spec.throttle:
        return ""  # the project's own defaults; DRF speaks for them
    for cls in classes:
        try:
            cls()
        except (ImproperlyConfigured, ValueError, KeyError) as error:
            return f"{cls.__name__}: {error}"
        if issubclass(cls, ScopedRateThrottle):
            return f"{cls.__name__} looks for a throttle_scope, which functions do not have"
        if issubclass(cls, SimpleRateThrottle) and not getattr(cls(), "rate", True):
            return f'{cls.__name__} has no rate; REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] does not name its scope'
    return ""
