"""
Findings while they are being collected.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from mizan.ir.findings import Finding


class Notes:
    """
    Collects findings for everything that checks or translates, so that one run shows all of them.
    """

    def __init__(self) -> None:
        self._findings: dict[Finding, None] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """
        The findings in the order in which they were added, none twice.
        """
        return tuple(self._findings)

    def add(self, where: str, message: str, hint: str = "") -> None:
        self._findings[Finding(where, message, hint)] = None

    def unique(self, where: str, kind: str, names: Iterable[str]) -> None:
        """
        Add a finding for every name that *names* has more than once.
        """
        for name, count in Counter(names).items():
            if count > 1:
                place = f'{kind} "{name}"'
                message = f"there are {count} of this name."
                self.add(f"{where} > {place}" if where else place, message, "Rename all but one.")
