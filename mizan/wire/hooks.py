"""
What the adapter of a framework adds to the wire's own rules. Without an adapter every hook leaves things as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


def _same(value: Any) -> Any:
    return value


def _never(value: Any) -> bool:
    return False


@dataclass(slots=True)
class Hooks:
    """
    One function for each thing that a framework knows and pydantic does not. An adapter sets them when it starts.
    """

    annotation: Callable[[Any], Any] = _same
    """An annotation with the framework's own types (DRF serializers, uploaded files) replaced by what pydantic understands."""

    needs_thread: Callable[[Any], bool] = _never
    """Whether reading or writing a value of such an annotation may block, because it may ask the database."""

    evaluated: Callable[[Any], Any] = _same
    """A lazy collection (a queryset, a related manager) as a list; every other value as it is."""

    aware: Callable[[datetime], datetime] = _same
    """
    A datetime that a client sent, naive or aware as this server keeps them. Raises OverflowError where it has none of that kind.
    """

    text: Callable[[Any], Any] = _same
    """A text that is translated only when it is read as a ``str``; every other value as it is."""

    is_file: Callable[[Any], bool] = _never
    """Whether a value is a file that a client sent."""


hooks = Hooks()
