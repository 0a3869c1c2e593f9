"""
How a view tells drf-spectacular what it does, without making every start of a server pay for drf-spectacular.

Only in Mizan's own document, unless the project asks for more: in another one, names, versions and hooks are the project's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from typing import Any

from mizan import conf

_is_own_document: ContextVar[bool] = ContextVar("mizan_is_own_document", default=False)


@contextmanager
def own_document() -> Iterator[None]:
    """Mizan's own document is made within."""
    token = _is_own_document.set(True)
    try:
        yield
    finally:
        _is_own_document.reset(token)


class Described:
    """
    The ``schema`` of a view: an inspector of `mizan.openapi`, imported when somebody first asks for it; None for a document
    that is not Mizan's.
    """

    def __init__(self, module: str, inspector: str) -> None:
        self._module = module
        self._name = inspector
        self._inspector: Any = None

    def __get__(self, view: Any, view_class: Any) -> Any:
        if not (_is_own_document.get() or conf.get("MIZAN_IN_PROJECT_DOCUMENT")):
            return None  # which is how DRF and drf-spectacular are told to leave a view out
        if self._inspector is None:
            self._inspector = getattr(import_module(f"mizan.openapi.{self._module}"), self._name)()
        return self._inspector.__get__(view, view_class)
