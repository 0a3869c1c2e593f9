"""
The hand-written TypeScript that every client carries: its files, and the names that it exports.

The files are package data in `kernel/`; nothing here changes what they say.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files

FOLDER = "kernel"

_EXPORT_ALL = re.compile(r'^export (?:type )?\* from "\./(\w+)(?:\.[jt]sx?)?"', re.MULTILINE)
_EXPORT_NAMES = re.compile(r"^export (type )?\{([^}]*)\}", re.MULTILINE)
_EXPORT_DECLARATION = re.compile(
    r"^export (?:declare |default |abstract |async )*"
    r"(const enum|function\*?|class|const|let|var|enum|interface|type|namespace) +([\w$]+)",
    re.MULTILINE,
)
_TYPE_KINDS = ("interface", "type")


@dataclass(frozen=True, slots=True)
class KernelFile:
    """
    A file of the kernel; *path* is relative to the client's folder (``kernel/client.ts``).
    """

    path: str
    text: str


@functools.cache
def kernel_files() -> tuple[KernelFile, ...]:
    """
    Every file of the kernel, sorted by path.
    """
    folder = files("mizan.codegen").joinpath("kernel")
    return tuple(
        KernelFile(f"{FOLDER}/{entry.name}", entry.read_text(encoding="utf-8"))
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith((".ts", ".tsx"))
    )


@functools.cache
def kernel_exports() -> Mapping[str, bool]:
    """
    The names that ``kernel/index`` exports, with whether each is only a type.
    """
    sources = {file.path.removeprefix(f"{FOLDER}/").rpartition(".")[0]: file.text for file in kernel_files()}
    return dict(exported_names("index", sources))


def exported_names(module: str, sources: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """
    The names that *module* exports, those it passes on from its neighbours included.

    It reads the export forms that the kernel's own style allows, one statement at the start of a line; it is no parser.

    Args:
        sources: Text of each module of the folder, by name without extension.
    """
    text = sources[module]
    for neighbour in _EXPORT_ALL.findall(text):
        yield from exported_names(neighbour, sources)
    for kind, name in _EXPORT_DECLARATION.findall(text):
        yield name, kind in _TYPE_KINDS
    for all_types, names in _EXPORT_NAMES.findall(text):
        for item in filter(None, map(str.strip, names.split(","))):
            yield item.split()[-1], bool(all_types) or item.startswith("type ")
