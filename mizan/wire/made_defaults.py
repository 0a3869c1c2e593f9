"""
Defaults that are made anew for each call, such as today's date.

An entry is named by what was sent. What was not sent must then be the same every time, or yesterday's answer is served today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pydantic_core import CoreSchema

MADE_DEFAULT_MARK = "mizan_made_default"
"""In a core schema's metadata: a function that says whether there is one behind its validator."""

# These make the same value every time.
_CONSTANT = (bool, bytes, dict, float, frozenset, int, list, set, str, tuple)


def has_made_default(core: CoreSchema) -> bool:
    """Whether something in *core* that is not sent may have another value at each call."""
    return any(is_made(factory) for factory in _factories(core))


def is_made(factory: Callable[..., Any]) -> bool:
    """Whether *factory* may make another value at each call."""
    return factory not in _CONSTANT


def _factories(node: Any) -> Iterator[Callable[..., Any]]:
    if isinstance(node, list | tuple):
        for item in node:
            yield from _factories(item)
    elif isinstance(node, dict):
        if node.get("type") == "default" and "default_factory" in node:
            yield node["default_factory"]
        metadata = node.get("metadata")
        if isinstance(metadata, dict) and MADE_DEFAULT_MARK in metadata and metadata[MADE_DEFAULT_MARK]():
            yield metadata[MADE_DEFAULT_MARK]
        for value in node.values():
            yield from _factories(value)
