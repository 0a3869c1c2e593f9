"""
A store that may fail, used so that nobody waits for it and nothing stale comes out of it afterwards.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection
from typing import TypeVar

from mizan.cache.counters import counters
from mizan.cache.stores import Store
from mizan.protocol.cache_keys import PREFIX

logger = logging.getLogger("mizan.cache")

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 10.0
CATCH_UP_SECONDS = 1.0
REMEMBERED_TAGS = 10_000
PROBE = f"{PREFIX}:probe"

T = TypeVar("T")


class CacheUnavailable(Exception):
    """The store does not answer, or is not to be believed yet. Read from the origin."""


class Guard:
    """
    A circuit breaker with a memory.

    After one failure the store is left alone for a while, twice as long after each further one. Tags that could not be made
    stale meanwhile are remembered, and made stale before the store is believed again.
    """

    def __init__(self, store: Store, make_stale: Callable[[Collection[str]], None]) -> None:
        """
        Args:
            make_stale: Gives tags new versions in the store; raises where that fails.
        """
        self.store = store
        self._make_stale = make_stale
        self._lock = threading.Lock()
        self._probing = threading.Lock()
        self._owed: dict[str, str] = {}
        self._is_catching_up = False
        self._retry_at: float | None = None
        self._pause = FIRST_PAUSE_SECONDS

    @property
    def is_open(self) -> bool:
        """Whether the store is being left alone, or is behind."""
        return self._retry_at is not None

    def attempt(self, command: Callable[[Store], T]) -> T:
        """
        Let *command* use the store.

        Raises:
            CacheUnavailable: it is being left alone, or has just failed.
        """
        if self._retry_at is not None and not self._recover():
            raise CacheUnavailable
        try:
            return command(self.store)
        except Exception as error:
            self._fail(error)
            raise CacheUnavailable from error

    def invalidate(self, tags: dict[str, str]) -> bool:
        """
        Make *tags* stale now, or remember them; never raises.

        Args:
            tags: Each with the tag of its whole context, which stands in for it where too many must be remembered.

        Returns:
            Whether the store took them.
        """
        try:
            self.attempt(lambda store: self._make_stale(tags))
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
            # Also where another thread has just closed the breaker: what is owed comes first.
            if self._retry_at is None:
                self._retry_at = time.monotonic()
            if not self._is_catching_up:
                # A worker that has nothing more to do must not keep it to itself.
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
        """Whether the store may be used: it answers again and has been told of everything."""
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
                # A tag that is owed anew while this goes on is made stale once more.
                owed, self._owed = self._owed, {}
            try:
                self.store.read([PROBE])
                self._make_stale(owed)
            except Exception as error:
                with self._lock:
                    self._owed = {**owed, **self._owed}
                self._fail(error)
                return False
            with self._lock:
                if self._owed:
                    continue
                self._retry_at, self._pause = None, FIRST_PAUSE_SECONDS
            logger.warning("The cache answers again; %d tags made stale that had to wait", len(owed))
            return True
