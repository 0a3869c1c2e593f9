"""
A store that may fail, used so that nobody waits for it and so that it gives nothing stale after it has failed.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection
from typing import ParamSpec, TypeVar

from mizan.cache.counters import counters
from mizan.cache.stores import Store
from mizan.protocol.cache_keys import PREFIX

logger = logging.getLogger("mizan.cache")

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 10.0
CATCH_UP_SECONDS = 1.0
REMEMBERED_TAGS = 10_000
PROBE = f"{PREFIX}:probe"

P = ParamSpec("P")
T = TypeVar("T")


class CacheUnavailable(Exception):
    """The store does not answer, or does not know yet of every invalidation. Read from the origin."""


class CircuitBreaker:
    """
    A circuit breaker with a memory.

    After a failure the store is left alone for a while, twice as long after each further one. Tags that could not be
    invalidated meanwhile are remembered, and invalidated before anything that the store says is believed again.
    """

    def __init__(self, store: Store, renew_versions: Callable[[Collection[str]], None]) -> None:
        """
        Args:
            renew_versions: Gives tags new versions in the store; raises where that fails.
        """
        self.store = store
        self._renew_versions = renew_versions
        self._lock = threading.Lock()
        self._probing = threading.Lock()
        self._owed: dict[str, str] = {}
        self._is_catching_up = False
        self._retry_at: float | None = None
        self._pause = FIRST_PAUSE_SECONDS

    @property
    def is_open(self) -> bool:
        """Whether the store is being left alone, or does not know yet of every invalidation."""
        return self._retry_at is not None

    def attempt(self, command: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """
        What *command*, which uses the store, gives for its arguments.

        Raises:
            CacheUnavailable: the store is being left alone, or has just failed.
        """
        if self._retry_at is not None and not self._recover():
            raise CacheUnavailable
        try:
            return command(*args, **kwargs)
        except Exception as error:
            self._fail(error)
            raise CacheUnavailable from error

    def invalidate(self, tags: dict[str, str]) -> bool:
        """
        Invalidate *tags* now, or remember them; never raises.

        Args:
            tags: Each with the tag of its whole context, which replaces it where too many tags must be remembered.

        Returns:
            Whether the store took them.
        """
        try:
            self.attempt(self._renew_versions, tags)
        except CacheUnavailable:
            self._owe(tags)
            counters.add("invalidations_owed", len(tags))
            return False
        counters.add("invalidations", len(tags))
        return True

    def _owe(self, tags: dict[str, str]) -> None:
        with self._lock:
            self._owed.update(tags)
            if len(self._owed) > REMEMBERED_TAGS:
                self._owed = {whole: whole for whole in self._owed.values()}
            # Another thread may have closed the breaker just now: nothing is believed before these tags are invalidated.
            if self._retry_at is None:
                self._retry_at = time.monotonic()
            if not self._is_catching_up:
                # The worker may never be asked again, and the other processes must hear of its changes.
                self._is_catching_up = True
                threading.Thread(target=self._keep_catching_up, name="mizan-cache-catch-up", daemon=True).start()

    def _keep_catching_up(self) -> None:
        while True:
            time.sleep(CATCH_UP_SECONDS)
            with self._lock:
                if self._retry_at is None:
                    self._is_catching_up = False
                    return
            self._recover()

    def _fail(self, error: Exception) -> None:
        counters.add("failures")
        with self._lock:
            first = self._retry_at is None
            self._retry_at = time.monotonic() + self._pause
            pause, self._pause = self._pause, min(self._pause * 2, LONGEST_PAUSE_SECONDS)
        log = logger.warning if first else logger.debug
        log("The cache does not answer; reading from the origin for %.1f s: %r", pause, error)

    def _recover(self) -> bool:
        """Whether the store may be used: it answers again, and every tag that was owed has been invalidated."""
        retry_at = self._retry_at
        if retry_at is None:
            return True
        if time.monotonic() < retry_at or not self._probing.acquire(blocking=False):
            return False
        try:
            return self._catch_up()
        finally:
            self._probing.release()

    def _catch_up(self) -> bool:
        while True:
            with self._lock:
                # A tag that is owed again while this goes on is invalidated once more.
                owed, self._owed = self._owed, {}
            try:
                self.store.read([PROBE])
                self._renew_versions(owed)
            except Exception as error:
                with self._lock:
                    self._owed = {**owed, **self._owed}
                self._fail(error)
                return False
            with self._lock:
                if self._owed:
                    continue
                self._retry_at, self._pause = None, FIRST_PAUSE_SECONDS
            logger.warning("The cache answers again; %d tags invalidated that had to wait", len(owed))
            return True
