"""
The success and failure bodies of every transport, and the invalidation header. Shapes only: see docs/protocol.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict
from urllib.parse import quote

MAX_HEADER_LENGTH = 1024


class InvalidationBody(TypedDict):
    """One item of ``invalidate``: a stale context, narrowed by *params* (JSON values) and to one *function*."""

    context: str
    function: NotRequired[str]
    params: NotRequired[dict[str, Any]]


def invalidation(context: str, function: str | None, params: Mapping[str, Any]) -> str | InvalidationBody:
    """One item of ``invalidate``: the bare name where nothing narrows it."""
    if function is None and not params:
        return context
    item = InvalidationBody(context=context)
    if function is not None:
        item["function"] = function
    if params:
        item["params"] = dict(params)
    return item


def failure(code: str, message: str, details: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The one failure body."""
    body: dict[str, Any] = {"error": True, "code": code, "message": message}
    if details:
        body["details"] = dict(details)
    return body


def invalidation_header(items: Sequence[str | Mapping[str, Any]]) -> str:
    """
    The value of ``X-Mizan-Invalidate``: comma-separated ``context;param=value``, percent-encoded, sorted.

    It names no functions: a cache that knows only contexts must drop the whole context. Where the value would be longer than
    HTTP clients take, it has the bare names of the contexts.
    """
    exact = _header(items)
    return exact if len(exact) <= MAX_HEADER_LENGTH else _header([_context(item) for item in items])


def _header(items: Sequence[str | Mapping[str, Any]]) -> str:
    return ", ".join(sorted({_header_item(item) for item in items}))


def _context(item: str | Mapping[str, Any]) -> str:
    return item if isinstance(item, str) else str(item["context"])


def _header_item(item: str | Mapping[str, Any]) -> str:
    if isinstance(item, str):
        return quote(item, safe="")
    params = item.get("params", {})
    pairs = [f"{quote(name, safe='')}={quote(_text(params[name]), safe='')}" for name in sorted(params)]
    return ";".join([quote(item["context"], safe=""), *pairs])


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "null" if value is None else str(value)
