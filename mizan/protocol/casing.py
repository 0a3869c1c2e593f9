"""
How names change case between Python, the OpenAPI document, error codes and TypeScript.
"""

from __future__ import annotations

import re

_LEADING_CAPITALS = re.compile(r"\A(?:[A-Z]+(?![a-z])|[A-Z])")
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z0-9]+")


def words(name: str) -> list[str]:
    """``user_profile``, ``UserProfile`` and ``user.profile`` are all ``["user", "profile"]``."""
    return [word.lower() for word in _WORD.findall(name)]


def pascal(name: str) -> str:
    """``contact.submit`` is ``ContactSubmit``."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))


def camel(pascal_name: str) -> str:
    """``UserProfile`` is ``userProfile``, ``API`` is ``api``, ``APIKeys`` is ``apiKeys``."""
    return _LEADING_CAPITALS.sub(lambda capitals: capitals[0].lower(), pascal_name)


def upper_snake(name: str) -> str:
    """``InsufficientFunds`` is ``INSUFFICIENT_FUNDS``."""
    return "_".join(words(name)).upper()
