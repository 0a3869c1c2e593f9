"""
Rules for every value on the wire, whatever model it sits in, written into pydantic's core schemas.

Models keep their own configuration; these rules are what the generated client relies on: finite floats, integers that
JavaScript can hold, base64 for bytes, aware datetimes, durations in days.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from mizan.types import BIG_INTEGER_MARK
from mizan.wire.fixed_values import dict_for_input, enum_for_input, enum_for_output
from mizan.wire.hooks import hooks

MAX_INTEGER = 2**53 - 1
MAX_EXPONENT = 6144
"""That of a decimal of 128 bits. Written in digits, larger ones fill the memory of whoever reads them."""
INPUT_ONLY_MARK = "mizan_input_only"
"""In a core schema's metadata: its validator is for what clients send. What functions return is not validated by it."""

_OPAQUE_KEYS = frozenset(
    {"cls", "ref", "metadata", "config", "default", "expected", "members", "function", "schema_ref"}
)

_COLLECTIONS = ("dict", "frozenset", "list", "set", "tuple")

Rule = Callable[[dict[str, Any]], dict[str, Any]]


def for_input(schema: CoreSchema, *, is_hasty: bool = False) -> CoreSchema:
    """
    *schema* as it validates what clients send.

    Args:
        is_hasty: Leave a list or a dict at its first problem.
    """
    rules: dict[str, Rule] = {
        **_COMMON,
        "any": _any_json,
        "datetime": _moment,
        "decimal": _sane_decimal,
        "dict": dict_for_input,
        "enum": enum_for_input,
        "time": _naive_time,
    }
    for kind in _COLLECTIONS if is_hasty else ():
        rules[kind] = _both(_failing_fast, rules[kind]) if kind in rules else _failing_fast
    rewritten: CoreSchema = _rewrite(schema, rules)
    return rewritten


def for_output(schema: CoreSchema) -> CoreSchema:
    """*schema* as it checks what functions return. Lazy texts are texts."""
    rewritten: CoreSchema = _rewrite(schema, {**_returned_rules(), "str": _text_from_lazy})
    return rewritten


def for_writing(schema: CoreSchema, *, has_lazy_texts: bool = False) -> CoreSchema:
    """
    *schema* as it writes what was checked.

    Args:
        has_lazy_texts: There may be some inside of objects, which are not looked into before. That is slower.
    """
    text = core_schema.plain_serializer_function_ser_schema(hooks.text, return_schema=core_schema.str_schema())
    lazy: dict[str, Rule] = {"str": lambda node: {"serialization": text, **node}} if has_lazy_texts else {}
    named = dict.fromkeys(("dataclass", "model", "typed-dict"), _telling_infinity)
    rules = {**_returned_rules(), **lazy}
    for kind, rule in named.items():
        rules[kind] = _both(rules[kind], rule) if kind in rules else rule
    rewritten: CoreSchema = _rewrite(schema, rules)
    return rewritten


def _returned_rules() -> dict[str, Rule]:
    return {
        **_COMMON,
        "enum": enum_for_output,
        "function-plain": _as_returned,
        "list": _list_from_lazy,
        "timedelta": _duration_in_days,
    }


def _both(first: Rule, second: Rule) -> Rule:
    return lambda node: second(first(node))


def _rewrite(node: Any, rules: dict[str, Rule]) -> Any:
    if isinstance(node, list):
        return [_rewrite(item, rules) for item in node]
    if isinstance(node, tuple):
        return tuple(_rewrite(item, rules) for item in node)
    if not isinstance(node, dict):
        return node
    kind = node.get("type")
    if not isinstance(kind, str):  # a mapping of names to schemas, not a schema
        return {key: _rewrite(value, rules) for key, value in node.items()}
    if kind.startswith("function-") and "serialization" in node and _inner_kind(node) == "bytes":
        return node  # its author chose the text form of these bytes
    new = {key: value if key in _OPAQUE_KEYS else _rewrite(value, rules) for key, value in node.items()}
    rule = rules.get(kind)
    return new if rule is None else rule(new)


def _inner_kind(node: dict[str, Any]) -> Any:
    inner = node.get("schema")
    return inner.get("type") if isinstance(inner, dict) else None


def _finite(node: dict[str, Any]) -> dict[str, Any]:
    return {**node, "allow_inf_nan": False}


def _safe_integer(node: dict[str, Any]) -> dict[str, Any]:
    if node.get("metadata", {}).get(BIG_INTEGER_MARK):
        return node
    bounded = dict(node)
    if "lt" not in node:
        bounded["le"] = min(node.get("le", MAX_INTEGER), MAX_INTEGER)
    if "gt" not in node:
        bounded["ge"] = max(node.get("ge", -MAX_INTEGER), -MAX_INTEGER)
    return bounded


def _failing_fast(node: dict[str, Any]) -> dict[str, Any]:
    return {**node, "fail_fast": True}


def _any_json(node: dict[str, Any]) -> dict[str, Any]:
    return core_schema.no_info_after_validator_function(_require_exact_json, node)  # type: ignore[return-value]  # TypedDicts


def _require_exact_json(value: Any) -> Any:
    """Refuse in an untyped value what a type would have refused."""
    match value:
        case float() if not math.isfinite(value):
            raise PydanticCustomError("finite_number", "Input should be a finite number")
        case bool() | None | str() | float():
            pass
        case int() if abs(value) > MAX_INTEGER:
            raise PydanticCustomError("exact_integer", "Input should be an integer within ±9007199254740991")
        case dict():
            for item in value.values():
                _require_exact_json(item)
        case list():
            for item in value:
                _require_exact_json(item)
        case _ if hooks.is_file(value):
            raise PydanticCustomError("no_file", "Input should be JSON, not a file")
    return value


def _base64_bytes(node: dict[str, Any]) -> dict[str, Any]:
    rules = {key: value for key, value in node.items() if key not in ("serialization", "ref")}
    schema: dict[str, Any] = core_schema.chain_schema(  # type: ignore[assignment]  # a TypedDict is a dict
        [core_schema.no_info_plain_validator_function(_decode), {**rules, "strict": True}],
        serialization=core_schema.plain_serializer_function_ser_schema(
            _encode, return_schema=core_schema.str_schema(), when_used="json"
        ),
    )
    return schema


def _decode(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        text = value.translate(_URL_SAFE)
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise PydanticCustomError("base64", "Input should be base64 text") from None


def _encode(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


_URL_SAFE = str.maketrans("-_", "+/")


def _own_extra(node: dict[str, Any]) -> dict[str, Any]:
    # The arguments model forbids unknown keys. Its rule would hold in every type inside that has none of its own.
    return (
        node if "extra_behavior" in node or "extra" in node.get("config", {}) else {**node, "extra_behavior": "ignore"}
    )


def _moment(node: dict[str, Any]) -> dict[str, Any]:
    rule = _in_range if "tz_constraint" in node else _as_kept
    return core_schema.no_info_after_validator_function(rule, node)  # type: ignore[return-value]  # TypedDicts


def _as_kept(value: datetime) -> datetime:
    try:
        return _in_range(hooks.aware(value))
    except OverflowError:
        raise _out_of_range() from None


def _in_range(value: datetime) -> datetime:
    """*value*, which databases and keys have in UTC: in another time zone the year 1 begins and the year 9999 ends elsewhere."""
    if value.tzinfo is not None and value.year in (1, 9999):
        try:
            value.astimezone(UTC)
        except OverflowError:
            raise _out_of_range() from None
    return value


def _out_of_range() -> PydanticCustomError:
    return PydanticCustomError("datetime_range", "Input should be a moment in the years 1 to 9999")


def _naive_time(node: dict[str, Any]) -> dict[str, Any]:
    if "tz_constraint" in node:
        return node
    return core_schema.no_info_after_validator_function(_without_offset, node)  # type: ignore[return-value]  # TypedDicts


def _without_offset(value: time) -> time:
    if value.tzinfo is not None:
        raise PydanticCustomError("time_offset", "Input should be a time of day without an offset from UTC")
    return value


def _sane_decimal(node: dict[str, Any]) -> dict[str, Any]:
    return core_schema.no_info_after_validator_function(_writable_decimal, node)  # type: ignore[return-value]  # TypedDicts


def _writable_decimal(value: Decimal) -> Decimal:
    if value.is_finite() and abs(value.adjusted()) > MAX_EXPONENT:
        raise PydanticCustomError("decimal_exponent", "Input should have an exponent within ±6144")
    return value


def _duration_in_days(node: dict[str, Any]) -> dict[str, Any]:
    written = core_schema.plain_serializer_function_ser_schema(
        duration, return_schema=core_schema.str_schema(), when_used="json"
    )
    return {"serialization": written, **node}


def duration(value: timedelta) -> str:
    """
    *value* in ISO 8601, with no larger unit than the day.

    Pydantic writes years of 365 days, which other programs take for years of the calendar.
    """
    sign, value = ("-", -value) if value < timedelta(0) else ("", value)
    minutes, seconds = divmod(value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{value.microseconds:06}".rstrip("0") if value.microseconds else ""
    days = f"{value.days}D" if value.days else ""
    last = f"{seconds}{fraction}S" if seconds or fraction or not (days or hours or minutes) else ""
    middle = f"{minutes}M" if minutes or (hours and last) else ""  # between hours and seconds, ISO 8601 wants minutes
    time = (f"{hours}H" if hours else "") + middle + last
    return f"{sign}P{days}{'T' + time if time else ''}"


def _text_from_lazy(node: dict[str, Any]) -> dict[str, Any]:
    """Texts pass as they always did; only what is none is looked at, whether it is a lazy one."""
    lazy = core_schema.no_info_before_validator_function(hooks.text, node)
    return core_schema.union_schema([node, lazy], mode="left_to_right")  # type: ignore[return-value]  # as above


def _telling_infinity(node: dict[str, Any]) -> dict[str, Any]:
    # As null, which pydantic makes of them, nobody would know of them.
    return {**node, "config": {**node.get("config", {}), "ser_json_inf_nan": "constants"}}


def _list_from_lazy(node: dict[str, Any]) -> dict[str, Any]:
    return core_schema.no_info_before_validator_function(hooks.evaluated, node)  # type: ignore[return-value]  # TypedDicts


def _as_returned(node: dict[str, Any]) -> dict[str, Any]:
    """Only the serializer of a type whose validator is for what clients send."""
    if not node.get("metadata", {}).get(INPUT_ONLY_MARK):
        return node
    return core_schema.any_schema(serialization=node["serialization"])  # type: ignore[return-value]  # TypedDicts


_COMMON: dict[str, Rule] = {
    "bytes": _base64_bytes,
    "dataclass-args": _own_extra,
    "float": _finite,
    "int": _safe_integer,
    "typed-dict": _own_extra,
}
