"""
What became stale, as the call path speaks of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

from pydantic_core import to_jsonable_python

from mizan.protocol.envelope import Invalidation, invalidation

_MANY_SPELLINGS = (bytes, time, timedelta)
"""``PT60M`` is ``PT1H``, ``AP-A`` is ``AP+A`` and ``10:00`` is ``10:00:00``; the kernel knows no types."""

ACCESS = "~access"
"""Stands where a function does, for the answers of a context to everybody who is logged in."""


@dataclass(frozen=True, slots=True)
class Stale:
    """
    A context, or one function's slot in it, that is stale where its parameters include *params* (validated values).
    """

    context: str
    function: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_spelled_one_way(self) -> bool:
        """Whether a client can tell by their texts that two values of the parameters are one."""
        return not any(isinstance(value, _MANY_SPELLINGS) for value in self.params.values())

    def entry(self) -> str | Invalidation:
        """
        As the ``invalidate`` of an answer says it: narrowed by what a client can compare, so that it drops too much
        rather than too little.
        """
        told = {name: value for name, value in self.params.items() if not isinstance(value, _MANY_SPELLINGS)}
        return invalidation(self.context, self.function, to_jsonable_python(told))

    @classmethod
    def access(cls, context: str) -> Stale:
        """The answers of *context* that permissions may have had a part in."""
        return cls(context, ACCESS)
