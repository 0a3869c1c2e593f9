"""
How the files of a client name each other in imports: with no extension, with ``.js``, or with their own.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable
from typing import Literal, TypeAlias

ImportExtension: TypeAlias = Literal["", ".js", ".ts"]

EXTENSIONS: tuple[ImportExtension, ...] = ("", ".js", ".ts")

_SPECIFIER = re.compile(r'(\bfrom |\bimport ?\(|^import )"(\.{1,2}/[^"]+)"', re.MULTILINE)


def specifier_writer(paths: Iterable[str], extension: ImportExtension) -> Callable[[str], str]:
    """
    What turns a module's specifier (``./hooks``) into the one to write.

    Args:
        paths: Every file of the client, relative to its folder: ``.ts`` means the file's own extension, and that may be
            ``.tsx``.
    """
    if not extension:
        return lambda specifier: specifier
    endings = {
        path.rpartition(".")[0]: f".{path.rpartition('.')[2]}" if extension == ".ts" else ".js" for path in paths
    }

    def complete(specifier: str) -> str:
        # Packages and all else that is no file of the client stay as they are.
        return specifier + endings.get(specifier.removeprefix("./"), "")

    return complete


def complete_imports(text: str, path: str, specify: Callable[[str], str]) -> str:
    """
    The file at *path* with its relative imports completed by *specify*; all else stays as it is.
    """
    folder = posixpath.dirname(path)

    def replace(match: re.Match[str]) -> str:
        module = f"./{posixpath.normpath(posixpath.join(folder, match[2]))}"
        ending = specify(module).removeprefix(module)
        return f'{match[1]}"{match[2]}{ending}"'

    return _SPECIFIER.sub(replace, text)
