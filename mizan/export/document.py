"""
The OpenAPI document of this server's Mizan operations, by drf-spectacular.
"""

from __future__ import annotations

import contextlib
import io
import re
from typing import Any

from django.urls import get_script_prefix, get_urlconf
from drf_spectacular.drainage import GENERATOR_STATS, reset_generator_stats
from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator
from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent
from drf_spectacular.settings import spectacular_settings
from rest_framework.fields import empty
from rest_framework.serializers import BaseSerializer, ModelSerializer, Serializer

from mizan import conf
from mizan.openapi.described import own_document
from mizan.openapi.descriptions import describe
from mizan.protocol.errors import E_DUPLICATE_MODEL, E_UNSERVABLE_TYPE, ConfigError, Finding
from mizan.protocol.names import EXTENSION
from mizan.protocol.references import REFERENCE, component_of, used_schemas
from mizan.rest.findings import service_findings
from mizan.rest.installation import base_path, has_own_routes
from mizan.rest.view_functions import ViewFunctionView
from mizan.rest.views import MizanView
from mizan.service.current import current_service

DOCUMENT_VERSION = 1

_SPECTACULAR_REQUEST = "Request"

# What the project says in words (and servers, and tags) is kept; the operations are what the client is generated from, and
# its settings must not change them.
_SETTINGS: dict[str, Any] = {
    "APPEND_COMPONENTS": {},
    "APPEND_PATHS": {},
    "CAMELIZE_NAMES": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "OAS_VERSION": "3.1.1",
    "POSTPROCESSING_HOOKS": [],
    "PREPROCESSING_HOOKS": [],
    "SCHEMA_COERCE_PATH_PK_SUFFIX": False,
    "SCHEMA_PATH_PREFIX_INSERT": "",
    "SCHEMA_PATH_PREFIX_TRIM": False,
    "SECURITY": None,
    "SORT_OPERATIONS": True,
    "WEBHOOKS": [],
}


class _OwnEndpoints(EndpointEnumerator):
    """Mizan's own, each once: where the project mounts them twice, what stands in the document is what clients call."""

    def __init__(self, patterns: Any = None, urlconf: Any = None) -> None:
        super().__init__(patterns, urlconf)
        self._prefix = base_path().removeprefix(get_script_prefix().rstrip("/"))
        self._routes_are_below = not has_own_routes()

    def should_include_endpoint(self, path: str, callback: Any) -> bool:
        view = getattr(callback, "cls", None)
        if not (isinstance(view, type) and issubclass(view, MizanView)):
            return False
        is_below = path.startswith(self._prefix)
        if issubclass(view, ViewFunctionView):
            return is_below is self._routes_are_below
        return is_below and view.__dict__.get("schema", view.schema) is not None


class _Generator(SchemaGenerator):
    endpoint_inspector_cls = _OwnEndpoints

    def parse(self, *args: Any) -> dict[str, Any]:
        script_name = get_script_prefix().rstrip("/")
        paths: dict[str, Any] = super().parse(*args)  # type: ignore[no-untyped-call]  # drf-spectacular has no types
        return {script_name + path: operations for path, operations in paths.items()}


def build_document() -> dict[str, Any]:
    """
    Describe everything that clients may call, as an OpenAPI 3.1 document.

    Raises:
        ConfigError: functions cannot be served as they are declared; every finding at once.
    """
    service = current_service()
    prefix = base_path()
    errors = [finding for finding in service_findings(service) if finding.is_error]
    if errors:
        raise ConfigError(*errors)
    reset_generator_stats()
    spectacular_settings.apply_patches(_SETTINGS)
    try:
        generator: Any = _Generator(urlconf=get_urlconf())  # type: ignore[no-untyped-call]  # drf-spectacular has no types
        with (
            own_document(),
            contextlib.redirect_stderr(io.StringIO()),
        ):  # spectacular prints its warnings, which are raised below
            document: dict[str, Any] = generator.get_schema(request=None, public=True)
        document = _with_drf_components(document, generator.registry)
    finally:
        spectacular_settings.clear_patches()
    _refuse_warnings()
    document["info"] |= {"title": conf.get("MIZAN_TITLE"), "version": conf.get("MIZAN_VERSION")}
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    document[EXTENSION] = {"version": DOCUMENT_VERSION, "basePath": prefix, "errors": _errors(schemas)}
    return document


def _with_drf_components(document: dict[str, Any], registry: ComponentRegistry) -> dict[str, Any]:
    """
    *document* with the components of DRF serializers named and filled in like Mizan's own: ``ThingInput`` for what
    clients send, and the fields of a result present that its serializer never leaves out.
    """
    schemas = document.get("components", {}).get("schemas", {})
    names: dict[str, str] = {}
    for component in registry._components.values():
        if component.type != ResolvedComponent.SCHEMA or not _is_serializer(component.object):
            continue
        if component.name.endswith(_SPECTACULAR_REQUEST):
            names[component.name] = component.name.removesuffix(_SPECTACULAR_REQUEST) + "Input"
        elif "properties" in schemas[component.name]:
            left_out = _left_out(component.object)
            present = [name for name in schemas[component.name]["properties"] if name not in left_out]
            schemas[component.name].pop("required", None)
            if present:
                schemas[component.name]["required"] = present
    taken = sorted(name for name in names.values() if name in schemas)
    if taken:
        message = "A DRF serializer and another type are both called {!r} in the client."
        raise ConfigError(*(Finding(E_DUPLICATE_MODEL, message.format(name), "Rename one of them.") for name in taken))
    renamed: dict[str, Any] = _renamed(document, {REFERENCE + old: REFERENCE + new for old, new in names.items()})
    components = renamed.get("components", {}).get("schemas", {})
    own = {names.get(name, name): schema for name, schema in components.items()}
    renamed.setdefault("components", {})["schemas"] = dict(sorted(own.items()))
    return renamed


def _left_out(item: Any) -> set[str]:
    """
    The fields that DRF leaves out of a result whose instance lacks them: optional ones without a default.

    A model always has its fields, so a ``ModelSerializer`` leaves none out.
    """
    serializer = item() if isinstance(item, type) else item
    serializer = getattr(serializer, "child", serializer)
    if isinstance(serializer, ModelSerializer) or not isinstance(serializer, Serializer):
        return set()
    return {
        name
        for name, field in serializer.fields.items()
        if not (field.required or field.read_only or field.allow_null) and field.default is empty
    }


def _is_serializer(item: Any) -> bool:
    return isinstance(item, BaseSerializer) or (isinstance(item, type) and issubclass(item, BaseSerializer))


def _renamed(node: Any, references: dict[str, str]) -> Any:
    if isinstance(node, list):
        return [_renamed(item, references) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: references.get(value, value) if key == "$ref" and isinstance(value, str) else _renamed(value, references)
        for key, value in node.items()
    }


def _refuse_warnings() -> None:
    """A view that spectacular could not describe would be missing or wrong in the generated client."""
    messages = [*GENERATOR_STATS._error_cache, *GENERATOR_STATS._warn_cache]
    if messages:
        raise ConfigError(*(_finding(str(message)) for message in messages))


def _finding(message: str) -> Finding:
    """A finding for ``clients.py: Warning [EchoView > Task]: unable to …``, which names the serializer."""
    match = re.fullmatch(
        r"(?P<file>.*): (?:Warning|Error) \[(?:.* > )?(?P<name>[^\]>]+)\]: (?P<problem>.*)", message, re.DOTALL
    )
    if match is None:
        return Finding(E_UNSERVABLE_TYPE, message)
    problem = match["problem"].partition(" Consider ")[0].strip()
    hint = (
        "Give what it names a type hint (def get_label(self, task) -> str:) or drf_spectacular's @extend_schema_field."
    )
    return Finding(E_UNSERVABLE_TYPE, f"{match['name']} in {match['file']}: {problem}", hint)


def _errors(schemas: dict[str, Any]) -> list[dict[str, Any]]:
    service = current_service()
    description = describe(service)
    declared = []
    for code, error in sorted(service.graph.errors.items()):
        words: dict[str, Any] = {"code": code, "name": error.__name__, "status": error.status}
        if error.__doc__:
            words["description"] = error.__doc__.strip()
        details = description.details(error)
        if details is not None:
            words["details"] = details
            definitions = description.components.definitions
            # Errors belong to no operation, so spectacular has not seen the components of their details.
            for schema in used_schemas(details, definitions):
                name = component_of(schema)
                if name in definitions:
                    schemas.setdefault(name, definitions[name])
        declared.append(words)
    return declared
