"""
Addresses that the project did not include.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import include, path

from mizan.client import client
from mizan.protocol.registry import FunctionRegistry
from tests.checks.examples import bad_name_mended, bad_route_mended, no_return_type_mended
from tests.checks.messages import found, ids, serve

urlpatterns = [path("api/mizan/", include("mizan.urls"))]


@pytest.mark.urls("tests.things.no_urls")
def test_urls_that_are_not_included_are_warned_of(registry: FunctionRegistry) -> None:
    """Once there is a function that needs them."""
    empty = ids()

    @client(auth=False)
    def echo(request: Any) -> None: ...

    serve(echo)
    messages = found()

    assert empty == []
    assert [message.id for message in messages] == ["mizan.W002"]
    assert 'include("mizan.urls")' in str(messages[0].hint)


def test_a_project_without_addresses_is_not_asked_for_them(registry: FunctionRegistry, settings: Any) -> None:
    """It may run commands only."""
    no_return_type_mended()
    settings.ROOT_URLCONF = ""

    assert ids() == []


@pytest.mark.urls("tests.rest.test_installation")
def test_routes_that_are_not_included_are_warned_of(registry: FunctionRegistry) -> None:
    """Once there is a view function; with tests.urls, which has them, nothing is said (see `bad_route_mended`)."""
    bad_name_mended()
    without_view_functions = ids()
    bad_route_mended()
    messages = found()

    assert without_view_functions == []
    assert [message.id for message in messages] == ["mizan.W003"]
    assert 'include("mizan.routes")' in str(messages[0].hint)
