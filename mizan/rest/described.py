"""
How a view tells drf-spectacular what it does, without making every start of a server pay for drf-spectacular.
"""

from __future__ import annotations

from typing import Any

from django.utils.module_loading import import_string


class Described:
    """
    The ``schema`` of a view: an inspector of `mizan.rest.schema`, imported when somebody first asks for it.
    """

    def __init__(self, inspector: str) -> None:
        self._path = f"mizan.rest.schema.{inspector}"
        self._inspector: Any = None

    def __get__(self, view: Any, view_class: Any) -> Any:
        if self._inspector is None:
            self._inspector = import_string(self._path)()
        return self._inspector.__get__(view, view_class)
