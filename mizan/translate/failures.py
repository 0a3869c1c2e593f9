"""
Why a document did not become an IR.
"""

from __future__ import annotations

from collections.abc import Iterable

from mizan.ir.findings import Finding


class TranslationError(Exception):
    """
    The document says something that the IR has no words for. ``findings`` has all of it, each with its place.

    Mend what each finding names, or take the operation out of the document.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))
