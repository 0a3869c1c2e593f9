"""
Reads from the cache and invalidations, on a Redis of their own: ``python -m benchmarks.cache [--quick] [--output FILE]``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyperf

from benchmarks.alternation import measure, ratios
from benchmarks.wsgi import VISITOR, request_to, start_project

RENAME = {"id": 5, "name": "Ann"}
ENTRIES = (0, 10_000, 100_000)
READERS = 200


def main() -> None:
    """Measure reads, invalidations and a stampede."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a quarter of the rounds")
    parser.add_argument("--output", metavar="FILE", help="also write the samples, for pyperf's tools")
    options = parser.parse_args()
    with redis_server() as url:
        os.environ["BENCHMARK_REDIS"] = url
        suite = measure_all(rounds=10 if options.quick else 40)
    if options.output:
        pyperf.BenchmarkSuite(suite).dump(options.output, replace=True)


def measure_all(rounds: int) -> list[pyperf.Benchmark]:
    """Print each workload as a multiple of the bare view that does the same."""
    handler, member = start_project()
    from mizan.cache.counters import counters

    suite: list[pyperf.Benchmark] = []

    def report(name: str, counter: str, bare: Any, ours: Any, target: float) -> None:
        counters.reset()
        pair = measure(name, {"bare Django": bare, "Mizan": ours}, rounds=rounds)
        require_mostly(counter, counters.snapshot())
        suite.extend(pair)
        print(f"{name:<34}{list(ratios(pair).values())[1]:>7.2f}{target:>9.2f}", flush=True)

    print(f"{'workload':<34}{'Mizan':>7}{'target':>9}")
    for name, view, cookies, target in (
        ("W4hit", "hit", VISITOR, 1.1),
        ("W4hita, logged in", "hit_member", member, 1.0),
    ):
        ours = request_to(handler, "/api/mizan/ctx/user/?id=5", cookies=cookies)
        store_for_bare(ours())
        report(name, "hits", request_to(handler, f"/bare/{view}/", cookies=cookies), ours, target)
    misses = [request_to(handler, address) for address in ("/bare/miss/?id={}", "/api/mizan/ctx/user/?id={}")]
    report("W4miss", "misses", *misses, 1.2)
    before = 0
    for count in ENTRIES:
        fill(before, count)
        before = count
        calls = [request_to(handler, address, RENAME) for address in ("/bare/rename/", "/api/mizan/call/rename/")]
        report(f"W5 invalidate, {count:,} entries", "invalidations", *calls, 1.15)
    print(f"{READERS} threads on one cold key: {stampede(handler)} computation(s)")
    return suite


def require_mostly(counter: str, counts: dict[str, int]) -> None:
    """A store that does not answer is quickly read past: figures of that are figures of something else."""
    others = sum(counts.get(name, 0) for name in ("hits", "misses", "invalidations") if name != counter)
    if "failures" in counts or others > counts.get(counter, 0) / 100:
        raise SystemExit(f"Measured {counts}, which is not {counter}. Is the machine too busy for Redis?")


def store_for_bare(answer: bytes) -> None:
    """What the bare view gives is what Mizan gives."""
    from django_redis import get_redis_connection

    from benchmarks.cached import HIT_KEY

    get_redis_connection("default").set(HIT_KEY, answer)


def fill(first: int, end: int) -> None:
    """Entries of the same context for other users, each with its tag, as reading them would have made them."""
    from mizan.cache.current import current_cache

    cache: Any = current_cache()
    for start in range(first, end, 1000):
        ids = range(start + 1_000_000, min(start + 1000, end) + 1_000_000)
        cache.entries.store.write(
            {cache.keys.entry("user", "profile", f'{{"id":{id}}}', []): bytes(500) for id in ids}, 3600
        )
        cache.entries.store.write({cache.keys.tag("user", None, {"id": id}): bytes(12) for id in ids}, 3600)


def stampede(handler: Any) -> int:
    """How often a function runs that many threads ask for at once."""
    from mizan.client import client
    from mizan.setup import register

    runs: list[int] = []

    @client(auth=False, context="slow")
    def slow(request: Any) -> int:
        runs.append(1)
        time.sleep(0.2)
        return 1

    register(slow)
    barrier = threading.Barrier(READERS)

    def read() -> None:
        barrier.wait()
        request_to(handler, "/api/mizan/ctx/slow/")

    threads = [threading.Thread(target=read) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(runs)


@contextmanager
def redis_server() -> Iterator[str]:
    """A Redis that keeps nothing, and is gone afterwards."""
    program = shutil.which("redis-server")
    if program is None:
        raise SystemExit("redis-server is not installed: sudo apt-get install redis-server")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([program, "--port", str(port), "--save", ""], stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
