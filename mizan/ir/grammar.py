"""
Words of the KDL text that the writer and the reader share. `docs/ir.md` says what each word means.
"""

from __future__ import annotations

from typing import Final

INDENT: Final = "    "

# Annotates a number that KDL parsers are known to round: a string holds its exact text.
NUMBER_TEXT: Final = "number"

SCALAR_CONSTRAINTS: Final = frozenset(
    {
        "decimal-places",
        "gt",
        "lt",
        "max",
        "max-digits",
        "max-length",
        "min",
        "min-length",
        "multiple-of",
        "pattern",
    }
)
LIST_CONSTRAINTS: Final = frozenset({"max-items", "min-items", "unique"})
MAP_CONSTRAINTS: Final = frozenset({"max-items", "min-items"})
