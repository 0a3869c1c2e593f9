"""
What the cache of this process has done since it started.
"""

from __future__ import annotations

import threading
from collections import Counter as Tally

from mizan.telemetry import counter

DESCRIPTIONS = {
    "hits": "Answers that were cached",
    "misses": "Answers that were not",
    "stores": "Answers that were put into the cache",
    "waits": "Answers that somebody else was computing already",
    "invalidations": "Tags invalidated",
    "invalidations_owed": "Tags to invalidate once the store answers again",
    "failures": "Times that the store did not answer",
}


class Counters:
    """
    Counts by name, safe in threads; the names are those of `DESCRIPTIONS`, and of the metrics ``mizan.cache.<name>``.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Tally[str] = Tally()
        self._metrics = {name: counter(f"cache.{name}", text) for name, text in DESCRIPTIONS.items()}

    def add(self, name: str, count: int = 1) -> None:
        if count:
            metric = self._metrics[name]
            if metric is not None:
                metric.add(count)
            with self._lock:
                self._counts[name] += count

    def add_all(self, **counts: int) -> None:
        for name, count in counts.items():
            self.add(name, count)

    def snapshot(self) -> dict[str, int]:
        """The counts so far."""
        with self._lock:
            return dict(self._counts)

    def reset(self) -> None:
        with self._lock:
            self._counts.clear()


counters = Counters()
