"""
What is stale at which commit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connections, transaction

import mizan
from tests.threads import in_thread
from tests.topologies.postgres.rows import Things

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "postgres"]),
    pytest.mark.parametrize("cached", ["redis"], indirect=True),
]


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
    def test_a_rollback_invalidates_nothing(self, things: Things, leave: Callable[[Things], Any]) -> None:
        """However it comes about."""
        try:
            with things.atomic():
                things.set("new")
                leave(things)
        except (ZeroDivisionError, DatabaseError):
            pass
        assert things.read() == ("HIT", "old")

    def test_a_commit_that_fails_invalidates_nothing(self, things: Things) -> None:
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
