"""
What is wrong with ``route=``. A route that cannot be mounted would break every other one, so its view function is left out.
"""

from __future__ import annotations

import logging
import re
import typing
from types import UnionType
from typing import Annotated, Any, Union

from django.core.exceptions import ImproperlyConfigured
from django.http.response import HttpResponseBase
from django.urls.resolvers import RoutePattern

from mizan.protocol.errors import E_ROUTE, Finding
from mizan.protocol.shown_types import shown_type
from mizan.protocol.signature import MISSING, Signature
from mizan.service.current import Service
from mizan.service.endpoints import Endpoint

logger = logging.getLogger("mizan")

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def routable(service: Service) -> dict[str, Endpoint]:
    """The view functions whose routes can be mounted."""
    problems = _route_problems(service)
    for problem in problems.values():
        logger.error("A view function is not mounted: %s", problem)
    return {name: endpoint for name, endpoint in service.view_functions.items() if name not in problems}


def route_findings(service: Service) -> tuple[Finding, ...]:
    """Routes that Django cannot read, that do not fit the function, or that another function has."""
    return tuple(_route_problems(service).values())


def _route_problems(service: Service) -> dict[str, Finding]:
    """The first problem of each view function, by its name."""
    found: dict[str, Finding] = {}
    taken: dict[str, Endpoint] = {}
    for name, endpoint in service.view_functions.items():
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
