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
    """The key of what only `Memo.forget` makes anew."""


class Memo(Generic[T]):
    """
    A value that one thread makes when it is first asked for, and makes anew when its key is another one.
    """

    def __init__(self, make: Callable[[], T], key: Callable[[], Hashable] = _always_the_same) -> None:
        """
        Args:
            key: What the value was made of, as far as it can change. It is asked for each time, so it must be quick.
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
            with self._lock:  # threads share what hangs on the value, so there must be one
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
        """*make* of this object, made once; of two threads that come at the same time both get the first value."""
        try:
            value: T = self._derived[make]
        except KeyError:
            value = self._derived.setdefault(make, make(self))
        return value
