"""
The success and failure bodies of every transport, and the invalidation header. Shapes only: see docs/protocol.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict
from urllib.parse import quote


class Invalidation(TypedDict):
    """A stale context, narrowed by *params* (JSON values) and to one *function*'s slot."""

    context: str
    function: NotRequired[str]
    params: NotRequired[dict[str, Any]]


class Merge(TypedDict):
    """A value that replaces one function's slot in a context."""

    context: str
    function: str
    params: NotRequired[dict[str, Any]]
    value: Any


def invalidation(context: str, function: str | None, params: Mapping[str, Any]) -> str | Invalidation:
    """One entry of ``invalidate``: the bare name where nothing narrows it."""
    if function is None and not params:
        return context
    entry = Invalidation(context=context)
    if function is not None:
        entry["function"] = function
    if params:
        entry["params"] = dict(params)
    return entry


def failure(code: str, message: str, details: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The one failure body."""
    body: dict[str, Any] = {"error": True, "code": code, "message": message}
    if details:
        body["details"] = dict(details)
    return body


def invalidation_header(entries: Sequence[str | Mapping[str, Any]]) -> str:
    """
    The value of ``X-Mizan-Invalidate``: comma-separated ``context;param=value``, percent-encoded, sorted.

    A narrowing to one function is left out: a cache that knows contexts only must drop the whole of it.
    """
    return ", ".join(sorted({_header_entry(entry) for entry in entries}))


def _header_entry(entry: str | Mapping[str, Any]) -> str:
    if isinstance(entry, str):
        return quote(entry, safe="")
    params = entry.get("params", {})
    pairs = [f"{quote(name, safe='')}={quote(_text(params[name]), safe='')}" for name in sorted(params)]
    return ";".join([quote(entry["context"], safe=""), *pairs])


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "null" if value is None else str(value)
