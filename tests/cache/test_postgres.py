"""
What is cached and what becomes stale where transactions are real: PostgreSQL, its isolation levels, and a second database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from threading import Barrier, Event
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, IntegrityError, OperationalError, connections, transaction
from psycopg import IsolationLevel

import mizan
from mizan.client import client
from tests.cache.conftest import CachedApi
from tests.postgres import (
    forget_connection,
    in_thread,
    postgres,
    postgres_database,
    postgres_server,
    postgres_tables,
    start,
)
from tests.things.models import Thing

__all__ = ["postgres", "postgres_database", "postgres_server", "postgres_tables"]

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "postgres"]),
    pytest.mark.parametrize("cached", ["redis"], indirect=True),
]

LEVELS = {
    "read committed": IsolationLevel.READ_COMMITTED,
    "repeatable read": IsolationLevel.REPEATABLE_READ,
    "serializable": IsolationLevel.SERIALIZABLE,
}


class Things:
    """
    Three things in PostgreSQL, a context that reads their names, and mutations that change them.
    """

    def __init__(self, api: CachedApi, alias: str) -> None:
        self.alias = alias
        self.rows = Thing.objects.using(alias)
        self.ids = [self.rows.create(name="old").pk for _ in range(3)]
        self.before_query: Callable[[], Any] = lambda: None
        self.after_query: Callable[[], Any] = lambda: None
        api.serve(*self.functions())

    def functions(self) -> Iterator[Callable[..., Any]]:
        @client(auth=False, context="thing")
        def name(request: Any, id: int) -> str:
            self.before_query()
            found = self.rows.get(pk=id).name
            self.after_query()
            return found

        @client(auth=False, affects="thing")
        def rename(request: Any, id: int, name: str) -> None:
            self.rows.filter(pk=id).update(name=name)

        @client(auth=False, affects="thing")
        def rename_and_fail(request: Any, id: int, name: str) -> None:
            self.rows.filter(pk=id).update(name=name)
            raise ValueError

        @client(auth=False, context="watched", watch={Thing: "pk"})
        def watched_name(request: Any, id: int) -> str:
            return self.rows.get(pk=id).name

        yield from (name, rename, rename_and_fail, watched_name)

    def atomic(self, **options: Any) -> transaction.Atomic:
        return transaction.atomic(using=self.alias, **options)

    def set(self, name: str, which: int = 0) -> None:
        """Change a row, and say so."""
        self.rows.filter(pk=self.ids[which]).update(name=name)
        mizan.invalidate("thing", id=self.ids[which])

    def read_here(self, which: int = 0, context: str = "thing") -> tuple[str, str]:
        """How the context is answered in this thread, and with which name."""
        status, body = CachedApi().read(f"{context}/?id={self.ids[which]}")
        assert isinstance(body, dict)
        [answer] = body.values()
        return status, answer

    def read(self, which: int = 0, context: str = "thing") -> tuple[str, str]:
        """`read_here` by somebody else."""
        return in_thread(lambda: self.read_here(which, context))

    def call(self, function: str, name: str, which: int = 0) -> int:
        """The status of a mutation that somebody else calls."""
        return in_thread(lambda: CachedApi().call(function, id=self.ids[which], name=name).status_code)


@pytest.fixture
def things(postgres: str, cached: CachedApi) -> Things:
    """Whose names have all been read, so that every first read in a test is a hit."""
    made = Things(cached, postgres)
    for which in range(3):
        assert made.read(which) == ("MISS", "old")
        assert made.read(which, "watched") == ("MISS", "old")
    return made


@pytest.fixture
def use_level(things: Things) -> Callable[[str], None]:
    """Makes an isolation level that of every connection from now on."""

    def use(level: str) -> None:
        connections.settings[things.alias]["OPTIONS"]["isolation_level"] = LEVELS[level]
        forget_connection()

    return use


class TestCommit:
    """Stale at the commit that others see, and never for what they never see."""

    def test_others_have_the_old_answer_until_the_commit(self, things: Things) -> None:
        """It is still right for them; the one who writes is not shown it."""
        with things.atomic():
            things.set("new")
            assert things.read() == ("HIT", "old")
            assert things.read_here() == ("BYPASS", "new")
        assert things.read() == ("MISS", "new")
        assert things.read() == ("HIT", "new")

    def test_who_reads_anew_before_the_commit_stores_nothing_stale(self, things: Things) -> None:
        """What is stored while a change waits is stale after its commit too."""
        with things.atomic():
            things.set("new")
            in_thread(lambda: mizan.invalidate("thing"))
            assert things.read() == ("MISS", "old")
            assert things.read() == ("HIT", "old")
        assert things.read() == ("MISS", "new")

    @pytest.mark.parametrize(
        "leave",
        [
            lambda things: 1 / 0,
            lambda things: transaction.set_rollback(True, using=things.alias),
            lambda things: things.rows.create(pk=things.ids[0], name="twice"),
            lambda things: connections[things.alias].close(),
        ],
        ids=["an exception", "set_rollback", "a refused row", "a lost connection"],
    )
    def test_a_rollback_makes_nothing_stale(self, things: Things, leave: Callable[[Things], Any]) -> None:
        """However it comes about."""
        try:
            with things.atomic():
                things.set("new")
                leave(things)
        except (ZeroDivisionError, DatabaseError):
            pass
        assert things.read() == ("HIT", "old")

    def test_a_commit_that_fails_makes_nothing_stale(self, things: Things) -> None:
        """PostgreSQL looks at foreign keys when it commits."""
        with pytest.raises(IntegrityError), things.atomic():
            things.set("new")
            things.rows.filter(pk=things.ids[0]).update(shelf=999)
        assert things.read() == ("HIT", "old")

    def test_what_is_rolled_back_to_a_savepoint_does_not_count(self, things: Things) -> None:
        """What came before and what comes after it does."""
        with things.atomic():
            things.set("new", 0)
            with pytest.raises(ZeroDivisionError), things.atomic():
                things.set("new", 1)
                1 / 0  # noqa: B018
            things.set("new", 2)
        assert [things.read(which) for which in range(3)] == [("MISS", "new"), ("HIT", "old"), ("MISS", "new")]

    def test_a_savepoint_inside_one_that_is_rolled_back_does_not_count(self, things: Things) -> None:
        """Although it was released; the same change made again in another savepoint counts."""
        with things.atomic():
            with pytest.raises(ZeroDivisionError), things.atomic():
                with things.atomic():
                    things.set("new", 0)
                    things.set("new", 1)
                1 / 0  # noqa: B018
            with things.atomic():
                things.set("newer", 1)
        assert [things.read(which) for which in range(2)] == [("HIT", "old"), ("MISS", "newer")]

    def test_a_block_without_a_savepoint_takes_the_whole_with_it(self, things: Things) -> None:
        """Nothing of the transaction has happened."""
        with pytest.raises(transaction.TransactionManagementError), things.atomic():
            things.set("new", 0)
            with pytest.raises(ZeroDivisionError), things.atomic(savepoint=False):
                1 / 0  # noqa: B018
            things.rows.get(pk=things.ids[0])
        assert things.read() == ("HIT", "old")

    def test_durable_blocks_commit_when_they_end(self, things: Things) -> None:
        """One after the other."""
        for name in ("new", "newer"):
            with things.atomic(durable=True):
                things.set(name)
                assert things.read()[0] == "HIT"
            assert things.read() == ("MISS", name)
            assert things.read() == ("HIT", name)

    def test_manual_savepoints(self, things: Things) -> None:
        """Django drops no hooks of theirs, so more is stale than need be, and nothing that is wrong is served."""
        with things.atomic():
            point = transaction.savepoint(using=things.alias)
            things.set("new")
            transaction.savepoint_rollback(point, using=things.alias)
        assert things.read()[1] == "old"

    def test_manual_transactions(self, things: Things) -> None:
        """Without autocommit it is the commit that counts, too."""
        transaction.set_autocommit(False, using=things.alias)
        things.set("new")
        assert things.read()[1] == "old"
        transaction.commit(using=things.alias)
        assert things.read() == ("MISS", "new")
        things.set("newer")
        transaction.rollback(using=things.alias)
        transaction.set_autocommit(True, using=things.alias)
        assert things.read() == ("HIT", "new")

    def test_blocks_in_a_manual_transaction(self, things: Things) -> None:
        """With autocommit off the end of an ``atomic`` block commits nothing."""
        transaction.set_autocommit(False, using=things.alias)
        with things.atomic():
            things.set("new", 0)
            with pytest.raises(ZeroDivisionError), things.atomic():
                things.set("new", 1)
                1 / 0  # noqa: B018
        assert [things.read(which) for which in range(2)] == [("HIT", "old"), ("HIT", "old")]
        transaction.commit(using=things.alias)
        assert things.read(0) == ("MISS", "new")
        assert things.read(1)[1] == "old"
        with things.atomic():
            things.set("newer", 0)
        transaction.rollback(using=things.alias)
        assert things.read(0) == ("HIT", "new")
        transaction.set_autocommit(True, using=things.alias)
        assert things.read(0) == ("HIT", "new")

    def test_watched_rows(self, things: Things) -> None:
        """At the commit of the database that they are in."""
        with things.atomic():
            things.rows.filter(pk=things.ids[0]).update(name="new")
            assert things.read(0, "watched") == ("HIT", "old")
        assert [things.read(which, "watched") for which in range(2)] == [("MISS", "new"), ("HIT", "old")]
        with pytest.raises(ZeroDivisionError), things.atomic():
            things.rows.get(pk=things.ids[0]).delete()
            1 / 0  # noqa: B018
        assert things.read(0, "watched") == ("HIT", "new")


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


class TestHooks:
    """``transaction.on_commit`` hooks of the project, beside ours."""

    @pytest.mark.parametrize("when", ["before", "after"])
    def test_a_hook_sees_the_new_answer(self, things: Things, when: str) -> None:
        """In the process and from elsewhere, wherever the hook was set: it may be what tells a browser to look again."""
        seen: list[tuple[str, str]] = []

        def hook() -> None:
            transaction.on_commit(lambda: seen.extend([things.read(), things.read_here()]), using=things.alias)

        with things.atomic():
            if when == "before":
                hook()
            things.set("new")
            if when == "after":
                hook()
        assert seen == [("MISS", "new"), ("HIT", "new")]

    def test_a_hook_that_fails_takes_no_invalidation_with_it(self, things: Things) -> None:
        """Django skips the hooks after one that raises."""

        def fail() -> None:
            raise RuntimeError("of the project")

        with pytest.raises(RuntimeError, match="of the project"), things.atomic():
            transaction.on_commit(fail, using=things.alias)
            things.set("new")
        assert things.read() == ("MISS", "new")

    def test_a_hook_in_a_savepoint(self, things: Things) -> None:
        """Changes around it are one batch or several; none is lost and none is said for what was rolled back."""
        ran: list[str] = []
        with things.atomic():
            things.set("new", 0)
            with things.atomic():
                transaction.on_commit(lambda: ran.append("kept"), using=things.alias)
                things.set("new", 1)
            with pytest.raises(ZeroDivisionError), things.atomic():
                transaction.on_commit(lambda: ran.append("lost"), using=things.alias)
                things.set("new", 2)
                1 / 0  # noqa: B018
        assert ran == ["kept"]
        assert [things.read(which) for which in range(3)] == [("MISS", "new"), ("MISS", "new"), ("HIT", "old")]

    def test_a_hook_that_changes_something(self, things: Things) -> None:
        """It runs after the commit, so its changes count at once, or at the commit of a transaction of its own."""

        def change() -> None:
            things.set("newer", 1)
            with things.atomic():
                things.set("newer", 2)
                assert things.read(2) == ("HIT", "old")

        with things.atomic():
            transaction.on_commit(change, using=things.alias)
            things.set("new", 0)
        assert [things.read(which) for which in range(3)] == [("MISS", "new"), ("MISS", "newer"), ("MISS", "newer")]


class TestTwoDatabases:
    """PostgreSQL and SQLite: each commit counts, and what was rolled back does not."""

    def test_each_commit_counts(self, things: Things) -> None:
        """What is read between the two may be of before the second."""
        with things.atomic():
            with transaction.atomic():
                things.set("new")
                assert things.read() == ("HIT", "old")
            assert things.read() == ("MISS", "old")
            assert things.read() == ("HIT", "old")
        assert things.read() == ("MISS", "new")

    def test_the_one_that_is_rolled_back_does_not(self, things: Things) -> None:
        """The other does."""
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            with things.atomic():
                things.set("new")
            assert things.read() == ("MISS", "new")
            1 / 0  # noqa: B018
        assert things.read() == ("HIT", "new")

    def test_both_rolled_back(self, things: Things) -> None:
        """Nothing is stale."""
        with pytest.raises(ZeroDivisionError), things.atomic(), transaction.atomic():
            things.set("new")
            1 / 0  # noqa: B018
        assert things.read() == ("HIT", "old")

    def test_a_row_is_in_one_of_them(self, things: Things) -> None:
        """A transaction of the other has no say in when it changes."""
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            things.rows.filter(pk=things.ids[0]).update(name="new")
            assert things.read(0, "watched") == ("MISS", "new")
            with things.atomic():
                things.rows.filter(pk=things.ids[0]).update(name="newer")
                assert things.read(0, "watched") == ("HIT", "new")
            assert things.read(0, "watched") == ("MISS", "newer")
            1 / 0  # noqa: B018
        assert things.read(0, "watched") == ("HIT", "newer")

    def test_a_transaction_of_either_stores_nothing(self, things: Things) -> None:
        """Which of them a function reads is not known."""
        mizan.invalidate("thing")
        with transaction.atomic():
            User.objects.count()
            assert things.read_here() == ("BYPASS", "old")
        assert things.read_here() == ("MISS", "old")


class TestUser:
    """Whoever asks is loaded before the versions are looked at: permissions come first."""

    def test_a_user_of_before_is_not_stored(self, things: Things) -> None:
        """Neither are the fields nor the permissions that were read then."""

        def admit(request: Any) -> bool:
            assert request.user.email
            during_permissions()
            return True

        @client(auth=admit, context="me")
        def address(request: Any) -> str:
            return str(request.user.email)

        def change() -> None:
            User.objects.update(email="new@example.com")
            mizan.invalidate("me")

        api = CachedApi()
        api.serve(address)
        during_permissions = once(lambda: in_thread(change))
        ada = User.objects.create_user("ada", email="old@example.com")
        api.http.force_login(ada)

        api.read("me/")

        assert api.read("me/")[1] == {"address": "new@example.com"}


def once(action: Callable[[], Any]) -> Callable[[], Any]:
    """*action* the first time, nothing after it."""
    left = [action]
    return lambda: left.pop()() if left else None
