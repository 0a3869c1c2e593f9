"""
Everything that is wrong with the functions of a service, collected.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from mizan.client import client
from mizan.protocol.registry import FunctionRegistry
from mizan.rest.findings import service_findings
from mizan.service.current import current_service
from mizan.setup import register


class Unservable:
    """Pydantic has no schema for it."""


def test_one_mistake_hides_no_other(registry: FunctionRegistry) -> None:
    """Of names, types, access, routes and watches, in one function or in several."""

    @client(auth=42, throttle="often", affects="usr")
    def wrong(request: Any, thing: Unservable) -> None: ...

    @client(auth=False, route="/a/<int:id>/")
    def page(request: Any) -> HttpResponse: ...  # type: ignore[empty-body]

    @client(auth=False, context="shelf", watch=["things.Nothing"])
    def shelf(request: Any) -> int: ...  # type: ignore[empty-body]

    for function in (wrong, page, shelf):
        register(function)

    assert sorted({finding.id for finding in service_findings(current_service())}) == [
        "mizan.E002",
        "mizan.E004",
        "mizan.E008",
        "mizan.E010",
        "mizan.E014",
        "mizan.E017",
    ]


def test_of_nothing_nothing_is_wrong(registry: FunctionRegistry) -> None:
    """An empty project is quiet."""
    assert service_findings(current_service()) == ()
