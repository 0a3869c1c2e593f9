"""
Whether something made earlier is still what its inputs would make: a digest, kept in a file beside the result.

A stamp lives inside the folder that it vouches for, so that it goes when the folder goes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

SKIPPED_FOLDERS = {"node_modules", "dist", "__pycache__"}


def digest(*parts: str | bytes | Path) -> str:
    """
    One text for the content of *parts*: texts, files, and folders with all that is in them.
    """
    seen = hashlib.sha256()
    for part in parts:
        for label, content in _contents(part):
            seen.update(f"{label}\0{len(content)}\0".encode())
            seen.update(content)
    return seen.hexdigest()


def is_current(stamp: Path, expected: str, results: Iterable[Path] = ()) -> bool:
    """Whether *stamp* says *expected* and every one of *results* is there."""
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == expected and all(path.exists() for path in results)


def leave(stamp: Path, content: str) -> None:
    """Write *stamp*; called last, when what it vouches for is complete."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(content, encoding="utf-8")


def _contents(part: str | bytes | Path) -> Iterator[tuple[str, bytes]]:
    if isinstance(part, bytes):
        yield "", part
    elif isinstance(part, str):
        yield "", part.encode()
    elif part.is_dir():
        for path in sorted(part.rglob("*")):
            inside = path.relative_to(part)
            if path.is_file() and not SKIPPED_FOLDERS.intersection(inside.parts):
                yield inside.as_posix(), path.read_bytes()
    elif part.exists():
        yield part.name, part.read_bytes()
