"""
What is wrong with ``auth=``, ``throttle=`` and ``route=``, and what keeps a project from serving Mizan at all.

While one of the first three is wrong the function is kept shut (`classes_of`, `routable`) and the log says why.
"""

from __future__ import annotations

import inspect
import logging
import re
import typing
from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Union

from django.core.exceptions import ImproperlyConfigured
from django.http.response import HttpResponseBase
from django.urls.resolvers import RoutePattern
from rest_framework import exceptions
from rest_framework.permissions import AllowAny, BasePermission
from rest_framework.throttling import BaseThrottle, ScopedRateThrottle, SimpleRateThrottle

from mizan.dispatch.endpoints import Endpoint, Service
from mizan.dispatch.watching import Watches
from mizan.protocol.errors import E_AUTH, E_ROUTE, E_THROTTLE, W_OPEN, Finding
from mizan.protocol.graph import shown_type
from mizan.protocol.signature import MISSING, Signature
from mizan.protocol.specs import FunctionSpec
from mizan.rest.descriptions import describe
from mizan.rest.permissions import permission_classes
from mizan.rest.throttles import throttle_classes

logger = logging.getLogger("mizan")

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Nobody(BasePermission):
    """Stands for an ``auth=`` or ``throttle=`` that cannot be used: nobody is let in, logged in or not."""

    def has_permission(self, request: Any, view: Any) -> bool:
        raise exceptions.PermissionDenied


def service_findings(service: Service) -> tuple[Finding, ...]:
    """Everything that is wrong with the functions of *service*: names, types, permissions, routes, watched models."""
    return (
        *service.graph.findings,
        *describe(service).findings,
        *access_findings(service),
        *route_findings(service),
        *Watches(service).findings,
    )


def classes_of(spec: FunctionSpec) -> tuple[list[Any], list[Any]]:
    """The permission and the throttle classes of a function; where one of them cannot be used, nobody is let in."""
    problems = list(_access_problems(spec))
    for problem in problems:
        logger.error("Nobody may call %s: %s", spec.name, problem)
    if problems:
        return [Nobody], []
    return permission_classes(spec.auth), throttle_classes(spec.name, spec.throttle)


def routable(service: Service) -> dict[str, Endpoint]:
    """The view-path functions whose routes can be mounted; one that cannot would take all the others with it."""
    findings = _route_problems(service)
    for finding in findings.values():
        logger.error("A page is not mounted: %s", finding)
    return {name: endpoint for name, endpoint in service.pages.items() if name not in findings}


def access_findings(service: Service) -> tuple[Finding, ...]:
    """Unusable ``auth=`` and ``throttle=``. What the graph says of ``auth=`` already is not said again."""
    return tuple(
        finding
        for endpoint in _reachable(service)
        for finding in _access_problems(endpoint.spec)
        if not (finding.id == E_AUTH and isinstance(endpoint.spec.auth, str))
    )


def route_findings(service: Service) -> tuple[Finding, ...]:
    """Routes that Django cannot read, that do not fit the function, or that another function has."""
    return tuple(_route_problems(service).values())


def open_findings(service: Service) -> Iterator[Finding]:
    """Functions that anybody may call although nobody wrote so."""
    default = permission_classes(None)
    if not all(item is AllowAny for item in default):
        return
    for endpoint in _reachable(service):
        if endpoint.spec.auth is None:
            name = endpoint.spec.function.__name__
            yield Finding(
                W_OPEN,
                f"{endpoint.where} has no auth=, and DEFAULT_PERMISSION_CLASSES lets everybody in.",
                f"Write @client(auth=True) above {name}, or @client(auth=False) where it is meant to be open; or set "
                'REST_FRAMEWORK["DEFAULT_PERMISSION_CLASSES"] to ["rest_framework.permissions.IsAuthenticated"].',
            )


def _reachable(service: Service) -> list[Endpoint]:
    return [*service.functions.values(), *service.pages.values()]


def _access_problems(spec: FunctionSpec) -> Iterator[Finding]:
    try:
        permission_classes(spec.auth)
    except ValueError:
        yield Finding(
            E_AUTH,
            f"@client(auth={spec.auth!r}) on {spec.where} is not a way to say who may call it.",
            'Write auth=True, auth=False, auth="staff", auth="superuser", auth="app_label.codename", a function over the '
            "request, or DRF permission classes.",
        )
    if _takes_no_request(spec.auth):
        yield Finding(
            E_AUTH,
            f"The predicate in @client(auth=…) on {spec.where} does not take the request, so it would never let anybody in.",
            "Write auth=lambda request: …",
        )
    problem = _throttle_problem(spec)
    if problem:
        yield Finding(
            E_THROTTLE,
            f"@client(throttle=…) on {spec.where} cannot be used: {problem}.",
            'Write a number and a period, throttle="10/min" (s, min, hour or day), or a DRF throttle class.',
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


def _route_problems(service: Service) -> dict[str, Finding]:
    """The first problem of each page, by the function's name."""
    found: dict[str, Finding] = {}
    taken: dict[str, Endpoint] = {}
    for name, endpoint in service.pages.items():
        problem = _route_problem(endpoint)
        shape = re.sub(r"<(?:([^:<>]+):)?[^<>]*>", r"<\1>", endpoint.spec.route or "").strip("/")
        other = taken.setdefault(shape, endpoint)
        if problem is None and other is not endpoint:
            problem = (
                f"is the route of {other.where} too",
                "Give one of them another path, or make them one function with methods=.",
            )
        if problem is not None:
            what, hint = problem
            message = f"@client(route={endpoint.spec.route!r}) on {endpoint.where} {what}."
            found[name] = Finding(E_ROUTE, message, hint)
    return found


def _route_problem(endpoint: Endpoint) -> tuple[str, str] | None:
    spec = endpoint.spec
    try:
        converters = RoutePattern((spec.route or "").lstrip("/"), is_endpoint=True).converters
    except ImproperlyConfigured as error:
        return f"cannot be read by Django: {error}", 'Write a path as in urls.py: route="/orders/<int:id>/".'
    unknown = [name for name in converters if name not in endpoint.signature.names]
    if unknown:
        arguments = ", ".join(f"{name}: {_TYPES.get(type(converters[name]).__name__, 'str')}" for name in unknown)
        what = f"has <{unknown[0]}>, which the function does not take"
        return (
            what,
            f"Write def {spec.function.__name__}(request, {arguments}): or take <{unknown[0]}> out of the route.",
        )
    for name, converter in converters.items():
        wanted = _TYPES.get(type(converter).__name__)
        if wanted and _plain(endpoint.signature, name) is str:
            what = f"gives {name} as {wanted}, and the function takes it as str"
            return what, f"Write def {spec.function.__name__}(request, {name}: {wanted}): or route <str:{name}>."
    if not _may_be_response(endpoint.signature.returns):
        what = f"makes a page, and the function returns {shown_type(endpoint.signature.returns)}"
        return what, f"Write def {spec.function.__name__}(request, …) -> HttpResponse: or take route= away."
    odd = [method for method in spec.methods or () if method not in _METHODS]
    if odd:
        return f"has methods= with {odd[0]!r}", f"Use some of {', '.join(_METHODS)}."
    return None


def _plain(signature: Signature, name: str) -> Any:
    """The type of a parameter without its constraints."""
    annotation = next(parameter.annotation for parameter in signature.parameters if parameter.name == name)
    return typing.get_args(annotation)[0] if typing.get_origin(annotation) is Annotated else annotation


def _may_be_response(annotation: Any) -> bool:
    """Only what is clearly something else is not."""
    if annotation is MISSING:
        return True
    parts = typing.get_args(annotation) if typing.get_origin(annotation) in (Union, UnionType) else (annotation,)
    return any(not isinstance(part, type) or issubclass(part, HttpResponseBase) or part is object for part in parts)


_TYPES = {"IntConverter": "int", "UUIDConverter": "UUID"}
