"""
What became stale, as the call path speaks of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import to_jsonable_python

from mizan.protocol.envelope import Invalidation, invalidation

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

    def entry(self) -> str | Invalidation:
        """As the ``invalidate`` of an answer says it."""
        return invalidation(self.context, self.function, to_jsonable_python(dict(self.params)))

    @classmethod
    def access(cls, context: str) -> Stale:
        """The answers of *context* that permissions may have had a part in."""
        return cls(context, ACCESS)
