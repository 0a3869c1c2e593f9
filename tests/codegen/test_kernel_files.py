from __future__ import annotations

import re

from mizan.codegen.kernel_files import exported_names, kernel_exports, kernel_files
from mizan.codegen.react import symbols
from mizan.codegen.typescript.tree import Symbol


def test_the_kernel_is_shipped_with_the_package():
    """A client needs no package of ours."""
    paths = [file.path for file in kernel_files()]

    assert paths == sorted(paths)
    assert {"kernel/client.ts", "kernel/index.ts", "kernel/react.tsx", "kernel/scalars.ts"} <= set(paths)
    assert all(file.text.endswith("\n") for file in kernel_files())


def test_exported_names_are_found_in_every_form_the_kernel_uses():
    """Names that an application may not take are read off the kernel, not listed a second time."""
    sources = {
        "index": (
            'export * from "./a"\nexport type * from "./b"\n'
            'export { type One, two, three as four } from "./c"\nexport type {\n  Five,\n  Six as Seven,\n} from "./c"\n'
        ),
        "a": (
            "export function eight(): void {}\nexport async function nine() {}\nexport abstract class Ten {}\n"
            "export const eleven: number = 1\n  export const inner = 1\n// export const no = 1\n"
        ),
        "b": "export interface Twelve {}\nexport type Thirteen = 1\n",
        "c": "export const unreachable = 1\n",
    }

    assert dict(exported_names("index", sources)) == {
        "Five": True,
        "One": True,
        "Seven": True,
        "Ten": False,
        "Thirteen": True,
        "Twelve": True,
        "eight": False,
        "eleven": False,
        "four": False,
        "nine": False,
        "two": False,
    }


def test_the_kernel_has_all_that_generated_code_imports():
    """The list of what is imported and the kernel cannot drift apart."""
    sources = {re.sub(r"^kernel/|\.tsx?$", "", file.path): file.text for file in kernel_files()}
    wanted = [symbol for symbol in vars(symbols).values() if isinstance(symbol, Symbol)]
    wanted += [*symbols.PUBLIC_OF_REACT, *symbols.FLAVOURED_SCALARS.values()]

    for symbol in wanted:
        if symbol.module.startswith("./kernel/"):
            exports = dict(exported_names(symbol.module.removeprefix("./kernel/"), sources))
            assert symbol.name in exports, symbol
            # A class may be imported for its type alone; nothing else goes the other way.
            assert symbol.is_type or not exports[symbol.name], symbol


def test_the_kernels_own_names_are_known():
    """They are what an application cannot call a function."""
    exports = kernel_exports()

    assert exports["MizanError"] is False
    assert exports["Decimal"] is True
