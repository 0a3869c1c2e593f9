"""
A view class for each endpoint and context, made once for each version of the registry.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.http.response import HttpResponseBase

from mizan.bridge.components import UNDESCRIBABLE, Entry, build_components
from mizan.bridge.serializers import input_serializer, output_serializer
from mizan.dispatch.endpoints import ContextEndpoint, Endpoint, Service, current_service
from mizan.protocol.casing import pascal
from mizan.rest.authentication import authentication_classes
from mizan.rest.bodies import QueryForm
from mizan.rest.context_views import AsyncContextView, ContextView
from mizan.rest.findings import classes_of, routable
from mizan.rest.routed import RoutedView
from mizan.rest.views import AsyncFunctionView, FunctionView

View = Callable[..., HttpResponseBase]


class Views:
    """
    The views of one `Service`; each is made when it is first asked for.
    """

    def __init__(self, service: Service) -> None:
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
        base = AsyncFunctionView if endpoint.spec.is_async else FunctionView
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
        is_async = any(reader.spec.is_async for reader in context.readers.values())
        return type(
            f"{pascal(context.name)}ContextView",
            (AsyncContextView if is_async else ContextView,),
            {
                "authentication_classes": authentication_classes(),
                "name": context.name,
                "where": f"the context {context.name!r}",
                "__doc__": f"Every function of the context {context.name!r} in one request.",
                "context": context,
                "readers": {name: self.function_class(reader) for name, reader in context.readers.items()},
                "query_forms": _query_forms(context),
            },
        )

    @cached_property
    def pages(self) -> dict[str, type[RoutedView]]:
        """The view classes of view-path functions, by name."""
        return {name: self._page_class(endpoint) for name, endpoint in routable(self.service).items()}

    def _page_class(self, endpoint: Endpoint) -> type[RoutedView]:
        methods = endpoint.spec.methods or ("GET",)
        implied = ("HEAD",) if "GET" in methods else ()
        return type(
            f"{pascal(endpoint.name)}Page",
            (RoutedView,),
            {
                **_access(endpoint),
                "__doc__": endpoint.spec.doc,
                "endpoint": endpoint,
                "http_method_names": [method.lower() for method in (*methods, *implied, "OPTIONS")],
            },
        )


def _access(endpoint: Endpoint) -> dict[str, Any]:
    spec = endpoint.spec
    permissions, throttles = classes_of(spec)
    return {
        "name": spec.name,
        "where": spec.where,
        "__module__": spec.module,
        "authentication_classes": authentication_classes(),
        "permission_classes": permissions,
        "throttle_classes": throttles,
    }


def _query_forms(context: ContextEndpoint) -> dict[str, QueryForm]:
    """How each parameter of *context* reads in a query string, by its schema."""
    forms: dict[str, QueryForm] = {}
    required = {parameter.name for parameter in context.group.parameters if parameter.is_required}
    for name, endpoint in context.readers.items():
        try:
            components = build_components([Entry(name, "validation", endpoint.arguments.core)])
        except UNDESCRIBABLE:  # `manage.py check` says so; the other functions are served
            forms.update({parameter: QueryForm(is_json=False) for parameter in endpoint.signature.names})
            continue
        arguments = components.definitions.get(endpoint.arguments.name) or components.schemas[name, "validation"]
        for parameter, schema in arguments.get("properties", {}).items():
            forms[parameter] = _query_form(schema, components.definitions, is_required=parameter in required)
    return forms


def _query_form(schema: Any, definitions: dict[str, Any], *, is_required: bool) -> QueryForm:
    alternatives = _alternatives(schema, definitions)
    concrete = [one for one in alternatives if one.get("type") != "null"]
    is_null_if_absent = is_required and len(concrete) < len(alternatives)
    arrays = [one for one in concrete if one.get("type") == "array"]
    if arrays and len(arrays) == len(concrete):
        items = [item for one in arrays for item in _alternatives(one.get("items", {}), definitions)]
        return QueryForm(not _may_be_text(items), is_list=True, is_null_if_absent=is_null_if_absent)
    return QueryForm(not _may_be_text(concrete), is_null_if_absent=is_null_if_absent)


def _may_be_text(schemas: list[Any]) -> bool:
    return any(schema.get("type", "string") == "string" for schema in schemas)


def _alternatives(schema: Any, definitions: dict[str, Any]) -> list[Any]:
    if "$ref" in schema:
        return _alternatives(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)
    choices = schema.get("anyOf") or schema.get("oneOf")
    return [one for choice in choices for one in _alternatives(choice, definitions)] if choices else [schema]


_current: Views | None = None


def current_views() -> Views:
    """The views of the service as it is now."""
    global _current  # noqa: PLW0603 - one derived value for one service
    service = current_service()
    if _current is None or _current.service is not service:
        _current = Views(service)
    return _current
