"""
Who may call a function, and how often: its permission and throttle classes, which are DRF's own.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.permissions import AllowAny, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from mizan.dispatch.access_findings import access_problems
from mizan.drf.permissions import permission_classes
from mizan.drf.throttles import throttle_classes
from mizan.service.endpoints import ContextEndpoint, Endpoint
from mizan.wire.problems import InvalidInput

logger = logging.getLogger("mizan")


class Nobody(BasePermission):
    """In the place of an ``auth=`` or ``throttle=`` that cannot be used: nobody is let in, logged in or not."""

    def has_permission(self, request: Any, view: Any) -> bool:
        raise exceptions.PermissionDenied


class Gate(APIView):
    """
    What the permission and throttle classes of one function get as their view, whatever surface the call comes from.
    """

    name: ClassVar[str]
    endpoint: ClassVar[Endpoint]
    is_open: ClassVar[bool]
    """Whether everybody is let in, without a look at who it is."""


def gate_of(endpoint: Endpoint) -> type[Gate]:
    """The gate of *endpoint*, made once. Where its permissions or throttles cannot be used, nobody is let in."""
    return endpoint.derive(_make_gate)


def _make_gate(endpoint: Endpoint) -> type[Gate]:
    spec = endpoint.spec
    problems = list(access_problems(spec))
    for problem in problems:
        logger.error("Nobody may call %s: %s", spec.name, problem)
    permissions = [Nobody] if problems else permission_classes(spec.auth)
    return type(
        "Gate",
        (Gate,),
        {
            "__doc__": spec.doc,
            "__module__": spec.module,
            "name": spec.name,
            "endpoint": endpoint,
            "permission_classes": permissions,
            "throttle_classes": [] if problems else throttle_classes(spec.name, spec.throttle),
            "is_open": all(cls is AllowAny for cls in permissions),
        },
    )


def admit(endpoint: Endpoint, request: Request) -> None:
    """
    Let the caller call *endpoint*, or raise.

    Args:
        request: DRF's request. The caller is authenticated when somebody first looks at its user.

    Raises:
        APIException: the permissions or the throttles of the function refuse the caller.
    """
    permit(endpoint, request)
    throttle(endpoint, request)


def permit(endpoint: Endpoint, request: Request, kwargs: Mapping[str, Any] | None = None) -> None:
    """
    Ask the permissions alone.

    Args:
        kwargs: What the address of a view function captures.
    """
    gate = gate_of(endpoint)
    if not gate.is_open:
        _at(gate, request, kwargs).check_permissions(request)


def permit_any(context: ContextEndpoint, request: Request) -> None:
    """
    Let the caller know what *context* has, or raise.

    Raises:
        APIException: the permissions of each of its readers refuse the caller; this is the refusal of the first.
    """
    refusals: list[Exception] = []
    for endpoint in context.readers.values():
        try:
            permit(endpoint, request)
        except (exceptions.APIException, Http404, PermissionDenied) as refusal:
            refusals.append(refusal)
        else:
            return
    raise refusals[0]


@contextmanager
def for_readers_only(context: ContextEndpoint, request: Request) -> Iterator[None]:
    """Around the reading of a question: what is wrong with it tells what *context* has, so strangers are refused instead."""
    try:
        yield
    except InvalidInput:
        permit_any(context, request)
        raise


def throttle(endpoint: Endpoint, request: Request, kwargs: Mapping[str, Any] | None = None) -> None:
    """Ask the throttles alone."""
    gate = gate_of(endpoint)
    if gate.throttle_classes:
        _at(gate, request, kwargs).check_throttles(request)


def _at(gate: type[Gate], request: Request, kwargs: Mapping[str, Any] | None) -> Gate:
    view = gate()
    view.request, view.args, view.kwargs, view.format_kwarg = request, (), dict(kwargs or {}), None
    return view


def ungated_readers(context: ContextEndpoint) -> frozenset[str]:
    """The readers of *context* that nothing keeps anybody from."""
    gates = {name: gate_of(endpoint) for name, endpoint in context.readers.items()}
    return frozenset(name for name, gate in gates.items() if gate.is_open and not gate.throttle_classes)
