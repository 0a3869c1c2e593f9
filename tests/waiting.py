"""
Waiting for what another process or thread does, where no event says that it is done.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import pytest

T = TypeVar("T")

PAUSE_SECONDS = 0.01


def wait_until(condition: Callable[[], T], seconds: float, what: str) -> T:
    """
    What *condition* gives as soon as it is true.

    Args:
        what: What must become so within *seconds*, for the failure where it does not.
    """
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() >= deadline:
            pytest.fail(f"Still not so after {seconds} s: {what}")
        time.sleep(PAUSE_SECONDS)
    return found
