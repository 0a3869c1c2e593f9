"""
What is made once and kept: until its key changes, or with the object that it was derived from.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mizan.memo import Deriving, Memo
from tests.waiting import wait_until

THREADS = 20
PATIENCE = 20


def test_one_of_twenty_threads_makes_the_value() -> None:
    """Threads share what hangs on it, so there must be one, however long it takes to make."""
    asked: list[None] = []
    made: list[object] = []

    def key() -> str:
        asked.append(None)
        return "the same"

    def make() -> object:
        wait_until(lambda: len(asked) == THREADS, PATIENCE, "every thread asks for the value")
        made.append(object())
        return made[-1]

    memo = Memo(make, key)
    with ThreadPoolExecutor(THREADS) as pool:
        values = [asking.result(PATIENCE) for asking in [pool.submit(memo) for _ in range(THREADS)]]

    assert values == made * THREADS


def test_another_key_is_another_value() -> None:
    """And the value of before is not kept for the day when its key comes back."""
    key, made = ["a"], []

    def make() -> int:
        made.append(key[0])
        return len(made)

    memo = Memo(make, lambda: key[0])

    values = [memo(), memo()]
    for other in ("b", "a"):
        key[0] = other
        values += [memo(), memo()]

    assert values == [1, 1, 2, 2, 3, 3]
    assert made == ["a", "b", "a"]


def test_what_is_forgotten_is_made_anew() -> None:
    """Once."""
    made: list[object] = []
    memo = Memo(lambda: made.append(object()) or made[-1])
    first = memo()

    memo.forget()

    assert memo() is memo() is made[1]
    assert made[0] is first


def test_none_is_a_value() -> None:
    """A project without a cache is not asked again and again whether it has one."""
    made: list[None] = []
    memo: Memo[None] = Memo(lambda: made.append(None))

    assert memo() is memo() is None
    assert len(made) == 1


def test_an_error_is_not_remembered() -> None:
    """Who asks next may have more luck."""
    answers = iter([ZeroDivisionError(), 5])

    def make() -> int:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    memo = Memo(make)

    with pytest.raises(ZeroDivisionError):
        memo()
    assert memo() == memo() == 5


class Numbers(Deriving):
    """Something that never changes."""

    def __init__(self, *numbers: int) -> None:
        super().__init__()
        self.numbers = numbers


def test_what_is_derived_is_kept_with_its_object() -> None:
    """By the function that makes it; another object has its own."""
    calls: list[Numbers] = []

    def total(numbers: Numbers) -> int:
        calls.append(numbers)
        return sum(numbers.numbers)

    def largest(numbers: Numbers) -> int:
        return max(numbers.numbers)

    one, other = Numbers(1, 2), Numbers(3, 4)

    assert [one.derive(total), one.derive(total), one.derive(largest), other.derive(total)] == [3, 3, 2, 7]
    assert calls == [one, other]


def test_two_threads_derive_one_value() -> None:
    """Whoever is second gets what the first one made."""
    numbers, asked = Numbers(1), list[None]()

    def make(_: Any) -> object:
        asked.append(None)
        wait_until(lambda: len(asked) == 2, PATIENCE, "both threads make the value")
        return object()

    with ThreadPoolExecutor(2) as pool:
        one, other = [asking.result(PATIENCE) for asking in [pool.submit(numbers.derive, make) for _ in range(2)]]

    assert one is other is numbers.derive(make)
