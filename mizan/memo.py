"""
The two ways to keep what is derived: until its key changes, and with the object that it was derived from.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

T = TypeVar("T")

_NOT_MADE = object()


def _always_the_same() -> None:
    """The key of a value that only `Memo.forget` can make anew."""


class Memo(Generic[T]):
    """
    A value that is made when it is first asked for, and again when its key has changed; one thread makes it.
    """

    def __init__(self, make: Callable[[], T], key: Callable[[], Hashable] = _always_the_same) -> None:
        """
        Args:
            key: Gives what the value was made of, as far as that can change. Called each time, so it must be quick.
        """
        self._make = make
        self._key = key
        self._lock = threading.Lock()
        # One attribute, so that no thread sees the key of one value beside another value.
        self._made: tuple[Any, Any] = (_NOT_MADE, None)

    def __call__(self) -> T:
        """The value for the key as it is now."""
        key = self._key()
        made_for, value = self._made
        if made_for != key:
            with self._lock:  # threads share what is derived from the value, so there must be only one
                made_for, value = self._made
                if made_for != key:
                    value = self._make()
                    self._made = key, value
        kept: T = value
        return kept

    def forget(self) -> None:
        """Make the value anew when it is next asked for."""
        self._made = _NOT_MADE, None


class Deriving:
    """
    Something that never changes once it is made, so that what is derived from it can be kept with it.
    """

    def __init__(self) -> None:
        self._derived: dict[Callable[[Any], Any], Any] = {}

    def derive(self, make: Callable[[Any], T]) -> T:
        """What *make* gives for this object, made once; two threads that come at the same time get the same value."""
        try:
            value: T = self._derived[make]
        except KeyError:
            value = self._derived.setdefault(make, make(self))
        return value
