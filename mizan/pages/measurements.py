"""
What a call cost and why it failed, for a developer: only under ``DEBUG``, and only for whoever may see the docs.
"""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connections


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds and SQL queries from the first look at the request to its page."""

    milliseconds: int
    queries: int


def measured(view: Any) -> Measured | None:
    """What *view* measured of the request, or None where it did not or nobody may know."""
    began = getattr(view, "began", None)
    if not settings.DEBUG or began is None:
        return None
    queries = sum(len(connection.queries_log) for connection in connections.all(initialized_only=True))
    return Measured(round((time.perf_counter() - began) * 1000), queries)


def traceback_of(view: Any) -> str:
    """The traceback of what *view* could not answer, or an empty text. It has lines of source and no values."""
    raised = getattr(view, "raised", None)
    return "".join(traceback.format_exception(raised)) if settings.DEBUG and raised is not None else ""
