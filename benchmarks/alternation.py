"""
Measuring several ways of doing one thing in turn, so that whatever else the machine does slows all of them alike.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median

import pyperf

Work = Callable[[], object]

_WARM_UP_TURNS = 40


def measure(name: str, ways: Mapping[str, Work], *, rounds: int = 40, seconds: float = 0.02) -> list[pyperf.Benchmark]:
    """
    One benchmark for each way, of CPU seconds a call.

    Args:
        rounds: How often each way has its turn.
        seconds: About how long a turn is.
    """
    for _ in range(_WARM_UP_TURNS):  # CPython takes thousands of calls to settle how it specialises shared code
        for work in ways.values():
            _timed(work, _loops(work, seconds))
    loops = {way: _loops(work, seconds) for way, work in ways.items()}
    samples: dict[str, list[float]] = {way: [] for way in ways}
    for turn in range(rounds):
        # Whoever goes first in a round finds the caches as the last round left them.
        order = list(ways) if turn % 2 else list(reversed(ways))
        for way in order:
            samples[way].append(_timed(ways[way], loops[way]) / loops[way])
    return [_benchmark(f"{name}: {way}", values) for way, values in samples.items()]


def ratios(benchmarks: list[pyperf.Benchmark]) -> dict[str, float]:
    """The median of each benchmark as a multiple of the first one's."""
    base = median(benchmarks[0].get_values())
    return {benchmark.get_name(): median(benchmark.get_values()) / base for benchmark in benchmarks}


def _benchmark(name: str, values: list[float]) -> pyperf.Benchmark:
    return pyperf.Benchmark([pyperf.Run(values, metadata={"name": name, "unit": "second"}, collect_metadata=False)])


def _loops(work: Work, seconds: float) -> int:
    for _ in range(20):
        work()
    return max(1, round(seconds / max(_timed(work, 5) / 5, 1e-7)))


def _timed(work: Work, loops: int) -> float:
    start = time.process_time()
    for _ in range(loops):
        work()
    return time.process_time() - start
