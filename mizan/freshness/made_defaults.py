"""
Defaults that are made anew for each call, such as today's date.

An entry is named by what was sent. What was not sent must then be the same every time, or yesterday's answer is served today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from rest_framework import serializers

from mizan.drf.annotations import SerializerAnnotation
from mizan.protocol.errors import W_MADE_DEFAULT, Finding
from mizan.service.current import Service
from mizan.service.endpoints import Endpoint

# These make the same value every time.
_CONSTANT = (bool, bytes, dict, float, frozenset, int, list, set, str, tuple)


def has_made_default(endpoint: Endpoint) -> bool:
    """Whether an argument that is not sent, or a part of one, may have another value at each call."""
    return any(factory not in _CONSTANT for factory in _factories(endpoint.arguments.core))


def made_default_findings(service: Service) -> Iterator[Finding]:
    """The readers that are not cached because of one, without saying so."""
    for context in service.contexts.values():
        for reader in context.readers.values():
            if reader.spec.cache and reader.derive(has_made_default):
                yield Finding(
                    W_MADE_DEFAULT,
                    f"A default of {reader.where} is made anew for each call, so its answers are not cached.",
                    "Make it in the function where the argument is None, and say @client(cache=False) if it depends on the "
                    "time.",
                )


def _factories(node: Any) -> Iterator[Callable[..., Any]]:
    if isinstance(node, list | tuple):
        for item in node:
            yield from _factories(item)
    elif isinstance(node, dict):
        if node.get("type") == "default" and "default_factory" in node:
            yield node["default_factory"]
        # A dataclass and a pydantic function both have other things under these names, none of them a mapping.
        function = node.get("function")
        annotation = getattr(function.get("function"), "__self__", None) if isinstance(function, dict) else None
        if isinstance(annotation, SerializerAnnotation):
            yield from _serializer_factories(annotation.serializer())
        for value in node.values():
            yield from _factories(value)


def _serializer_factories(field: Any) -> Iterator[Callable[..., Any]]:
    if callable(getattr(field, "default", None)) and field.default is not serializers.empty:
        yield field.default
    children = list(field.fields.values()) if isinstance(field, serializers.Serializer) else []
    for child in [*children, getattr(field, "child", None)]:
        if child is not None:
            yield from _serializer_factories(child)
