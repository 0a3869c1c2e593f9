"""
How the tasks tell what they do: one line when a step starts, one with its time when it ends.

Plain lines only, so that a log file reads like a terminal.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

_TELL_EVERY = 10
ROOT = Path(__file__).resolve().parent.parent


class StepError(Exception):
    """
    A step did not succeed. The message is for the person at the terminal: what is wrong and what to do.
    """


def say(text: str) -> None:
    """Print a line at once, even into a pipe."""
    print(text, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """
    Announce what happens in the block, that it goes on, and how long it took.
    """
    say(f"→ {title} …")
    start = time.monotonic()
    ended = threading.Event()

    def tell() -> None:
        while not ended.wait(_TELL_EVERY):
            say(f"  still at it, {seconds_since(start)}")

    threading.Thread(target=tell, daemon=True).start()
    try:
        yield
    finally:
        ended.set()
    say(f"  done in {seconds_since(start)}")


def seconds_since(start: float) -> str:
    """A time for the eye: ``0.4 s``, ``12 s``, ``2 min 05 s``."""
    seconds = time.monotonic() - start
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def run_quietly(
    command: Sequence[str | Path],
    *,
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
    advice: str = "",
) -> str:
    """
    Run *command* and return what it printed; nothing is shown unless it fails.

    Args:
        environment: All variables of the command, where they are not those of this process.
        advice: What the reader may try when the command fails.

    Raises:
        StepError: The command could not be run or failed; the message holds all that it printed.
    """
    shown = shlex.join(map(str, command))
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            env={**(os.environ if environment is None else environment), "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise StepError(f"Cannot run {shown}: {error.strerror}. {advice}".rstrip()) from error
    if done.returncode:
        raise StepError("\n".join(filter(None, [done.stdout.rstrip(), f"{shown} failed ({done.returncode}).", advice])))
    return done.stdout


def complain(error: StepError) -> int:
    """Show what stopped a task; returns the exit status."""
    sys.stdout.flush()
    print(f"\n{error}", file=sys.stderr, flush=True)
    return 1
