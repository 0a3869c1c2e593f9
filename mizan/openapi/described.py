"""
How a view tells drf-spectacular what it does, without making every start of a server pay for drf-spectacular.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Described:
    """
    The ``schema`` of a view: an inspector of `mizan.openapi`, imported when somebody first asks for it.
    """

    def __init__(self, module: str, inspector: str) -> None:
        self._module = module
        self._name = inspector
        self._inspector: Any = None

    def __get__(self, view: Any, view_class: Any) -> Any:
        if self._inspector is None:
            self._inspector = getattr(import_module(f"mizan.openapi.{self._module}"), self._name)()
        return self._inspector.__get__(view, view_class)
