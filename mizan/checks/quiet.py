"""
Keeping the log from saying what somebody is being told anyway.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def told_once() -> Iterator[None]:
    """
    Leave out of the log the findings of a service that is made meanwhile.

    A server logs them when it first serves. A command that lists the findings would print each a second time.
    """
    logger = logging.getLogger("mizan")
    logger.addFilter(_is_no_finding)
    try:
        yield
    finally:
        logger.removeFilter(_is_no_finding)


def _is_no_finding(record: logging.LogRecord) -> bool:
    return not (record.module == "current" and record.funcName == "__init__")
