"""
The document of whatever functions a test declares.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from openapi_spec_validator import validate

from mizan.export.document import build_document
from mizan.protocol.registry import default_registry
from mizan.setup import register


def document_of(*functions: Callable[..., Any]) -> dict[str, Any]:
    """A valid one, of these functions alone."""
    with default_registry.isolated():
        for function in functions:
            register(function)
        document = build_document()
    validate(document)
    return document


def operation_of(function: Callable[..., Any], path: str, method: str = "post") -> dict[str, Any]:
    """The one operation that a function has at *path* below the prefix."""
    operation: dict[str, Any] = document_of(function)["paths"][path if path.startswith("/") else f"/api/mizan/{path}"][
        method
    ]
    return operation
