"""
Functions and contexts in words, for the index and the API pages.
"""

from __future__ import annotations

import typing
from dataclasses import dataclass
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, Union

from mizan.drf.permissions import auth_level
from mizan.protocol.graph import Target
from mizan.protocol.shown_types import shown_type
from mizan.protocol.signature import MISSING
from mizan.protocol.specs import FunctionSpec
from mizan.service.endpoints import Endpoint
from mizan.types import BigInt, Upload

_LEVELS = {
    "open": "open to everybody",
    "authenticated": "logged in",
    "staff": "staff",
    "superuser": "superusers",
    "custom": "custom permission",
}


@dataclass(frozen=True, slots=True)
class Badge:
    """A fact about a function: its *kind* for the style sheet, a *text*, and the address that it links to, if any."""

    kind: str
    text: str
    url: str = ""


def caller_of(spec: FunctionSpec) -> str:
    """Who may call the function, in words."""
    try:
        level = auth_level(spec.auth)
    except ValueError:
        return "nobody: its auth= cannot be used"
    if level == "permission":
        return str(spec.auth)
    return f"default: {_LEVELS[level]}" if spec.auth is None else _LEVELS[level]


def badges(endpoint: Endpoint, prefix: str) -> list[Badge]:
    """The facts of a function that a person wants to see at a glance."""
    spec = endpoint.spec
    facts = [Badge("deprecated", "deprecated")] if spec.deprecated else []
    facts.append(Badge("auth", caller_of(spec)))
    if spec.context is not None:
        facts.append(Badge("context", f"context {spec.context}", f"{prefix}ctx/{spec.context}/"))
    facts += [
        Badge("affects", f"affects {target_in_words(target)}", _url(prefix, target)) for target in endpoint.affects
    ]
    facts += [
        Badge("merge", f"merges into {target_in_words(target)}", _url(prefix, target)) for target in endpoint.merges
    ]
    facts += [Badge("raises", f"raises {getattr(error, 'code', shown_type(error))}") for error in spec.raises]
    if spec.websocket:
        facts.append(Badge("transport", "WebSocket"))
    if spec.is_async:
        facts.append(Badge("transport", "async"))
    facts += [Badge("throttle", item if isinstance(item, str) else shown_type(item)) for item in spec.throttle]
    if spec.rev:
        facts.append(Badge("rev", f"rev {spec.rev}"))
    if spec.cache is not True:
        facts.append(Badge("cache", "not cached" if spec.cache is False else f"cached {spec.cache} s"))
    return facts


def target_in_words(target: Target) -> str:
    """A target as words: ``user.user_profile by id``."""
    name = target.context if target.function is None else f"{target.context}.{target.function}"
    return f"{name} by {', '.join(target.params)}" if target.params else name


def _url(prefix: str, target: Target) -> str:
    return f"{prefix}ctx/{target.context}/"


def signature_of(endpoint: Endpoint) -> str:
    """The arguments and the result as a developer would write them: ``(text: str, times: int = 1) -> Echo``."""
    parts = [
        f"{parameter.name}: {annotation_of(parameter.annotation)}"
        + ("" if parameter.is_required else f" = {default_of(parameter.default)}")
        for parameter in endpoint.signature.parameters
    ]
    returns = endpoint.signature.returns
    return f"({', '.join(parts)})" + ("" if returns is MISSING else f" -> {annotation_of(returns)}")


def annotation_of(annotation: Any) -> str:
    """A type as a developer would write it with everything imported. Its constraints show in the form."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    for name, known in (("BigInt", BigInt), ("Upload", Upload)):
        if annotation == known:
            return name
    if annotation is MISSING:
        return "?"
    if annotation is type(None):
        return "None"
    if origin is Annotated:
        return annotation_of(arguments[0])
    if origin in (Union, UnionType):
        return " | ".join(map(annotation_of, arguments))
    if origin is Literal:
        return f"Literal[{', '.join(map(default_of, arguments))}]"
    if origin is not None and arguments:
        inner = ", ".join("..." if one is Ellipsis else annotation_of(one) for one in arguments)
        return f"{getattr(origin, '__name__', shown_type(origin))}[{inner}]"
    return shown_type(annotation).rpartition(".")[2]


def default_of(value: Any) -> str:
    """A default as a developer would write it."""
    return f"{type(value).__name__}.{value.name}" if isinstance(value, Enum) else repr(value)


def first_line(doc: str) -> str:
    """The first paragraph's first line."""
    return doc.strip().splitlines()[0] if doc.strip() else ""
