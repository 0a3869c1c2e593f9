"""
Which renderer answers: what ``Accept`` asks for, and nothing else.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation


class AcceptNegotiation(DefaultContentNegotiation):
    """DRF's negotiation without ``?format=``, which may be a parameter of a context."""

    settings: Any = SimpleNamespace(URL_FORMAT_OVERRIDE=None)
