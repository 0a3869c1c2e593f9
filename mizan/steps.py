"""
One text of an algorithm for threads and for the event loop: a generator of steps, and two drivers.

The generator starts in a thread, where it may block. It yields what an event loop would rather await, a `Step`, and gets back
what came of it. `drive` does each step in the calling thread. `adrive` awaits it, and from then on the event loop runs the
generator, until it yields `THREAD` to go on in a thread. A ``with`` block that sets a context variable must not reach over a
yield.
"""

from __future__ import annotations

import threading
import time
from asyncio import sleep as asleep
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

from asgiref.sync import async_to_sync, sync_to_async

T = TypeVar("T")


class _Thread:
    """The type of `THREAD`."""


THREAD: Final = _Thread()
"""Yielded before code that may block: from here on a thread runs the generator."""


@dataclass(frozen=True, slots=True)
class Step:
    """
    Something that may take long, as a thread does it and as the event loop does. Both give the same or raise the same.
    """

    in_thread: Callable[[], Any]
    on_loop: Callable[[], Awaitable[Any]]


Steps = Generator[Step | _Thread, Any, T]


def awaited(function: Callable[[], Awaitable[Any]]) -> Step:
    """The step that awaits what *function* gives."""
    return Step(partial(_run_to_end, function), function)


def _run_to_end(function: Callable[[], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        return await function()

    return async_to_sync(run)()


def paused(seconds: float) -> Step:
    """The step that waits for *seconds*."""
    return Step(partial(time.sleep, seconds), partial(asleep, seconds))


def drive(steps: Steps[T]) -> T:
    """What *steps* return, in this thread."""
    try:
        step = next(steps)
        while True:
            if isinstance(step, _Thread):
                step = next(steps)
                continue
            try:
                value = step.in_thread()
            except BaseException as error:
                step = steps.throw(error)
            else:
                step = steps.send(value)
    except StopIteration as end:
        returned: T = end.value
        return returned


async def adrive(steps: Steps[T]) -> T:
    """What *steps* return, on the event loop and in threads. Where the task is cancelled, *steps* are closed."""
    walk = _Walk(steps)
    try:
        step: Any = THREAD
        while not isinstance(step, _Returned):
            if isinstance(step, _Thread):
                step = await sync_to_async(walk.resume_in_thread, thread_sensitive=True)()
                continue
            try:
                value = await step.on_loop()
            except Exception as error:
                step = walk.resume(partial(steps.throw, error))
            else:
                step = walk.resume(partial(steps.send, value))
        returned: T = step.value
        return returned
    finally:
        walk.leave()


@dataclass(frozen=True, slots=True)
class _Returned:
    value: Any


class _Walk:
    """
    Resumes a generator from several threads, one at a time, and closes it at the end. Where the task is cancelled while a
    thread runs the generator, that thread closes it.
    """

    def __init__(self, steps: Steps[Any]) -> None:
        self._steps = steps
        self._lock = threading.Lock()
        self._is_running = False
        self._has_left = False

    def resume(self, advance: Callable[[], Any]) -> Any:
        """The next step, or what the generator returned."""
        with self._lock:
            self._is_running = True
        try:
            return advance()
        except StopIteration as end:
            return _Returned(end.value)
        finally:
            with self._lock:
                self._is_running = False
                must_close = self._has_left
            if must_close:
                self._steps.close()

    def resume_in_thread(self) -> Any:
        """`resume` in a thread, up to the next `Step`. A `THREAD` before that is passed over: this is a thread already."""
        step = THREAD
        while isinstance(step, _Thread):
            step = self.resume(partial(next, self._steps))
        return step

    def leave(self) -> None:
        with self._lock:
            self._has_left = True
            is_running = self._is_running
        if not is_running:
            self._steps.close()
