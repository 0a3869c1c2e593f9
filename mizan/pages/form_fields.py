"""
The fields of a DRF serializer as HTML, in templates of Mizan's own: they need no app installed, and escape everything
(DRF's own templates pass help texts through as HTML).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.template import Context
from django.utils.safestring import SafeString, mark_safe
from rest_framework import serializers
from rest_framework.renderers import HTMLFormRenderer

from mizan.pages.templates import engine

_KNOWN = frozenset({"checkbox", "fieldset", "input", "select", "select_multiple", "textarea"})
_STANDS_FOR = {"checkbox_multiple": "select_multiple", "radio": "select"}
# DRF has no input for these; their values are JSON text.
_AS_JSON = frozenset({"dict_field", "list_field", "list_fieldset"})


class PackagedFormRenderer(HTMLFormRenderer):
    """
    DRF's form renderer over Mizan's packaged templates.
    """

    template_pack = "mizan/fields/"

    def render_field(self, field: Any, parent_style: Mapping[str, Any]) -> SafeString:
        inner = field._field
        if isinstance(inner, serializers.HiddenField) or inner.read_only:
            return SafeString()
        style = {**self.default_style[field], **inner.style}
        kind = style.get("base_template", "input.html").removesuffix(".html")
        as_json = kind in _AS_JSON or isinstance(inner, serializers.JSONField)
        kind = "textarea" if as_json else _STANDS_FOR.get(kind, kind)
        context = {
            "field": field,
            "id": f"field-{field.name}",
            "style": style,
            "value": _json_text(field.value) if as_json else _shown(field.as_form_field().value, style),
            "errors": _messages(field.errors),
            "is_json": as_json,
            "required": inner.required,
            "attributes": _attributes(inner, style),
            "options": list(_options(inner, field.value)) if kind in ("select", "select_multiple") else [],
            "inner": [self.render_field(one, style) for one in field] if kind == "fieldset" else [],
        }
        template = engine().get_template(f"{self.template_pack}{kind if kind in _KNOWN else 'input'}.html")
        return template.render(Context(context))

    def render_fields(self, serializer: Any) -> SafeString:
        """Every field of *serializer*, without the form around them."""
        rendered = [self.render_field(field, {}) for field in serializer]
        return mark_safe("".join(rendered))  # noqa: S308 - each part is a rendered template


def blank(serializer_class: Any) -> Any:
    """A serializer that shows the initial values of its fields."""
    return serializer_class()


def filled(serializer_class: Any, sent: Any, errors: Mapping[str, list[str]]) -> Any:
    """
    A serializer that shows the values that were *sent*, and *errors* by dotted path at their fields.

    Nothing is validated again: after a success the same input might be refused, as with a name that is taken now.
    """
    serializer = serializer_class(data=sent)
    serializer._validated_data = {}
    serializer._errors = _nested(errors, serializer.fields)
    serializer._data = serializer.get_initial()
    return serializer


def takes_files(serializer: Any) -> bool:
    """Whether a file can be sent in one of the fields."""
    return any(
        isinstance(field, serializers.FileField) or (hasattr(field, "fields") and takes_files(field))
        for field in serializer.fields.values()
    )


def _nested(errors: Mapping[str, list[str]], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Messages by dotted path as messages by field; where a field shows no parts, they begin with the rest of the path."""
    nested: dict[str, Any] = {}
    inside: dict[str, dict[str, list[str]]] = {}
    for path, messages in errors.items():
        name, _, rest = path.partition(".")
        if rest and hasattr(fields.get(name), "fields"):
            inside.setdefault(name, {})[rest] = messages
        else:
            shown = [f"{rest}: {message}" for message in messages] if rest else messages
            nested.setdefault(name, []).extend(shown)
    for name, paths in inside.items():
        nested[name] = _nested(paths, fields[name].fields)
    return nested


def other_messages(errors: Mapping[str, list[str]], serializer: Any) -> list[str]:
    """Messages that no field of *serializer* can show: those for the whole input, and for names that are none of its fields."""
    fields = {} if serializer is None else serializer.fields
    return [
        f"{path}: {message}" if path else message
        for path, messages in errors.items()
        if path.partition(".")[0] not in fields
        for message in messages
    ]


def _messages(errors: Any) -> list[str]:
    if isinstance(errors, Mapping):
        return [f"{name}: {message}" for name, inner in errors.items() for message in _messages(inner)]
    return [str(message) for message in errors or ()]


def _json_text(value: Any) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False, default=str)


def _shown(value: Any, style: Mapping[str, Any]) -> Any:
    if style.get("input_type") == "datetime-local" and isinstance(value, str):
        return value.removesuffix("Z")[:19]  # browsers take no other form
    return value


def _attributes(field: Any, style: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes of the input that DRF's own templates leave out."""
    attributes: dict[str, Any] = {}
    if isinstance(field, serializers.FloatField | serializers.DecimalField):
        attributes["step"] = "any"
    if style.get("input_type") == "datetime-local":
        attributes["step"] = 1
    for attribute, option in (("min", "min_value"), ("max", "max_value"), ("maxlength", "max_length")):
        bound = getattr(field, option, None)
        if bound is not None:
            attributes[attribute] = bound
    return attributes


def _options(field: Any, value: Any) -> Any:
    """The choices of a select, flat, with the ones chosen."""
    chosen = {str(item) for item in value} if isinstance(value, list | tuple | set) else {str(value)}
    for option in field.iter_options():
        if not option.start_option_group and not option.end_option_group:
            yield {
                "value": option.value,
                "text": option.display_text,
                "is_chosen": str(option.value) in chosen,
            }
