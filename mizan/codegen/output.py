"""
A client on disk: finding what differs from the generated files, and writing it. Files that are not ours are never touched.
"""

from __future__ import annotations

import difflib
import importlib.metadata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from mizan.codegen.failures import ConfigProblem
from mizan.codegen.files import MARK, OutputFile

MANIFEST: Final = ".mizan-manifest"


@dataclass(frozen=True, slots=True)
class Changes:
    """
    What makes a folder hold exactly the client: files to write, and paths of an earlier run to remove.
    """

    written: tuple[OutputFile, ...]
    removed: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.written) + len(self.removed)


def generator_version() -> str:
    """
    The version of the installed package.
    """
    try:
        return importlib.metadata.version("mizan")
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def find_changes(folder: Path, files: Sequence[OutputFile]) -> Changes:
    """
    Compare *folder* with the client that it should hold; line ends do not count as a difference.
    """
    written = tuple(file for file in files if _read(folder / file.path) != file.text)
    wanted = {file.path for file in files}
    removed = tuple(path for path in sorted(_listed(folder)) if path not in wanted and (folder / path).is_file())
    return Changes(written, removed)


def write_changes(folder: Path, files: Sequence[OutputFile], changes: Changes) -> None:
    """
    Make *folder* hold the client.

    A file is replaced in one step, so that a watching bundler never sees half of one.

    Raises:
        ConfigProblem: a file there is not ours, or the folder cannot be written to. In the first case nothing was done.
    """
    _require_ours(folder, files, changes)
    try:
        for file in changes.written:
            _write(folder / file.path, file.text)
        for path in changes.removed:
            _remove(folder, path)
        manifest = _manifest_text(files)
        if _read(folder / MANIFEST) != manifest:
            _write(folder / MANIFEST, manifest)
    except OSError as error:
        place = error.filename or folder
        raise ConfigProblem(f"{place} cannot be written: {error.strerror}.", "Check the output folder.") from None


def format_changes(folder: Path, changes: Changes, shown: str) -> str:
    """
    The difference as a unified diff, from what is there to what should be.

    Args:
        shown: Name of the folder in the diff.
    """
    lines: list[str] = []
    for file in changes.written:
        lines += _diff(_read(folder / file.path), file.text, f"{shown}/{file.path}")
    for path in changes.removed:
        lines += _diff(_read(folder / path), None, f"{shown}/{path}")
    return "".join(lines)


def _diff(old: str | None, new: str | None, name: str) -> Iterator[str]:
    yield from difflib.unified_diff(
        (old or "").splitlines(keepends=True),
        (new or "").splitlines(keepends=True),
        "/dev/null" if old is None else name,
        "/dev/null" if new is None else f"{name} (generated)",
    )


def _manifest_text(files: Iterable[OutputFile]) -> str:
    head = f"# Written by mizan-generate {generator_version()}; it removes no other files than these.\n"
    return head + "".join(f"{file.path}\n" for file in files)


def _listed(folder: Path) -> set[str]:
    """The paths in the manifest, as far as they are inside the folder."""
    text = _read(folder / MANIFEST) or ""
    return {line for line in text.splitlines() if line and not line.startswith("#") and _is_inside(folder, line)}


def _is_inside(folder: Path, path: str) -> bool:
    # Anyone may edit a manifest. So a path in it that leads out of the folder, through a link too, does not count.
    parts = PurePosixPath(path).parts
    if ".." in parts or Path(path).is_absolute():
        return False
    return (folder / path).parent.resolve().is_relative_to(folder.resolve())


def _require_ours(folder: Path, files: Sequence[OutputFile], changes: Changes) -> None:
    listed = _listed(folder)
    if not listed and any(MARK in (_read(folder / file.path) or "")[:200] for file in files):
        # A client whose manifest is gone, for example because it was not committed.
        listed = {file.path for file in files}
    foreign = [file.path for file in changes.written if file.path not in listed and _is_foreign(folder / file.path)]
    if foreign:
        message = f"{folder} has files that mizan-generate did not write: {', '.join(foreign)}."
        raise ConfigProblem(message, 'Move them, or give the client a folder of its own: output = "src/api"')


def _is_foreign(path: Path) -> bool:
    text = _read(path)
    return text is not None and MARK not in text[:200]


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8", errors="replace").replace("\r\n", "\n")
    except OSError:
        return None


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.mizan-tmp")
    try:
        temporary.write_bytes(text.encode("utf-8"))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _remove(folder: Path, path: str) -> None:
    (folder / path).unlink()
    for parent in list(PurePosixPath(path).parents)[:-1]:
        if any((folder / parent).iterdir()):
            break
        (folder / parent).rmdir()
