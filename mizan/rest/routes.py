"""
Addresses: a table instead of a pattern for each function, so that the thousandth is found as fast as the first.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from asgiref.sync import async_to_sync
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path
from django.urls.exceptions import Resolver404
from django.urls.resolvers import ResolverMatch, RoutePattern
from django.utils.functional import cached_property

from mizan.rest.bodies import prepare, read_call
from mizan.rest.factory import View, Views, current_views
from mizan.rest.service_views import EntryView
from mizan.rest.view_functions import ViewFunctionView


class TableResolver(URLResolver):
    """
    Resolves ``<prefix><name>/`` by a look-up; lists the same addresses as patterns, for `reverse` and for tools.
    """

    def __init__(
        self, prefix: str, kind: str, names: Callable[[Views], Any], view: Callable[[Views, str], View | None]
    ) -> None:
        super().__init__(RoutePattern(prefix), [])
        self.prefix = prefix
        self.kind = kind
        self._names = names
        self._view = view

    def resolve(self, path: Any) -> ResolverMatch:
        text = str(path)
        name = text[len(self.prefix) : -1]
        if not (text.startswith(self.prefix) and text.endswith("/") and name):
            raise Resolver404({"tried": [[self.pattern]], "path": path})
        views = current_views()
        matches = views.matches[self]
        if name not in matches:
            view = self._view(views, name)
            if view is None:
                raise Resolver404({"tried": [[self.pattern]], "path": path})
            route = f"{self.prefix}{name}/"
            matches[name] = ResolverMatch(
                view, (), {}, f"{self.kind}.{name}", route=route, captured_kwargs={}, extra_kwargs={}
            )
        return matches[name]

    @property
    def url_patterns(self) -> list[URLPattern]:  # type: ignore[override]  # Django's is cached for ever
        return current_views().derive(self._patterns)

    def _patterns(self, views: Views) -> list[URLPattern]:
        return [self._pattern(views, name) for name in sorted(self._names(views))]

    def _pattern(self, views: Views, name: str) -> URLPattern:
        view = self._view(views, name)
        assert view is not None, name  # noqa: S101 - the name came out of the same table
        return path(f"{name}/", view, name=f"{self.kind}.{name}")

    @cached_property
    def urlconf_module(self) -> list[URLPattern]:
        return []


def call_routes() -> TableResolver:
    """``call/<name>/``: every function that clients may call."""
    return TableResolver("call/", "call", lambda views: views.service.functions, Views.function)


def view_routes() -> ViewFunctionResolver:
    """Every view function at its ``route=`` below the prefix."""
    return ViewFunctionResolver("route")


def context_routes() -> TableResolver:
    """``ctx/<name>/``: every context."""
    return TableResolver("ctx/", "ctx", lambda views: views.service.contexts, Views.context)


class ViewFunctionResolver(URLResolver):
    """
    Every view function at its ``route=``, whenever it was registered.

    Args:
        kind: Begins the names of the addresses, where other names stand beside them.
    """

    def __init__(self, kind: str = "") -> None:
        super().__init__(RoutePattern(""), [])
        self._kind = kind

    @property
    def url_patterns(self) -> list[URLPattern]:  # type: ignore[override]  # Django's is cached for ever
        return current_views().derive(self._patterns)

    @cached_property
    def urlconf_module(self) -> list[URLPattern]:
        return []

    def _patterns(self, views: Views) -> list[URLPattern]:
        return [self._pattern(name, view) for name, view in sorted(views.view_functions.items())]

    def _pattern(self, name: str, view: type[ViewFunctionView]) -> URLPattern:
        name = f"{self._kind}.{name}" if self._kind else name
        return path((view.endpoint.spec.route or "").lstrip("/"), view.as_view(), name=name)


_entry = EntryView.as_view()


def rpc(request: HttpRequest, **captured: Any) -> Any:
    """``call/``: hand the arguments in the envelope to the view of the function that it names."""
    if request.method != "POST":
        return _entry(request)
    try:
        name, arguments = read_call(request)
    except Exception as problem:  # whatever it is, it gets the one failure shape
        return _entry(request, problem=problem)
    view = current_views().function(name)
    if view is None:
        return _entry(request)
    prepare(request, arguments)
    # Which function is meant is known only now, too late for Django to see that it is asynchronous.
    return async_to_sync(view)(request) if inspect.iscoroutinefunction(view) else view(request)


rpc.csrf_exempt = True  # type: ignore[attr-defined]  # the function's own view checks it
