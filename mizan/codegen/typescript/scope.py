"""
Which local name each symbol has in one file, and so what the file imports.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mizan.codegen.typescript.tree import GLOBAL, Symbol


class Scope:
    """
    The names that one file uses, gathered while it is printed.

    A symbol keeps its name, except where the application has a thing of that name of its own, wherever it is: then the
    application's thing keeps it and the other one is imported as ``Outer…`` or, for a global, read off ``globalThis``. So a
    local name depends on what the application has, never on what else a file imports.

    Args:
        module: The specifier of the file itself; its own symbols need no import.
        owners: Specifier of the module that declares each name of the application.
    """

    def __init__(self, module: str, owners: Mapping[str, str]) -> None:
        self._module = module
        self._owners = owners
        self._names: dict[Symbol, str] = {}

    def local(self, symbol: Symbol) -> str:
        known = self._names.get(symbol)
        if known is None:
            known = self._names[symbol] = self._choose(symbol)
        return known

    def imports(self) -> dict[str, list[tuple[Symbol, str]]]:
        """
        The imported symbols with their local names, by module; packages before the client's own files, all sorted.
        """
        by_module: dict[str, list[tuple[Symbol, str]]] = {}
        for symbol in sorted(self._names, key=lambda symbol: symbol.name):
            if symbol.module not in (GLOBAL, self._module):
                by_module.setdefault(symbol.module, []).append((symbol, self._names[symbol]))
        return {
            module: by_module[module]
            for module in sorted(by_module, key=lambda module: (module.startswith("."), module))
        }

    def _choose(self, symbol: Symbol) -> str:
        name = symbol.name
        owner = self._owners.get(name)
        if owner is None or owner == symbol.module:
            return name
        if symbol.module == GLOBAL:
            return f"globalThis.{name}"
        capital = name[:1].upper() + name[1:]
        prefix = "outer" if name[:1].islower() else "Outer"
        while prefix + capital in self._owners:
            prefix += "Outer"
        return prefix + capital


def import_lines(scope: Scope, specify: Callable[[str], str], width: int) -> list[str]:
    """
    The import declarations of a file, each on one line where it fits within *width*.
    """
    lines = []
    for module, symbols in scope.imports().items():
        all_types = all(symbol.is_type for symbol, _ in symbols)
        names = [
            f"{'type ' if symbol.is_type and not all_types else ''}{symbol.name}"
            f"{'' if local == symbol.name else f' as {local}'}"
            for symbol, local in symbols
        ]
        head, source = "import type" if all_types else "import", f'"{specify(module)}"'
        lines.append(braced(head, names, f"from {source}", width))
    return lines


def braced(head: str, names: list[str], tail: str, width: int) -> str:
    """
    ``head { a, b } tail``, with one name to a line where it would be too long.
    """
    line = f"{head} {{ {', '.join(names)} }} {tail}"
    return line if len(line) <= width else "\n".join([f"{head} {{", *(f"  {name}," for name in names), f"}} {tail}"])
