"""
What a client sent, as values of declared types.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic_core import ValidationError

from mizan.wire.problems import InvalidInput, grouped, problem_of, unkeepable

if TYPE_CHECKING:
    from mizan.wire.types import WireType


_LARGE = 16_384


class RawJson(bytes):
    """A body that nobody has parsed yet."""


def validated(wire: WireType, sent: Any) -> Any:
    """
    *sent* (`RawJson` or Python data) as a value of *wire*.

    Raises:
        MalformedInput: the body is not a JSON object.
        InvalidInput: some of it is refused.
    """
    try:
        if isinstance(sent, RawJson):
            value = (wire.input if len(sent) <= _LARGE else wire.hasty_input).validate_json(sent)
            if _may_be_unkeepable(sent):
                _refuse_unkeepable(json.loads(sent))
            return value
        value = wire.input.validate_python(sent)
        _refuse_unkeepable(sent)
    except ValidationError as error:
        raise problem_of(error, sent, has_labels=not wire.names_wire_paths) from None
    return value


def _may_be_unkeepable(raw: bytes) -> bool:
    # Cheap tests of the text; only what they find is parsed again.
    return b"\\u0000" in raw or b"NaN" in raw or b"Infinity" in raw


def _refuse_unkeepable(data: Any) -> None:
    fields = grouped(unkeepable(data))
    if fields:
        raise InvalidInput(fields)
