"""
How printed TypeScript is laid out: lines of up to 120 columns, two spaces for each level.
"""

from __future__ import annotations

from collections.abc import Iterable

from mizan.codegen.typescript.tree import Comment

WIDTH = 120
STEP = "  "


def lines_of(items: Iterable[str]) -> str:
    """The items on lines of their own, each with its comma."""
    return "\n" + "".join(f"{item},\n" for item in items)


def last_width(text: str) -> int:
    """How many columns the last line of *text* takes."""
    return len(text) - text.rfind("\n") - 1


def doc_comment(lines: Comment, indent: str = "") -> str:
    """*lines* as a JSDoc comment with its line break; nothing where there are none."""
    if not lines:
        return ""
    single = f"{indent}/** {lines[0]} */\n"
    if len(lines) == 1 and len(single) <= WIDTH + 1:
        return single
    middle = "".join(f"{indent} * {line}".rstrip() + "\n" for line in lines)
    return f"{indent}/**\n{middle}{indent} */\n"
