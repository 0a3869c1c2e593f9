"""
`index.ts`: all that an application imports, in one place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mizan.codegen.react.plan import TYPES, Project
from mizan.codegen.react.symbols import PUBLIC_OF_REACT
from mizan.codegen.typescript.tree import Declaration, ExportAll, ExportNames, Module, Symbol

_KERNEL = "./kernel/index"


def build_barrel(project: Project, modules: Iterable[Module], kernel: Mapping[str, bool]) -> Module:
    """
    Everything of the other files and of the kernel.

    Where the application and the kernel have a type of the same name, the application's is exported by name: that wins over
    ``export *``.
    """
    owners = project.owners
    exports: list[tuple[str, Declaration]] = [
        (module.specifier, ExportAll(module.specifier, is_type=module.specifier == TYPES)) for module in modules
    ]
    exports.append((_KERNEL, ExportAll(_KERNEL)))
    own: dict[str, list[Symbol]] = {}
    for name in sorted(kernel.keys() & owners.keys()):
        own.setdefault(owners[name], []).append(Symbol(owners[name], name, is_type=True))
    exports += [(module, ExportNames(tuple(symbols))) for module, symbols in own.items()]
    of_react = tuple(symbol for symbol in PUBLIC_OF_REACT if symbol.name not in owners)
    exports.append((of_react[0].module, ExportNames(of_react)))
    return Module("index.ts", tuple(export for _, export in sorted(exports, key=lambda pair: pair[0])))
