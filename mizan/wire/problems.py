"""
Validation errors as one flat table: path on the wire to messages. Bounded, so that a bad body never makes a large answer.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic_core import ErrorDetails, ValidationError, from_json

Fields = dict[str, list[str]]

NON_FIELD = ""
NESTED_PROBLEMS = "mizan_nested_problems"
"""
The type of a pydantic error that holds pairs of path and message of its own as ``ctx["problems"]``, and counts further ones
as ``ctx["more"]``.
"""

MOST_PROBLEMS = 100
_LONGEST_PATH = 200
_LONGEST_MESSAGE = 500
_LONGEST_ALTOGETHER = 30_000
_MOST_DETAILED = 20_000
"""With more errors than this, pydantic would take longer to list them than it took to find them."""

_SURROGATE = re.compile("[\ud800-\udfff]")
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
    if error.error_count() > _MOST_DETAILED:
        return InvalidInput({NON_FIELD: [f"There are {error.error_count()} problems"]})
    details = error.errors(include_url=False, include_input=False)
    first = details[0]
    if first["type"] == "json_invalid" and not first["loc"]:
        return invalid_text(data) or malformed_json(first["msg"])
    if first["type"] in _NOT_AN_OBJECT and not first["loc"]:
        return MalformedInput("The body must be a JSON object.")
    if has_labels and isinstance(data, bytes | bytearray):
        data = from_json(data)
    problems = Problems()
    for detail in details:
        if detail["type"] == NESTED_PROBLEMS:
            problems.skip(detail["ctx"]["more"])
        elif problems.is_full:
            problems.skip(1)
            continue
        where = _path(detail, data) if has_labels else _labelless_path(detail)
        for path, message in _messages(detail, where):
            problems.add(path, message)
    return InvalidInput(problems.fields())


class Problems:
    """
    Messages by path, as many as a person reads; the others are counted. Paths and messages have a longest length.
    """

    def __init__(self) -> None:
        self._fields: Fields = {}
        self._reported = 0
        self._skipped = 0
        self._room = _LONGEST_ALTOGETHER

    @property
    def is_full(self) -> bool:
        """Whether everything that comes now is only counted; nobody needs to know its path."""
        return self._reported >= MOST_PROBLEMS or self._room <= 0

    def add(self, path: str, message: str) -> None:
        if self.is_full:
            self._skipped += 1
            return
        path, message = _cut(path, _LONGEST_PATH), _cut(message, _LONGEST_MESSAGE)
        messages = self._fields.setdefault(path, [])
        if message not in messages:
            messages.append(message)
            self._reported += 1
            self._room -= len(path) + len(message)

    def skip(self, count: int) -> None:
        """Count problems without a look at them."""
        self._skipped += count

    def fields(self) -> Fields:
        """The table, with a line for the whole input on how many there are beside."""
        if self._skipped:
            more = "1 more problem" if self._skipped == 1 else f"{self._skipped} more problems"
            return {**self._fields, NON_FIELD: [*self._fields.get(NON_FIELD, []), f"There are {more}"]}
        return self._fields


def grouped(pairs: Iterable[tuple[str, str]]) -> Fields:
    """Pairs of path and message as a table, bounded."""
    problems = Problems()
    for path, message in pairs:
        problems.add(path, message)
    return problems.fields()


def bounded(fields: Mapping[str, Iterable[Any]]) -> Fields:
    """A table of messages that somebody else made, no larger than ours are."""
    return grouped((path, str(message)) for path, messages in fields.items() for message in messages)


def unkeepable(value: Any, path: str = NON_FIELD) -> Iterator[tuple[str, str]]:
    """What JSON parsers let through and databases refuse: null characters, half surrogate pairs, infinite numbers."""
    if isinstance(value, str):
        if "\x00" in value:
            yield path, "Null characters are not allowed"
        if _SURROGATE.search(value):
            yield path, "Unpaired surrogates are not allowed"
    elif isinstance(value, float):
        if not math.isfinite(value):
            yield path, "Input should be a finite number"
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from unkeepable(name, path)
            if isinstance(inner, _MAY_BE_UNKEEPABLE):
                yield from unkeepable(inner, joined(path, str(name)))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            if isinstance(inner, _MAY_BE_UNKEEPABLE):
                yield from unkeepable(inner, joined(path, str(index)))


_MAY_BE_UNKEEPABLE = (str, float, Mapping, list, tuple)


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


def require_finite(written: bytes) -> None:
    """
    Refuse a finished text with an infinite number. Pydantic does not look into objects of a model's own class, and a text is
    looked at for nothing.

    Raises:
        OutputMismatch: there is one.
    """
    if b"NaN" in written or b"Infinity" in written:
        json.loads(written, parse_constant=_refuse_constant)


def _refuse_constant(name: str) -> Any:
    raise OutputMismatch(f"Input should be a finite number, not {name}")


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


def _labelless_path(detail: ErrorDetails) -> str:
    path = NON_FIELD
    for part in detail["loc"]:
        path = joined(path, str(part))
    return path


def joined(path: str, part: str) -> str:
    """The path of *part* inside of *path*; cut where it is longer than anybody reads."""
    if len(path) >= _LONGEST_PATH:
        return path
    return _cut(f"{path}.{part}" if path else part, _LONGEST_PATH)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
