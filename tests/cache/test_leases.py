"""
Leases: held as long as their process computes, and no longer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import pytest

from mizan.cache import leases
from mizan.cache.circuit_breaker import CircuitBreaker
from mizan.cache.leases import Lease, LeaseRenewal
from tests.waiting import wait_until

PATIENCE = 20
MINE, OTHER = Lease("mine", b"me"), Lease("other", b"me too")


class RecordingStore:
    """Remembers which leases it was asked to renew."""

    def __init__(self) -> None:
        self.renewed: list[tuple[str, bytes, float]] = []
        self.is_away = False

    def renew(self, key: str, owner: bytes, seconds: float) -> None:
        self.renewed.append((key, owner, seconds))
        if self.is_away:
            raise OSError

    def count(self, lease: Lease) -> int:
        return sum(name == lease.name for name, _, _ in self.renewed)


def nothing_to_renew(tags: Collection[str]) -> None:
    """No tag is invalidated here."""


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> RecordingStore:
    """Leases are renewed a hundred times as often as in a server."""
    monkeypatch.setattr(leases, "RENEW_SECONDS", 0.01)
    return RecordingStore()


@pytest.fixture
def renewal(store: Any) -> Iterator[LeaseRenewal]:
    """Which stops at the end of the test."""
    made = LeaseRenewal(CircuitBreaker(store, nothing_to_renew))
    yield made
    for holder in list(made._held):
        made.drop(holder)
    wait_until(lambda: not made._is_running, PATIENCE, "the thread has ended")


def wait_for_renewals(store: RecordingStore, lease: Lease, count: int) -> None:
    """Until *lease* was renewed *count* times from now."""
    before = store.count(lease)
    wait_until(lambda: store.count(lease) >= before + count, PATIENCE, f"the lease {lease.name} is renewed")


def test_a_held_lease_is_renewed_again_and_again(store: RecordingStore, renewal: LeaseRenewal) -> None:
    """For its owner, and each time for as long as a new one would last."""
    renewal.hold("a computation", MINE)

    wait_for_renewals(store, MINE, 3)

    assert set(store.renewed) == {("mine", b"me", leases.LEASE_SECONDS)}


def test_a_dropped_lease_is_renewed_no_more(store: RecordingStore, renewal: LeaseRenewal) -> None:
    """Those of other computations are."""
    renewal.hold("a computation", MINE)
    renewal.hold("another", OTHER)
    wait_for_renewals(store, MINE, 1)
    renewal.drop("a computation")
    wait_for_renewals(store, OTHER, 1)  # the round that was under way is over after this
    before = store.count(MINE)

    wait_for_renewals(store, OTHER, 3)

    assert store.count(MINE) <= before + 1


def test_without_leases_there_is_no_thread(store: RecordingStore, renewal: LeaseRenewal) -> None:
    """It ends with the last one, and begins anew with the next."""
    renewal.hold("a computation", MINE)
    renewal.drop("a computation")
    wait_until(lambda: not renewal._is_running, PATIENCE, "the thread has ended")

    renewal.hold("another", OTHER)

    wait_for_renewals(store, OTHER, 1)


def test_a_store_that_is_away_ends_nothing(store: RecordingStore, renewal: LeaseRenewal) -> None:
    """When it is back the lease may be there still; dropping one that nobody holds is no error."""
    store.is_away = True
    renewal.hold("a computation", MINE)
    wait_for_renewals(store, MINE, 1)
    renewal.drop("nobody's")

    assert renewal._is_running
    assert "a computation" in renewal._held
