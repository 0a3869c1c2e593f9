"""
Validation errors as one flat table: path on the wire to messages.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic_core import ErrorDetails, ValidationError, from_json

Fields = dict[str, list[str]]

NON_FIELD = ""
NESTED_PROBLEMS = "mizan_nested_problems"
"""The type of a pydantic error that holds pairs of path and message of its own, as ``ctx["problems"]``."""

_NOT_AN_OBJECT = frozenset({"model_type", "model_attributes_type", "dict_type"})


class MalformedInput(Exception):
    """The body is not JSON, or not a JSON object: there are no fields to speak of."""


class OutputMismatch(Exception):
    """A function returned something that is not of its declared type: a bug on the server."""


class InvalidInput(Exception):
    """
    The input was understood and refused; ``fields`` maps dotted paths (``items.3.price``) to messages.

    The path ``""`` holds what concerns the whole input.
    """

    def __init__(self, fields: Fields) -> None:
        super().__init__("The input is not valid.")
        self.fields = fields


def problem_of(error: ValidationError, data: Any, *, has_labels: bool = True) -> MalformedInput | InvalidInput:
    """
    What *error* says to a client.

    Args:
        data: The input as raw JSON or as Python data: the parts of a location that are not in it are pydantic's labels.
        has_labels: Whether a location may have labels.
    """
    details = error.errors(include_url=False, include_input=False)
    first = details[0]
    if first["type"] == "json_invalid" and not first["loc"]:
        return invalid_text(data) or malformed_json(first["msg"])
    if first["type"] in _NOT_AN_OBJECT and not first["loc"]:
        return MalformedInput("The body must be a JSON object.")
    if has_labels and isinstance(data, bytes | bytearray):
        data = from_json(data)
    fields: Fields = {}
    for detail in details:
        where = _path(detail, data) if has_labels else ".".join(map(str, detail["loc"]))
        for path, message in _messages(detail, where):
            messages = fields.setdefault(path, [])
            if message not in messages:
                messages.append(message)
    return InvalidInput(fields)


def grouped(pairs: Iterable[tuple[str, str]]) -> Fields:
    fields: Fields = {}
    for path, message in pairs:
        fields.setdefault(path, []).append(message)
    return fields


def unkeepable(value: Any, path: str = NON_FIELD) -> Iterator[tuple[str, str]]:
    """What JSON parsers let through and databases refuse: null characters, half surrogate pairs, infinite numbers."""
    if isinstance(value, str):
        if "\x00" in value:
            yield path, "Null characters are not allowed"
        if any("\ud800" <= character <= "\udfff" for character in value):
            yield path, "Unpaired surrogates are not allowed"
    elif isinstance(value, float):
        if not math.isfinite(value):
            yield path, "Input should be a finite number"
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from unkeepable(name, path)
            yield from unkeepable(inner, joined(path, str(name)))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from unkeepable(inner, joined(path, str(index)))


def invalid_text(data: Any) -> InvalidInput | None:
    """The problem of an input that is JSON, but with text or numbers that no database keeps; None where it has none."""
    try:
        fields = grouped(unkeepable(json.loads(data)))
    except (ValueError, TypeError, RecursionError):
        return None
    return InvalidInput(fields) if fields else None


def malformed_json(reason: str) -> MalformedInput:
    """The problem of a body that pydantic-core's parser refused for *reason*."""
    if "recursion limit" in reason:
        return MalformedInput("The body is nested too deep.")
    if "number out of range" in reason:
        return MalformedInput("A number in the body has too many digits.")
    return MalformedInput("The body is not valid JSON.")


def _messages(detail: ErrorDetails, path: str) -> Iterator[tuple[str, str]]:
    if detail["type"] == NESTED_PROBLEMS:
        for inner, message in detail["ctx"]["problems"]:
            yield (joined(path, inner) if inner else path), message
    else:
        yield path, detail["msg"]


def _path(detail: ErrorDetails, data: Any) -> str:
    """The parts of pydantic's location that the client wrote. Pydantic adds union members and functions as labels."""
    path = NON_FIELD
    node: Any = data
    last = len(detail["loc"]) - 1
    part: Any
    for position, part in enumerate(detail["loc"]):
        if (isinstance(node, Mapping) and part in node) or (
            isinstance(node, list | tuple) and isinstance(part, int) and part < len(node)
        ):
            node = node[part]
        elif not (position == last and detail["type"] == "missing"):
            continue
        path = joined(path, str(part))
    return path


def joined(path: str, part: str) -> str:
    """The path of *part* inside of *path*."""
    return f"{path}.{part}" if path else part
