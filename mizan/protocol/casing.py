"""
How names change case between Python, the OpenAPI document and error codes.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z0-9]+")


def words(name: str) -> list[str]:
    """``user_profile``, ``UserProfile`` and ``user.profile`` are all ``["user", "profile"]``."""
    return [word.lower() for word in _WORD.findall(name)]


def pascal(name: str) -> str:
    """``contact.submit`` is ``ContactSubmit``."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))


def upper_snake(name: str) -> str:
    """``InsufficientFunds`` is ``INSUFFICIENT_FUNDS``."""
    return "_".join(words(name)).upper()
