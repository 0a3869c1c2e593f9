"""
What every operation of Mizan shares for drf-spectacular. Schemas come from the types themselves, never from DRF's fields; the
components of DRF's own serializers are drf-spectacular's.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any, Literal

from drf_spectacular.drainage import get_override, has_override
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, get_doc, get_type_hints, is_field, is_serializer
from pydantic_core import to_jsonable_python
from rest_framework import serializers

from mizan.drf.annotations import DRF_REFERENCE, serializer_class, serializer_classes
from mizan.openapi import security  # noqa: F401 - registers itself with drf-spectacular
from mizan.openapi.descriptions import Description, describe
from mizan.openapi.envelopes import ENVELOPES, FAILURE, FAILURES, JSON
from mizan.protocol.casing import words
from mizan.protocol.names import EXTENSION
from mizan.protocol.references import component_of
from mizan.protocol.specs import FunctionSpec
from mizan.service.current import current_service
from mizan.wire.components import Entry, build_components
from mizan.wire.json_schema import one_type_each
from mizan.wire.policy import MAX_INTEGER
from mizan.wire.types import WireType


class OperationSchema(AutoSchema):
    """
    The frame that every operation of Mizan shares; subclasses say what is in it.
    """

    view: Any

    def get_operation(self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any) -> Any:
        self.registry, self.path, self.path_regex = registry, path, path_regex
        self.path_prefix, self.method = path_prefix, method.upper()
        if self.is_excluded():
            return None
        operation = self.operation()
        operation["parameters"] = [*operation.get("parameters", ()), *self._captured(operation)]
        operation = {key: value for key, value in operation.items() if value not in (None, "", [])}
        operation["security"] = [*self.get_auth(), *([{}] if self.lets_anybody_in() else [])]
        return operation

    def _captured(self, operation: dict[str, Any]) -> list[dict[str, Any]]:
        """What the project's prefix captures, such as a tenant: a part of every address, and no argument."""
        known = {parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] == "path"}
        return [
            {
                "name": name,
                "in": "path",
                "required": True,
                "description": "A part of the address below which the project mounts Mizan.",
                "schema": {"type": "string"},
                EXTENSION: {"kind": "prefix"},
            }
            for name in self.path_names()
            if name not in known
        ]

    def path_names(self) -> list[str]:
        """What stands in the address as ``{name}``."""
        return re.findall(r"{(\w+)}", self.path)

    def lets_anybody_in(self) -> bool:
        """Whether callers need no credentials; drf-spectacular cannot see that in the permissions."""
        return not self.view.permission_classes

    def operation(self) -> dict[str, Any]:
        raise NotImplementedError

    def component(self, name: str, schema: dict[str, Any], kind: str = ResolvedComponent.SCHEMA) -> dict[str, Any]:
        """Add a component and everything it refers to; the reference to it."""
        component = ResolvedComponent(name=name, type=kind, object=f"mizan.{name}", schema={})
        if component not in self.registry:
            self.registry.register(component)
            component.schema = self.complete(schema)
        return component.ref

    def own_component(self, name: str, schema: dict[str, Any]) -> dict[str, Any]:
        """*schema* as a component called *name*; itself where something else is called that."""
        is_known = ResolvedComponent(name=name, type=ResolvedComponent.SCHEMA, object=name) in self.registry
        taken = {cls.__name__.removesuffix("Serializer") for cls in serializer_classes()}
        if is_known or name in self.description.components.definitions or name in taken | ENVELOPES.keys():
            inline: dict[str, Any] = self.complete(schema)
            return inline
        return self.component(name, schema)

    def complete(self, schema: Any) -> Any:
        """*schema* with every component that it refers to in the registry."""
        if isinstance(schema, list):
            return [self.complete(item) for item in schema]
        if not isinstance(schema, dict):
            return schema
        if DRF_REFERENCE in schema:
            serializer: Any = serializer_class(schema[DRF_REFERENCE])
            return self._drf_component(serializer)
        name = component_of(schema)
        if name is not None:
            definitions = self.description.components.definitions
            self.component(name, definitions[name] if name in definitions else ENVELOPES[name])
        return {key: self.complete(value) for key, value in schema.items()}

    def _drf_component(self, serializer: Any) -> dict[str, Any]:
        component = self.resolve_serializer(serializer, self._direction)
        # Spectacular makes no component of a serializer without fields in this direction.
        return component.ref if component.name else {"type": "object", "additionalProperties": False}

    def _map_serializer_field(self, field: Any, direction: str, bypass_extensions: bool = False) -> dict[str, Any]:
        """DRF's fields as they are on this wire: decimals as text, integers as far as JavaScript holds them."""
        if isinstance(field, serializers.ChoiceField) and not has_override(field, "field"):
            return self._choices(field, direction)
        schema: dict[str, Any] = super()._map_serializer_field(field, direction, bypass_extensions)  # type: ignore[no-untyped-call]
        if isinstance(field, serializers.DecimalField) and not isinstance(schema.get("enum"), list):
            return _decimal(field, schema)
        for bound, limit in (("maximum", MAX_INTEGER), ("minimum", -MAX_INTEGER)):
            if isinstance(field, serializers.IntegerField) and abs(schema.get(bound, 0)) > MAX_INTEGER:
                schema[bound] = limit
        return schema

    def _choices(self, field: serializers.ChoiceField, direction: str) -> dict[str, Any]:
        """The values of a choice field, whatever their types; its own null and blank among them."""
        meta = self._get_serializer_field_meta(field, direction)  # type: ignore[no-untyped-call]
        meta.pop("nullable", None)
        blank = [""] if field.allow_blank else []
        # None is the label of nothing chosen: DRF refuses null all the same, unless the field takes it.
        given = [to_jsonable_python(value) for value in field.choices if value is not None]
        values = list({(type(one), str(one)): one for one in [*given, *blank]}.values())
        # A field without choices gets them later, from whoever makes the instance.
        schema = one_type_each(values) if values else {"type": "string"}
        if isinstance(field, serializers.MultipleChoiceField):
            schema = {"type": "array", "items": schema}
        return {**(_or_null(schema) if field.allow_null else schema), **meta}

    def _map_response_type_hint(self, method: Any) -> dict[str, Any]:
        """What a method or property of a serializer returns, as it is written: see `mizan.wire`."""
        hint = get_override(method, "field") or get_type_hints(method).get("return")
        if hint is None or isinstance(hint, dict) or is_serializer(hint) or is_field(hint):
            return super()._map_response_type_hint(method)  # type: ignore[no-any-return, no-untyped-call]
        try:
            wire = WireType(hint)
            components = build_components([Entry("hint", "serialization", wire.core)])
            schema: dict[str, Any] = _inlined(components.schemas["hint", "serialization"], components.definitions, ())
        except Exception:  # pydantic does not know it, or it is recursive: drf-spectacular says what it makes of it
            return super()._map_response_type_hint(method)  # type: ignore[no-any-return, no-untyped-call]
        doc = get_doc(method.func if isinstance(method, functools.partial) else method)
        return {**schema, **({"description": doc} if doc else {})}

    _direction: Literal["request", "response"] = "response"

    def as_input(self, schema: dict[str, Any]) -> Any:
        """`complete` for a schema of what clients send; DRF's own components differ by direction."""
        self._direction = "request"
        try:
            return self.complete(schema)
        finally:
            self._direction = "response"

    @property
    def description(self) -> Description:
        return describe(current_service())

    def failures(self, statuses: tuple[str, ...]) -> dict[str, Any]:
        content = {JSON: {"schema": self.component(FAILURE, ENVELOPES[FAILURE])}}
        return {
            status: self.component(
                f"Mizan{FAILURES[status][0]}",
                {"description": FAILURES[status][1], "content": content},
                ResolvedComponent.RESPONSE,
            )
            for status in statuses
        }


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [*schema.get("anyOf", [schema]), {"type": "null"}]}


def _inlined(node: Any, definitions: Mapping[str, Any], inside: tuple[str, ...]) -> Any:
    """
    *node* with each definition in place of its reference, and bytes as the text that DRF's results are written with.

    Raises:
        RecursionError: a definition refers to itself.
    """
    if isinstance(node, list):
        return [_inlined(item, definitions, inside) for item in node]
    if not isinstance(node, dict):
        return node
    if (name := component_of(node)) is not None:
        if name in inside:
            raise RecursionError(name)
        return _inlined(definitions[name], definitions, (*inside, name))
    if node.get("contentEncoding") == "base64":
        return {"type": "string"}
    return {key: _inlined(value, definitions, inside) for key, value in node.items()}


def _decimal(field: serializers.DecimalField, schema: dict[str, Any]) -> dict[str, Any]:
    replaced = ("pattern", "maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum", "multipleOf")
    rest = {key: value for key, value in schema.items() if key not in replaced}
    kind = schema.get("type")
    is_nullable = isinstance(kind, list) and "null" in kind
    limits = {
        "x-max-digits": field.max_digits,
        "x-decimal-places": field.decimal_places,
        "x-maximum": None if field.max_value is None else str(field.max_value),
        "x-minimum": None if field.min_value is None else str(field.min_value),
    }
    return {
        **rest,
        "type": ["string", "null"] if is_nullable else "string",
        "format": "decimal",
        **{key: value for key, value in limits.items() if value is not None},
    }


def texts(spec: FunctionSpec) -> dict[str, str]:
    """The summary, in the words of its name where a function has no docstring, and what else there is to say."""
    if not spec.doc:
        return {"summary": " ".join(words(spec.name)).capitalize()}
    summary = spec.doc.splitlines()[0]
    return {"summary": summary} if spec.doc == summary else {"summary": summary, "description": spec.doc}


def described(schema: dict[str, Any]) -> dict[str, str]:
    """What stands in a parameter beside its *schema*."""
    return {"description": schema["description"]} if "description" in schema else {}
