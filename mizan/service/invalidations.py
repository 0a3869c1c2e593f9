"""
What a change invalidates, as the call path speaks of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

from pydantic_core import to_jsonable_python

from mizan.protocol.envelope import InvalidationBody, invalidation

_MANY_SPELLINGS = (bytes, time, timedelta)
"""``PT60M`` is ``PT1H``, ``AP-A`` is ``AP+A`` and ``10:00`` is ``10:00:00``; the kernel compares texts and knows no types."""

ACCESS = "~access"
"""In the place of a reader: the answers of a context to everybody who is logged in."""


@dataclass(frozen=True, slots=True)
class Invalidation:
    """
    A context, or one *reader* of it, that is stale where its parameters include *params* (validated values).
    """

    context: str
    reader: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_spelled_one_way(self) -> bool:
        """Whether equal values of the parameters have equal texts, so that a client can compare them."""
        return not any(isinstance(value, _MANY_SPELLINGS) for value in self.params.values())

    def body(self) -> str | InvalidationBody:
        """
        One item of the ``invalidate`` of an answer. It is narrowed by what a client can compare, so the client drops too much
        rather than too little.
        """
        comparable = {name: value for name, value in self.params.items() if not isinstance(value, _MANY_SPELLINGS)}
        return invalidation(self.context, self.reader, to_jsonable_python(comparable))

    @classmethod
    def access(cls, context: str) -> Invalidation:
        """The answers of *context* that permissions may have had a part in."""
        return cls(context, ACCESS)
