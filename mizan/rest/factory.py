"""
A view class for each endpoint and context, made once for each version of the registry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.http.response import HttpResponseBase
from django.urls.resolvers import ResolverMatch

from mizan.dispatch.gates import gate_of
from mizan.drf.authentication import authentication_classes
from mizan.drf.serializers import input_serializer, output_serializer
from mizan.memo import Deriving, Memo
from mizan.protocol.casing import pascal
from mizan.rest.context_views import AsyncContextView, ContextView
from mizan.rest.function_views import AsyncFunctionView, FunctionView
from mizan.rest.query import query_forms
from mizan.rest.route_findings import routable
from mizan.rest.view_functions import ViewFunctionView
from mizan.service.current import Service, current_service, registry_version
from mizan.service.endpoints import ContextEndpoint, Endpoint

View = Callable[..., HttpResponseBase]


class Views(Deriving):
    """
    The views of one `Service`; each is made when it is first asked for.
    """

    def __init__(self, service: Service) -> None:
        super().__init__()
        # What each resolver has matched, by name. A dict and no method, because each request looks into it.
        self.matches: defaultdict[Any, dict[str, ResolverMatch]] = defaultdict(dict)
        self.service = service
        self._functions: dict[str, View] = {}
        self._contexts: dict[str, View] = {}

    def function(self, name: str) -> View | None:
        """The view of the function called *name*, or None where clients know no such function."""
        view = self._functions.get(name)
        if view is None and (endpoint := self.service.functions.get(name)) is not None:
            view = self._functions[name] = self.function_class(endpoint).as_view()
        return view

    def context(self, name: str) -> View | None:
        """The view of the context called *name*, or None."""
        view = self._contexts.get(name)
        if view is None and (context := self.service.contexts.get(name)) is not None:
            view = self._contexts[name] = self.context_class(context).as_view()
        return view

    def function_class(self, endpoint: Endpoint) -> type[FunctionView]:
        base = AsyncFunctionView if endpoint.is_async else FunctionView
        name = pascal(endpoint.name)
        return type(
            f"{name}View",
            (base,),
            {
                **_access(endpoint),
                "__doc__": endpoint.spec.doc,
                "endpoint": endpoint,
                "input_serializer_class": input_serializer(endpoint.name, endpoint.arguments),
                "output_serializer_class": output_serializer(f"{name}Output", endpoint.result),
            },
        )

    def context_class(self, context: ContextEndpoint) -> type[ContextView]:
        is_async = any(reader.is_async for reader in context.readers.values())
        return type(
            f"{pascal(context.name)}ContextView",
            (AsyncContextView if is_async else ContextView,),
            {
                "authentication_classes": authentication_classes(),
                "name": context.name,
                "where": f"the context {context.name!r}",
                "__doc__": f"Every function of the context {context.name!r} in one request.",
                "context": context,
                "query_forms": query_forms(context),
            },
        )

    @cached_property
    def view_functions(self) -> dict[str, type[ViewFunctionView]]:
        """The view classes of view functions, by name."""
        return {name: self._view_function_class(endpoint) for name, endpoint in routable(self.service).items()}

    def _view_function_class(self, endpoint: Endpoint) -> type[ViewFunctionView]:
        methods = endpoint.spec.methods or ("GET",)
        implied = ("HEAD",) if "GET" in methods else ()
        return type(
            f"{pascal(endpoint.name)}View",
            (ViewFunctionView,),
            {
                **_access(endpoint),
                "__doc__": endpoint.spec.doc,
                "endpoint": endpoint,
                "http_method_names": [method.lower() for method in (*methods, *implied, "OPTIONS")],
            },
        )


def _access(endpoint: Endpoint) -> dict[str, Any]:
    spec, gate = endpoint.spec, gate_of(endpoint)
    return {
        "name": spec.name,
        "where": spec.where,
        "__module__": spec.module,
        "authentication_classes": authentication_classes(),
        "permission_classes": gate.permission_classes,
        "throttle_classes": gate.throttle_classes,
    }


current_views = Memo(lambda: Views(current_service()), key=registry_version)
"""The views of the current service."""
