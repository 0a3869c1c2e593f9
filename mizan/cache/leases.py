"""
Leases in a shared store: the sign for other processes that this one computes an answer.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Hashable
from dataclasses import dataclass

from mizan.cache.circuit_breaker import CacheUnavailable, CircuitBreaker

LEASE_SECONDS = 3.0
RENEW_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Lease:
    """
    The right to compute what *name* stands for, held by *owner*, who is one computation of one process.
    """

    name: str
    owner: bytes


class LeaseRenewal:
    """
    Renews the leases of this process in a thread of its own, so that only the leases of a dead process run out.
    """

    def __init__(self, breaker: CircuitBreaker) -> None:
        self._breaker = breaker
        self._lock = threading.Lock()
        self._held: dict[Hashable, tuple[Lease, float]] = {}
        self._is_running = False

    def hold(self, holder: Hashable, lease: Lease) -> None:
        """Renew *lease* until *holder* drops it."""
        with self._lock:
            self._held[holder] = lease, time.monotonic() + RENEW_SECONDS
            if not self._is_running:
                self._is_running = True
                threading.Thread(target=self._run, name="mizan-cache-leases", daemon=True).start()

    def drop(self, holder: Hashable) -> None:
        with self._lock:
            self._held.pop(holder, None)

    def _run(self) -> None:
        while True:
            time.sleep(RENEW_SECONDS)
            with self._lock:
                if not self._held:
                    self._is_running = False
                    return
                now = time.monotonic()
                due = [lease for lease, renew_at in self._held.values() if renew_at <= now]
            for lease in due:
                self._renew(lease)

    def _renew(self, lease: Lease) -> None:
        try:
            self._breaker.attempt(self._breaker.store.renew, lease.name, lease.owner, LEASE_SECONDS)
        except CacheUnavailable:
            return
