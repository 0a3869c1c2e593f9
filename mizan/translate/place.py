"""
Where in the document the translator is, for findings.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """
    A step and the place before it; the text is only made when a finding needs it.
    """

    step: str
    before: Place | None = None

    def __truediv__(self, step: str) -> Place:
        return Place(step, self)

    def __str__(self) -> str:
        return self.step if self.before is None else f"{self.before} > {self.step}"
