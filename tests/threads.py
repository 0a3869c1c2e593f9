"""
Work in a thread with database connections of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Any

from django.db import connections


def in_thread(work: Callable[[], Any]) -> Any:
    """What *work* returns or raises, in a thread with its own connections."""
    return start(work).result(20)


def start(work: Callable[[], Any]) -> Future[Any]:
    """`in_thread`, without waiting for it."""
    outcome: Future[Any] = Future()

    def run() -> None:
        try:
            result = work()
        except BaseException as error:
            connections.close_all()
            outcome.set_exception(error)
        else:
            connections.close_all()
            outcome.set_result(result)

    Thread(target=run, daemon=True).start()
    return outcome
