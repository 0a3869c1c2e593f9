"""
One spelling for each value, so that equal values make equal keys.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic_core import to_jsonable_python


def canonical_json(value: Any) -> bytes:
    """
    *value* as JSON with sorted keys and no spaces. Values that compare equal are written alike: ``Decimal("1.0")`` and
    ``Decimal("1.00")``, ``5`` and ``5.0``, one moment in two time zones.

    Raises:
        PydanticSerializationError: it has no JSON form.
    """
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _plain(value: Any) -> Any:
    if value is None or (isinstance(value, bool | str) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f") if value.is_finite() else str(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, AbstractSet):
        return sorted((_plain(item) for item in value), key=json.dumps)
    return to_jsonable_python(value, bytes_mode="base64")
