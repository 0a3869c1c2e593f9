"""
Isolation levels: snapshots, and transactions that cannot both be.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Barrier, Event

import pytest
from django.db import OperationalError, connections, transaction

import mizan
from tests.threads import in_thread, start
from tests.topologies.postgres.rows import LEVELS, Things, once

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "postgres"]),
    pytest.mark.parametrize("cached", ["redis"], indirect=True),
]


@pytest.mark.parametrize("level", LEVELS)
class TestAtomicRequests:
    """Each function of a context in a transaction of its own, begun after the versions were read."""

    @pytest.fixture(autouse=True)
    def atomic_requests(self, things: Things, level: str, use_level: Callable[[str], None]) -> None:
        connections.settings[things.alias]["ATOMIC_REQUESTS"] = True
        use_level(level)

    def test_a_mutation_counts_when_it_succeeds(self, things: Things) -> None:
        """The one that fails takes back what it wrote."""
        assert things.call("rename_and_fail", "new") == 500
        assert things.read() == ("HIT", "old")
        assert things.call("rename", "new") == 200
        assert things.read() == ("MISS", "new")
        assert things.read() == ("HIT", "new")

    def test_a_writer_between_the_look_up_and_the_query(self, things: Things) -> None:
        """The reader sees the new value; it is not known to be that, so it is read once more."""
        mizan.invalidate("thing")
        things.before_query = once(lambda: things.call("rename", "new"))
        assert things.read() == ("MISS", "new")
        assert things.read() == ("MISS", "new")
        assert things.read() == ("HIT", "new")

    def test_a_writer_between_the_query_and_the_answer(self, things: Things) -> None:
        """The reader's answer is of before, and nobody else gets it."""
        mizan.invalidate("thing")
        things.after_query = once(lambda: things.call("rename", "new"))
        assert things.read() == ("MISS", "old")
        assert things.read() == ("MISS", "new")
        assert things.read() == ("HIT", "new")

    def test_who_comes_after_the_commit_waits_for_nobody_of_before(self, things: Things) -> None:
        """The answer that is being computed is one of before."""
        mizan.invalidate("thing")
        has_queried, may_answer = Event(), Event()
        things.after_query = once(lambda: (has_queried.set(), may_answer.wait(20)))
        slow = start(things.read_here)
        assert has_queried.wait(20)
        things.call("rename", "new")

        assert things.read() == ("MISS", "new")
        assert things.read() == ("HIT", "new")
        may_answer.set()
        assert slow.result(20) == ("MISS", "old")
        assert things.read()[1] == "new"


@pytest.mark.parametrize(
    ("level", "seen"), [("read committed", "new"), ("repeatable read", "old"), ("serializable", "old")]
)
class TestSnapshots:
    """A transaction that began before a change may not see it for long."""

    def test_an_old_snapshot_is_not_stored(
        self, things: Things, level: str, seen: str, use_level: Callable[[str], None]
    ) -> None:
        """Its reader gets what its transaction shows, and nobody else does."""
        use_level(level)
        with things.atomic():
            assert things.rows.get(pk=things.ids[0]).name == "old"
            things.call("rename", "new")
            assert things.read_here() == ("BYPASS", seen)
            assert things.read() == ("MISS", "new")
        assert things.read() == ("HIT", "new")

    def test_nobody_waits_for_a_reader_with_an_old_snapshot(
        self, things: Things, level: str, seen: str, use_level: Callable[[str], None]
    ) -> None:
        """Others compute at the same time, although they miss the same."""
        use_level(level)
        others: list[tuple[str, str]] = []
        with things.atomic():
            assert things.rows.get(pk=things.ids[0]).name == "old"
            things.call("rename", "new")
            things.after_query = once(lambda: others.append(things.read()))
            assert things.read_here() == ("BYPASS", seen)
        assert others == [("MISS", "new")]
        assert things.read() == ("HIT", "new")

    def test_without_autocommit(self, things: Things, level: str, seen: str, use_level: Callable[[str], None]) -> None:
        """A transaction that nobody called one is one, too."""
        use_level(level)
        transaction.set_autocommit(False, using=things.alias)
        assert things.rows.get(pk=things.ids[0]).name == "old"
        things.call("rename", "new")
        assert things.read_here() == ("BYPASS", seen)
        transaction.rollback(using=things.alias)
        transaction.set_autocommit(True, using=things.alias)
        assert things.read() == ("MISS", "new")


class TestConflicts:
    """Of two transactions that cannot both be, one has not been."""

    def test_who_waits_for_a_lock(self, things: Things) -> None:
        """Each commit makes stale what was read before it."""
        is_locked, may_commit = Event(), Event()

        def first() -> None:
            with things.atomic():
                things.rows.select_for_update().get(pk=things.ids[0])
                things.set("first")
                is_locked.set()
                assert may_commit.wait(20)

        def second() -> None:
            with things.atomic():
                may_commit.set()
                name = things.rows.select_for_update().get(pk=things.ids[0]).name
                running.result(20)
                assert things.read() == ("MISS", "first")
                things.set(f"{name}, second")
                assert things.read() == ("HIT", "first")

        running = start(first)
        assert is_locked.wait(20)
        assert things.read() == ("HIT", "old")
        in_thread(second)
        assert things.read() == ("MISS", "first, second")

    def test_a_deadlock(self, things: Things) -> None:
        """What its victim would have changed is not stale."""
        have_locked = Barrier(2)

        def lock(first: int, second: int) -> None:
            with things.atomic():
                things.set("new", first)
                have_locked.wait(20)
                things.rows.filter(pk=things.ids[second]).update(price=2)

        self.one_of_two_fails(things, start(lambda: lock(0, 1)), start(lambda: lock(1, 0)))

    @pytest.mark.parametrize("level", ["serializable"])
    def test_a_serialization_failure(self, things: Things, level: str, use_level: Callable[[str], None]) -> None:
        """Each has read what the other writes; whoever is refused has changed nothing."""
        use_level(level)
        have_read = Barrier(2)

        def write(own: int, other: int) -> None:
            with things.atomic():
                assert things.rows.get(pk=things.ids[other]).name == "old"
                have_read.wait(20)
                things.set("new", own)

        self.one_of_two_fails(things, start(lambda: write(0, 1)), start(lambda: write(1, 0)))

    def test_a_retry_counts(self, things: Things, use_level: Callable[[str], None]) -> None:
        """A first attempt that was refused leaves nothing behind."""
        use_level("repeatable read")
        tries: list[str] = []

        def attempt() -> None:
            with things.atomic():
                tries.append(things.rows.get(pk=things.ids[0]).name)
                if len(tries) == 1:
                    things.call("rename", "theirs", 0)
                things.set("mine", 1)
                things.set("mine", 0)

        with pytest.raises(OperationalError, match="could not serialize"):
            attempt()
        assert [things.read(which) for which in range(2)] == [("MISS", "theirs"), ("HIT", "old")]
        attempt()
        assert [things.read(which) for which in range(2)] == [("MISS", "mine"), ("MISS", "mine")]

    @staticmethod
    def one_of_two_fails(things: Things, *running: Future[None]) -> None:
        errors = [each.exception(20) for each in running]
        assert [type(error) for error in errors if error] == [OperationalError]
        assert [things.read(which) for which in range(2)] == [
            ("HIT", "old") if error else ("MISS", "new") for error in errors
        ]
