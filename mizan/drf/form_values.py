"""
Values out of HTML forms and multipart bodies: by DRF's own inputs where it has one, else from JSON text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.fields import empty
from rest_framework.utils import html

CSRF_INPUT = "csrfmiddlewaretoken"
# DRF's forms have no inputs for these.
_JSON_FIELDS = (serializers.DictField, serializers.JSONField, serializers.ListField, serializers.ListSerializer)


def form_values(fields: Mapping[str, Any], form: Any) -> dict[str, Any]:
    """
    The values in *form* by field; those of unknown names too, so that they are refused.

    Browsers send every input of a form. So an empty input counts as not sent where its field is optional, and an optional
    model counts as not sent where nobody has touched an input of it.
    """
    values: dict[str, Any] = {}
    for name, field in fields.items():
        if field.read_only:
            continue
        value = _model(field, form, name) if isinstance(field, serializers.Serializer) else _single(field, form, name)
        if value is not empty:
            values[name] = value
    unknown = {key for key in form if key.split(".")[0].split("[")[0] not in fields and key != CSRF_INPUT}
    return {**values, **{name: form[name] for name in sorted(unknown)}}


def _single(field: Any, form: Any, name: str) -> Any:
    is_json = isinstance(field, _JSON_FIELDS) and name in form
    value = _json_or_text(form.getlist(name)) if is_json else field.get_value(form)
    if value == "" and field.allow_null:
        value = None
    return empty if _is_blank(value) and not field.required else value


def _model(field: Any, form: Any, name: str) -> Any:
    if name in form and (whole := _json_or_text(form.getlist(name))) != "":
        return whole  # a program sends the model as JSON; what is no JSON is refused as no model
    values = form_values(field.fields, html.parse_html_dict(form, prefix=name))
    is_optional = field.allow_null or not field.required
    if is_optional and all(_is_untouched(field.fields.get(key), value) for key, value in values.items()):
        return None if field.required else empty
    return values


def _is_untouched(field: Any, value: Any) -> bool:
    if isinstance(value, Mapping) and isinstance(field, serializers.Serializer):
        return all(_is_untouched(field.fields.get(key), inner) for key, inner in value.items())
    if field is None:
        return False
    initial = field.get_initial()
    return _is_blank(value) or value == initial or str(value) == str(initial)


def _json_or_text(texts: list[Any]) -> Any:
    if len(texts) > 1 or not isinstance(texts[0], str):
        return texts
    if not texts[0].strip():
        return ""
    try:
        return json.loads(texts[0])
    except (ValueError, RecursionError):
        return texts[0]


def _is_blank(value: Any) -> bool:
    return value is None or value == ""
