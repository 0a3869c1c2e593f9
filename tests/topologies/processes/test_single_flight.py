"""
A function that one process runs is not run by another.
"""

from __future__ import annotations

import time

import pytest
import redis

from tests.topologies.processes.project import LEASE_SECONDS, PATIENCE, READERS, Worker, Workers
from tests.waiting import wait_until


@pytest.mark.parametrize("context", ["slow", "aslow"])
class TestSingleFlight:
    """A function that one process runs is not run by another."""

    def test_one_of_all_readers_computes(self, workers: Workers, context: str, redis_client: redis.Redis) -> None:
        """Of both workers; for longer than a lease lasts, since a process that lives renews it."""
        before = workers.waits()
        readers = [reader for worker in workers for reader in workers.start(READERS, worker, f"{context}/?topic=a")]
        workers.wait_for_run("a")
        wait_until(
            lambda: workers.waits() - before == 2 * (READERS - 1), PATIENCE, "all but one reader of each worker wait"
        )
        [lease] = redis_client.scan_iter("mizan:*:f:*")
        for _ in range(2):
            redis_client.pexpire(lease, round(LEASE_SECONDS * 500))
            wait_until(lambda: redis_client.pttl(lease) > LEASE_SECONDS * 500, PATIENCE, "the lease is renewed")
        workers.let_end("a", count=2 * READERS)

        assert [reader.result(PATIENCE) for reader in readers] == [("MISS", 1)] * 2 * READERS
        assert workers.runs("a") == 1
        assert [worker.read(f"{context}/?topic=a") for worker in workers] == [("HIT", 1)] * 2

    @pytest.mark.parametrize("turned", [False, True], ids=["WSGI", "ASGI"])
    def test_after_a_failure_the_other_computes(self, workers: Workers, context: str, turned: bool) -> None:
        """The failure is that of those who waited beside it; the lease is released at once."""
        failing, waiting = reversed([*workers]) if turned else workers
        path = f"{context}/?topic=b"
        before = workers.waits()
        first = workers.start(2, failing, path)
        assert workers.wait_for_run("b") == failing.process.pid
        others = workers.start(2, waiting, path)
        wait_until(lambda: workers.waits() - before == 2, PATIENCE, "two readers wait")
        workers.let_end("b", "fail")
        workers.let_end("b", count=3)

        assert [reader.result(PATIENCE) for reader in first] == [("", "INTERNAL_ERROR")] * 2
        assert [reader.result(PATIENCE) for reader in others] == [("MISS", 2)] * 2
        assert workers.wait_for_run("b") == waiting.process.pid
        assert workers.runs("b") == 2


@pytest.mark.parametrize(("program", "context"), [("wsgi.py", "slow"), ("asgi.py", "aslow")])
def test_from_a_process_that_is_killed_another_takes_over(workers: Workers, program: str, context: str) -> None:
    """Once its lease has run out, and only one of the others."""
    path = f"{context}/?topic=c"
    doomed = Worker(workers.project, program).wait_until_ready()
    try:
        before = workers.waits()
        [lost] = workers.start(1, doomed, path)
        assert workers.wait_for_run("c") == doomed.process.pid
        others = [reader for worker in workers for reader in workers.start(2, worker, path)]
        wait_until(lambda: workers.waits() - before == 2, PATIENCE, "two readers wait")
    finally:
        doomed.end()
    killed_at = time.monotonic()
    assert isinstance(lost.exception(PATIENCE), OSError)
    workers.wait_for_run("c")
    assert time.monotonic() - killed_at < LEASE_SECONDS + 1
    workers.let_end("c", count=4)

    assert [reader.result(PATIENCE) for reader in others] == [("MISS", 2)] * 4
    assert workers.runs("c") == 2


def test_who_comes_after_an_invalidation_waits_for_no_other_process(workers: Workers) -> None:
    """What that one computes is of before, and nobody gets it afterwards."""
    path = "slow/?topic=d"
    [before] = workers.start(1, workers.one, path)
    workers.wait_for_run("d")
    workers.one.call("change", topic="d")
    [after] = workers.start(1, workers.other, path)
    workers.wait_for_run("d")
    workers.let_end("d", count=4)

    [(_, old), (_, new)] = [reader.result(PATIENCE) for reader in (before, after)]
    assert {old, new} == {1, 2}
    assert old not in [worker.read(path)[1] for worker in workers]


def test_a_personal_answer_stays_in_its_process(workers: Workers) -> None:
    """Who waited for it in another one computes their own."""
    before = workers.waits()
    readers = [
        workers.pool.submit(worker.read, "own/?topic=e", **{"X-Reader": f"{number}"})
        for number, worker in enumerate([*workers, *workers])
    ]
    workers.wait_for_run("e")
    wait_until(lambda: workers.waits() - before == 2, PATIENCE, "two readers wait")
    workers.let_end("e", count=8)

    assert [reader.result(PATIENCE)[1] for reader in readers] == ["0", "1", "2", "3"]
