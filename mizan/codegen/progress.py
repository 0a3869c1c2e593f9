"""
What a run prints on stderr: each step with its time on a terminal, one line elsewhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

_STEP_COLUMNS = 24


class Progress:
    """
    Args:
        stream: Where it is written; steps show only where this is a terminal.
        is_quiet: Say nothing at all.
        clock: Seconds from any start.
    """

    def __init__(
        self, stream: TextIO, *, is_quiet: bool = False, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._stream = stream
        self._is_quiet = is_quiet
        self._shows_steps = stream.isatty() and not is_quiet
        self._clock = clock
        self._started = clock()

    def restart(self) -> None:
        """Count the time of a new run."""
        self._started = self._clock()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Show *name* while the block runs, then how long it took."""
        if not self._shows_steps:
            yield
            return
        started = self._clock()
        self._stream.write(f"  {name:<{_STEP_COLUMNS}}")
        self._stream.flush()
        outcome = "stopped"
        try:
            yield
            outcome = f"{self._clock() - started:6.2f} s"
        finally:
            self._stream.write(f"{outcome}\n")

    def say(self, line: str) -> None:
        if not self._is_quiet:
            self._stream.write(f"{line}\n")
            self._stream.flush()

    def finish(self, summary: str) -> None:
        """Say how the run ended and how long it took."""
        self.say(f"mizan-generate: {summary} ({self._clock() - self._started:.2f} s)")
