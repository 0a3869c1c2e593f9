"""
Values that are fixed: members of enums, literals, keys of mappings that are one of these. How they are written as JSON, and
how what a client sends finds them again.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any

from pydantic_core import core_schema, to_jsonable_python

_JSON = (str, int, float, bool, type(None))


def wire_form(value: Any) -> Any:
    """*value* of a member or literal as JSON data; bytes in base64, as everywhere."""
    value = value.value if isinstance(value, Enum) else value
    return base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else to_jsonable_python(value)


def key_form(value: Any) -> str:
    """*value* as the key of an object."""
    form = wire_form(value)
    return form if isinstance(form, str) else json.dumps(form, separators=(",", ":"))


def enum_for_input(node: dict[str, Any]) -> dict[str, Any]:
    """Members whose values are no JSON (dates, decimals, tuples) are found by what is written for them."""
    members = [member for member in node["members"] if not isinstance(member.value, _JSON)]
    return _found(node, members, wire_form) if members else node


def enum_for_output(node: dict[str, Any]) -> dict[str, Any]:
    """Members whose values are no JSON are written as `wire_form` says."""
    if all(isinstance(member.value, _JSON) for member in node["members"]):
        return node
    return {
        **node,
        "serialization": core_schema.plain_serializer_function_ser_schema(wire_form, when_used="json"),
    }


def dict_for_input(node: dict[str, Any]) -> dict[str, Any]:
    """Keys are text in JSON, and find the number or the truth value that a literal or member means."""
    keys = node.get("keys_schema") or {}
    values = keys.get({"literal": "expected", "enum": "members"}.get(keys.get("type", ""), ""), ())
    if all(isinstance(wire_form(value), str) for value in values):
        return node
    return {**node, "keys_schema": _found(keys, values, key_form)}


def _found(node: dict[str, Any], values: Iterable[Any], form: Callable[[Any], Any]) -> dict[str, Any]:
    by_form: Mapping[str, Any] = {_text(form(value)): value for value in values}

    def find(sent: Any) -> Any:
        return by_form.get(_text(sent), sent) if isinstance(sent, str | int | float | list | dict) else sent

    inner = {key: value for key, value in node.items() if key != "ref"}
    around: dict[str, Any] = core_schema.no_info_before_validator_function(find, inner)  # type: ignore[assignment]  # TypedDicts
    return {**around, **({"ref": node["ref"]} if "ref" in node else {})}


def _text(form: Any) -> str:
    return json.dumps(form, sort_keys=True, default=repr)
