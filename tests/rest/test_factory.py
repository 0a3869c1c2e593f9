"""
A view class for each endpoint and context.
"""

from __future__ import annotations

import inspect
from typing import Any

from django.http import HttpResponse
from rest_framework.permissions import IsAuthenticated

from mizan.client import client
from mizan.rest.factory import current_views
from tests.api import Api


def test_a_function_s_view_is_a_view_of_drf(api: Api) -> None:
    """With the permissions, the name, the docstring and the module of its function."""

    @client(auth=True)
    def contact_submit(request: Any, text: str) -> None:
        """Sends it."""

    api.serve(contact_submit)
    view = current_views().function_class(current_views().service.functions["contact_submit"])

    assert (view.__name__, view.__doc__, view.__module__) == ("ContactSubmitView", "Sends it.", __name__)
    assert view.permission_classes == [IsAuthenticated]
    assert set(view.input_serializer_class().fields) == {"text"}


def test_views_are_made_once_for_each_registry(api: Api) -> None:
    """And anew when a function was registered."""

    @client(auth=False, context="user")
    def profile(request: Any) -> None: ...

    @client(auth=False, context="user")
    async def later(request: Any) -> None: ...

    api.serve(profile)
    views = current_views()
    before = views.function("profile"), views.context("user")

    assert (views.function("profile"), views.context("user")) == before
    assert not inspect.iscoroutinefunction(before[1])
    api.serve(later)
    assert current_views() is not views
    assert inspect.iscoroutinefunction(current_views().context("user"))


def test_what_nobody_may_call_has_no_view(api: Api) -> None:
    """Private functions, view functions, and names that nobody took."""

    @client(auth=False, private=True)
    def hidden(request: Any) -> None: ...

    @client(auth=False, route="/page/")
    def page(request: Any) -> HttpResponse: ...  # type: ignore[empty-body]

    api.serve(hidden, page)

    assert [current_views().function(name) for name in ("hidden", "page", "missing")] == [None] * 3
    assert current_views().context("missing") is None
    assert current_views().view_functions["page"].http_method_names == ["get", "head", "options"]
