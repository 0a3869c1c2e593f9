"""
Reading a context's parameters out of a query string.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json
from rest_framework.serializers import Serializer

from mizan.drf.annotations import DRF_REFERENCE, serializer_class
from mizan.protocol.references import resolved
from mizan.service.endpoints import ContextEndpoint
from mizan.wire.components import UNDESCRIBABLE, Entry, build_components
from mizan.wire.problems import InvalidInput, grouped, unkeepable

_KINDS: Mapping[Any, tuple[type, ...]] = {
    "array": (list,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "object": (dict,),
}


@dataclass(frozen=True, slots=True)
class QueryForm:
    """
    How the text of a query parameter reads: as JSON or as it is, once or as a list. No text reads as null, since "null" may be
    meant as text.

    *kinds* are the types of JSON that a value may have beside that of a text. A text that is JSON of such a type is taken for it.
    """

    is_json: bool = False
    is_list: bool = False
    kinds: frozenset[type] = frozenset()

    def read(self, texts: list[str]) -> Any:
        """
        The value in *texts*.

        Raises:
            ValueError: there are several where there is no list.
        """
        if not self.is_list:
            if len(texts) > 1:
                if list in self.kinds:
                    return list(texts)
                raise ValueError("Send this parameter once")
            return self._one(texts[0])
        if len(texts) == 1:
            whole = _from_json(texts[0])
            if isinstance(whole, list):
                return whole
        return [self._one(text) for text in texts]

    def _one(self, text: str) -> Any:
        if self.is_json:
            return _from_json(text)
        if self.kinds and type(value := _from_json(text)) in self.kinds:
            return value
        return text


def query_arguments(values: Mapping[str, list[str]], forms: Mapping[str, QueryForm]) -> dict[str, Any]:
    """
    Arguments out of a query string.

    Raises:
        InvalidInput: a parameter is repeated that is not a list, or holds what nothing can keep.
    """
    found: dict[str, Any] = {}
    fields: dict[str, list[str]] = {}
    for name, texts in values.items():
        try:
            found[name] = forms[name].read(texts)
        except ValueError as error:
            fields[name] = [str(error)]
    fields.update(grouped(unkeepable(found)))
    if fields:
        raise InvalidInput(fields)
    return found


def query_forms(context: ContextEndpoint) -> dict[str, QueryForm]:
    """How each parameter of *context* reads in a query string, by its schema."""
    forms: dict[str, QueryForm] = {}
    for name, endpoint in context.readers.items():
        try:
            components = build_components([Entry(name, "validation", endpoint.arguments.core)])
        except UNDESCRIBABLE:  # `manage.py check` says so; the other functions are served
            forms.update({parameter: QueryForm(is_json=False) for parameter in endpoint.parameter_names})
            continue
        arguments = resolved(components.schemas[name, "validation"], components.definitions)
        for parameter, schema in arguments.get("properties", {}).items():
            forms[parameter] = _query_form(schema, components.definitions)
    return forms


def _query_form(schema: Any, definitions: dict[str, Any]) -> QueryForm:
    alternatives = _alternatives(schema, definitions)
    concrete = [one for one in alternatives if one.get("type") != "null"]
    arrays = [one for one in concrete if one.get("type") == "array"]
    if arrays and len(arrays) == len(concrete):
        items = [item for one in arrays for item in _alternatives(one.get("items", {}), definitions)]
        return QueryForm(not _may_be_text(items), is_list=True)
    if not _may_be_text(concrete):
        return QueryForm(is_json=True)
    kinds = frozenset(kind for one in concrete for kind in _KINDS.get(one.get("type"), ()))
    return QueryForm(kinds=kinds)


def _may_be_text(schemas: list[Any]) -> bool:
    return any(schema.get("type", "string") == "string" for schema in schemas)


def _alternatives(schema: Any, definitions: dict[str, Any]) -> list[Any]:
    schema = resolved(schema, definitions)
    if DRF_REFERENCE in schema and issubclass(serializer_class(schema[DRF_REFERENCE]), Serializer):
        return [{"type": "object"}]
    choices = schema.get("anyOf") or schema.get("oneOf")
    return [one for choice in choices for one in _alternatives(choice, definitions)] if choices else [schema]


def _from_json(text: str) -> Any:
    try:
        return from_json(text)
    except ValueError:
        return text
