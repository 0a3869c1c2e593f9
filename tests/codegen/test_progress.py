from __future__ import annotations

import io

import pytest

from mizan.codegen.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def clock(*seconds):
    times = iter(seconds)
    return lambda: next(times)


def test_a_terminal_shows_each_step_with_its_time():
    """Where the time goes is seen at a glance: mostly into starting Django."""
    stream = Terminal()
    progress = Progress(stream, clock=clock(0, 1, 3.5, 4))
    with progress.step("export"):
        assert stream.getvalue().rstrip() == "  export"
    progress.finish("done")

    assert stream.getvalue() == f"  {'export':<24}  2.50 s\nmizan-generate: done (4.00 s)\n"


def test_elsewhere_there_is_one_line():
    """Logs of a build are not a place for steps."""
    stream = io.StringIO()
    progress = Progress(stream, clock=clock(0, 10, 12))
    progress.restart()
    with progress.step("export"):
        pass
    progress.finish("done")

    assert stream.getvalue() == "mizan-generate: done (2.00 s)\n"


def test_quiet_is_quiet_on_a_terminal_too():
    """Errors are printed elsewhere."""
    stream = Terminal()
    progress = Progress(stream, is_quiet=True)
    with progress.step("export"):
        progress.say("hello")
    progress.finish("done")

    assert stream.getvalue() == ""


def test_a_step_that_fails_ends_its_line():
    """The message that follows stands on a line of its own."""
    stream = Terminal()
    progress = Progress(stream)
    with pytest.raises(ValueError), progress.step("export"):
        raise ValueError

    assert stream.getvalue() == f"  {'export':<24}stopped\n"
