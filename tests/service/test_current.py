"""
The service of the registry as it is now.
"""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.http import HttpResponse

from mizan.client import client
from mizan.protocol.registry import FunctionRegistry
from mizan.service.current import current_service
from mizan.setup import register


def test_a_function_that_is_registered_later_is_served(registry: FunctionRegistry) -> None:
    """Apps load one after the other; what was derived from the registry of before is not used."""
    before = current_service()

    @client(auth=False)
    def echo(request: Any) -> None: ...

    register(echo)

    assert "echo" not in before.functions
    assert "echo" in current_service().functions
    assert current_service() is current_service() is not before


def test_clients_may_call_what_is_neither_private_nor_a_view_function(registry: FunctionRegistry) -> None:
    """View functions have their own addresses, and private functions have none."""

    @client(auth=False)
    def echo(request: Any) -> None: ...

    @client(auth=False, private=True)
    def hidden(request: Any) -> None: ...

    @client(auth=False, route="/page/")
    def page(request: Any) -> HttpResponse: ...  # type: ignore[empty-body]

    for function in (echo, hidden, page):
        register(function)
    service = current_service()

    assert (set(service.functions), set(service.view_functions)) == ({"echo"}, {"page"})
    assert set(service.all_endpoints) == {"echo", "hidden", "page"}


def test_what_is_wrong_is_logged_where_nobody_runs_checks(
    registry: FunctionRegistry, caplog: pytest.LogCaptureFixture
) -> None:
    """A server in production is started without them."""

    @client(auth=False, affects="usr")
    def wrong(request: Any) -> None: ...

    register(wrong)
    with caplog.at_level(logging.ERROR, "mizan"):
        current_service()

    assert "mizan.E004" in caplog.text
