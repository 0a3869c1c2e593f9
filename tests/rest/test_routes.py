"""
Addresses: a table in place of a pattern for each function.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import Resolver404, reverse

from mizan.client import client
from mizan.rest.routes import call_routes, context_routes
from tests.api import Api


def test_a_function_is_found_as_soon_as_it_is_registered(api: Api) -> None:
    """Django keeps its own patterns for ever."""
    routes = call_routes()

    @client(auth=False)
    def echo(request: Any) -> None: ...

    with pytest.raises(Resolver404):
        routes.resolve("call/echo/")
    api.serve(echo)

    match = routes.resolve("call/echo/")
    assert (match.url_name, match.route, match.kwargs) == ("call.echo", "call/echo/", {})
    assert routes.resolve("call/echo/") is match


@pytest.mark.parametrize("path", ["call/", "call/echo", "call/other/", "call/echo/more/", "ctx/echo/", "call//"])
def test_other_addresses_are_left_to_the_others(api: Api, path: str) -> None:
    """The one at the end answers whatever is not there."""

    @client(auth=False)
    def echo(request: Any) -> None: ...

    api.serve(echo)

    with pytest.raises(Resolver404):
        call_routes().resolve(path)


def test_the_table_lists_its_addresses_for_tools(api: Api) -> None:
    """As patterns, in the order of their names."""

    @client(auth=False, context="user")
    def profile(request: Any) -> None: ...

    @client(auth=False)
    def echo(request: Any) -> None: ...

    api.serve(profile, echo)

    assert [pattern.name for pattern in call_routes().url_patterns] == ["call.echo", "call.profile"]
    assert [pattern.name for pattern in context_routes().url_patterns] == ["ctx.user"]


def test_the_entry_has_an_address_of_its_own() -> None:
    """For clients that name the function in the body."""
    assert reverse("mizan:call") == "/api/mizan/call/"
