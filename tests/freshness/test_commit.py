"""
When a change is told: at commit, and never on rollback.
"""

from __future__ import annotations

import pytest
from django.db import transaction

import mizan
from mizan.freshness.listeners import Listener
from tests.api import CachedApi
from tests.freshness.reading import is_hit
from tests.things.models import Thing

pytestmark = pytest.mark.django_db(transaction=True)


def test_only_at_commit(shelves: tuple[CachedApi, Thing, Thing]) -> None:
    """What is rolled back has not changed."""
    api, here, _ = shelves
    api.read("all/")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        here.save()
        1 / 0  # noqa: B018
    assert is_hit(api, "all/")
    with transaction.atomic():
        here.save()
    assert not is_hit(api, "all/")


def test_many_changes_are_one_step(shelves: tuple[CachedApi, Thing, Thing], monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand saves in one transaction are said once, at its commit."""

    steps: list[int] = []
    heard = Listener(lambda changes: steps.append(sum(len(change.invalidations) for change in changes)), lambda: True)
    monkeypatch.setattr("mizan.freshness.listeners.listeners", [heard])
    _, here, there = shelves
    with transaction.atomic():
        for _ in range(500):
            here.save()
            there.save()
    assert steps == [3]


@pytest.mark.django_db(transaction=True)
class TestTransactions:
    """At commit, and never on rollback."""

    def test_at_commit(self, projects: CachedApi) -> None:
        """Not before."""
        with transaction.atomic():
            mizan.invalidate("project")
            assert self.is_hit_for_others(projects)
        assert projects.read("project/?id=1")[0] == "MISS"

    def test_not_on_rollback(self, projects: CachedApi) -> None:
        """What did not happen invalidates nothing."""
        projects.read("project/?id=1")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            mizan.invalidate("project")
            1 / 0  # noqa: B018
        assert projects.read("project/?id=1")[0] == "HIT"

    def test_savepoints(self, projects: CachedApi) -> None:
        """What is rolled back to a savepoint does not count; what came before it does."""
        for query in ("id=1", "id=2"):
            projects.read(f"project/?{query}&~only=detail")
        with transaction.atomic():
            mizan.invalidate("project", id=1)
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                mizan.invalidate("project", id=2)
                1 / 0  # noqa: B018
        assert projects.read("project/?id=1&~only=detail")[0] == "MISS"
        assert projects.read("project/?id=2&~only=detail")[0] == "HIT"

    def test_durable(self, projects: CachedApi) -> None:
        """``durable`` blocks commit like others."""
        projects.read("project/?id=1")
        with transaction.atomic(durable=True):
            mizan.invalidate("project")
        assert projects.read("project/?id=1")[0] == "MISS"

    def test_who_has_changed_something_sees_it(self, projects: CachedApi) -> None:
        """Inside the transaction the cache does not know yet, so it is not asked, and learns nothing."""
        _, before = projects.read("project/?id=1")
        with transaction.atomic():
            mizan.invalidate("project")
            status, inside = projects.read("project/?id=1")
            assert (status, inside != before) == ("BYPASS", True)
        assert projects.read("project/?id=1")[0] == "MISS"

    def test_a_transaction_stores_nothing(self, projects: CachedApi) -> None:
        """It may see a state of before; an answer that is there is served."""
        with transaction.atomic():
            assert projects.read("project/?id=1")[0] == "BYPASS"
            assert projects.read("project/?id=1")[0] == "BYPASS"
        projects.read("project/?id=1")
        with transaction.atomic():
            assert projects.read("project/?id=1")[0] == "HIT"

    def test_atomic_requests(self, projects: CachedApi, monkeypatch: pytest.MonkeyPatch) -> None:
        """Reads are cached with ATOMIC_REQUESTS too; a mutation that fails invalidates nothing."""
        from django.db import connection

        monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
        projects.read("project/?id=1")
        assert projects.read("project/?id=1")[0] == "HIT"
        projects.call("fail", id=1)
        assert projects.read("project/?id=1")[0] == "HIT"
        projects.call("save", id=1)
        assert projects.read("project/?id=1")[0] == "MISS"

    @staticmethod
    def is_hit_for_others(api: CachedApi) -> bool:
        """Read in a thread of its own, which has its own connections and no transaction."""
        import threading

        seen: list[str] = []
        for _ in range(2):
            thread = threading.Thread(target=lambda: seen.append(api.read("project/?id=1")[0]))
            thread.start()
            thread.join()
        return seen[-1] == "HIT"
