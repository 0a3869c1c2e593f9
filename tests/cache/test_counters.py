"""
What the cache of this process has done, counted.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from mizan.cache.counters import DESCRIPTIONS, Counters


def test_what_threads_count_at_the_same_time_adds_up() -> None:
    """No count is lost."""
    counters = Counters()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: counters.add_all(hits=2, misses=1), range(500)))

    assert counters.snapshot() == {"hits": 1000, "misses": 500}


def test_nothing_is_not_counted() -> None:
    """What has not happened has no line."""
    counters = Counters()

    counters.add("hits", 0)

    assert counters.snapshot() == {}


def test_a_snapshot_stays_what_it_was() -> None:
    """While counting goes on, and after it was begun anew."""
    counters = Counters()
    counters.add("stores")
    before = counters.snapshot()

    counters.add("stores")
    counters.reset()

    assert before == {"stores": 1}
    assert counters.snapshot() == {}


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_every_count_is_described(name: str) -> None:
    """A metric without words is of no use to whoever runs the server."""
    assert DESCRIPTIONS[name]


def test_a_count_that_nobody_described_is_a_mistake() -> None:
    """Of whoever writes the name."""
    with pytest.raises(KeyError):
        Counters().add("hist")
