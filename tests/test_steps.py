"""
One text of an algorithm for threads and for the event loop.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mizan.steps import THREAD, Step, Steps, adrive, awaited, drive, paused
from tests.waiting import wait_until

PATIENCE = 20

PROGRAMS = st.lists(
    st.tuples(st.sampled_from(["thread", "step", "await", "pause", "caught", "raised"]), st.integers(0, 9)), max_size=8
)


class Refused(Exception):
    """What a step raises."""


def refuse(number: int) -> Any:
    raise Refused(number)


async def later(function: Callable[[int], Any], number: int) -> Any:
    """What *function* gives, once the loop has had a turn."""
    await asyncio.sleep(0)
    return function(number)


def step(function: Callable[[int], Any], number: int) -> Step:
    return Step(partial(function, number), partial(later, function, number))


def run(program: list[tuple[str, int]]) -> Steps[list[Any]]:
    """What came of each of the steps."""
    seen: list[Any] = []
    for kind, number in program:
        match kind:
            case "thread":
                yield THREAD
            case "pause":
                seen.append((yield paused(0)))
            case "await":
                seen.append((yield awaited(partial(later, str, number))))
            case "caught":
                try:
                    yield step(refuse, number)
                except Refused as error:
                    seen.append(error.args)
            case _:
                seen.append((yield step(refuse if kind == "raised" else str, number)))
    return seen


def outcome(work: Callable[[], Any]) -> tuple[str, Any]:
    try:
        return "returned", work()
    except Refused as error:
        return "raised", error.args


@given(PROGRAMS)
def test_both_drivers_give_the_same(program: list[tuple[str, int]]) -> None:
    """They return the same, or raise the same, for the same steps in any order."""
    on_loop = outcome(lambda: asyncio.run(adrive(run(program))))

    assert outcome(lambda: drive(run(program))) == on_loop


def where(noted: list[threading.Thread]) -> Steps[None]:
    """Notes who runs the generator: at the beginning, after `THREAD`, after a second one, and after a step."""
    noted.append(threading.current_thread())
    for item in (THREAD, THREAD, step(str, 1)):
        yield item
        noted.append(threading.current_thread())


async def test_a_thread_runs_the_beginning_and_what_follows_thread() -> None:
    """It may block there; after a step the loop runs the generator."""
    noted: list[threading.Thread] = []

    await adrive(where(noted))

    loop = threading.current_thread()
    assert [thread is loop for thread in noted] == [False, False, False, True]


def test_the_calling_thread_runs_everything_without_a_loop() -> None:
    """It may block wherever it is."""
    noted: list[threading.Thread] = []

    drive(where(noted))

    assert noted == [threading.current_thread()] * 4


def test_the_error_of_a_step_is_thrown_where_it_was_yielded() -> None:
    """With its own type and traceback, so that the generator can do something about it."""

    def steps() -> Steps[Any]:
        try:
            yield step(refuse, 7)
        except Refused as error:
            return error

    caught = [drive(steps()), asyncio.run(adrive(steps()))]

    assert [error.args for error in caught] == [(7,), (7,)]
    assert all(error.__traceback__.tb_next is not None for error in caught)


def nothing() -> Steps[str]:
    """Yields nothing at all."""
    return "done"
    yield THREAD


def only_thread() -> Steps[str]:
    """Yields `THREAD`, and no step."""
    yield THREAD
    return "done"


@pytest.mark.parametrize("steps", [nothing, only_thread])
def test_a_generator_need_not_yield_a_step(steps: Callable[[], Steps[str]]) -> None:
    """What takes no time is an algorithm too."""
    assert drive(steps()) == asyncio.run(adrive(steps())) == "done"


async def test_a_cancelled_task_closes_its_generator() -> None:
    """So that ``finally`` blocks run at once, and not when the collector comes."""
    is_waiting, is_closed = asyncio.Event(), threading.Event()

    async def wait_for_ever() -> None:
        is_waiting.set()
        await asyncio.Event().wait()

    def steps() -> Steps[None]:
        try:
            yield awaited(wait_for_ever)
        finally:
            is_closed.set()

    task = asyncio.create_task(adrive(steps()))
    await asyncio.wait_for(is_waiting.wait(), PATIENCE)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert is_closed.is_set()


async def test_a_generator_that_a_thread_runs_is_closed_when_the_thread_is_done() -> None:
    """Nobody can close it meanwhile; no step after that is begun."""
    has_begun, may_end, is_closed = (threading.Event() for _ in range(3))
    begun: list[int] = []

    def steps() -> Steps[None]:
        try:
            yield THREAD
            has_begun.set()
            assert may_end.wait(PATIENCE)
            yield step(begun.append, 1)
        finally:
            is_closed.set()

    task = asyncio.create_task(adrive(steps()))
    assert await asyncio.to_thread(has_begun.wait, PATIENCE)
    task.cancel()
    await asyncio.sleep(0)
    was_closed_early = is_closed.is_set()
    may_end.set()

    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.to_thread(wait_until, is_closed.is_set, PATIENCE, "the thread has closed the generator")
    assert not was_closed_early
    assert begun == []
