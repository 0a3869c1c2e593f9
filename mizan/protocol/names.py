"""
Names that appear on the wire or in the OpenAPI document, once each. Rules for making names live in `casing`.
"""

from __future__ import annotations

import re
from typing import Final

GLOBAL_CONTEXT: Final = "global"
ONLY_PARAMETER: Final = "~only"
ERRORS_KEY: Final = "$errors"
EXTENSION: Final = "x-mizan"

HEADER_CACHE: Final = "X-Mizan-Cache"
HEADER_CSRF: Final = "X-CSRFToken"
HEADER_INVALIDATE: Final = "X-Mizan-Invalidate"
HEADER_TOKEN: Final = "X-Mizan-Token"  # noqa: S105 - the name of a header

ANONYMOUS_TOKEN: Final = "anonymous"  # noqa: S105 - sent by a visitor without a token; no page of another site can send it

HTTP: Final = "http"
WEBSOCKET: Final = "websocket"

MAX_NAME_LENGTH: Final = 100

_FUNCTION_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*")
_ERROR_CODE = re.compile(r"[A-Z][A-Z0-9_]*")
_CONTEXT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def is_error_code(code: str) -> bool:
    """Capital letters, digits and underscores: ``OUT_OF_STOCK``."""
    return len(code) <= MAX_NAME_LENGTH and _ERROR_CODE.fullmatch(code) is not None


def is_function_name(name: str) -> bool:
    """Letters, digits and underscores in parts joined by dots: ``echo``, ``contact.submit``."""
    return isinstance(name, str) and len(name) <= MAX_NAME_LENGTH and _FUNCTION_NAME.fullmatch(name) is not None


def is_context_name(name: str) -> bool:
    """Letters, digits and underscores: ``user``, ``project_board``."""
    return len(name) <= MAX_NAME_LENGTH and _CONTEXT_NAME.fullmatch(name) is not None
