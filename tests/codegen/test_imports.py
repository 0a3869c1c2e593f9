from __future__ import annotations

from mizan.codegen.imports import complete_imports, specifier_writer

PATHS = ["hooks.tsx", "types.ts", "kernel/client.ts", "kernel/react.tsx"]
KERNEL = """\
import type { A } from "./client"
import { useState } from "react"
import "./react"
export * from "./react"
export {
  b,
} from "../types"
const lazy = () => import("./react")
const text = "./client"
"""


def test_no_extension_leaves_everything_as_it_is():
    """The kernel is copied verbatim, and generated files name modules as the kernel does."""
    specify = specifier_writer(PATHS, "")

    assert specify("./hooks") == "./hooks"
    assert complete_imports(KERNEL, "kernel/index.ts", specify) == KERNEL


def test_js_is_what_node_resolves():
    """TypeScript takes it for the source file beside it, JSX or not."""
    specify = specifier_writer(PATHS, ".js")

    assert specify("./hooks") == "./hooks.js"
    assert specify("react") == "react"


def test_ts_is_the_extension_that_the_file_has():
    """``./hooks.ts`` does not exist where there is JSX in it."""
    specify = specifier_writer(PATHS, ".ts")

    assert specify("./types") == "./types.ts"
    assert specify("./kernel/react") == "./kernel/react.tsx"
    assert complete_imports(KERNEL, "kernel/index.ts", specify) == (
        'import type { A } from "./client.ts"\n'
        'import { useState } from "react"\n'
        'import "./react.tsx"\n'
        'export * from "./react.tsx"\n'
        'export {\n  b,\n} from "../types.ts"\n'
        'const lazy = () => import("./react.tsx")\n'
        'const text = "./client"\n'
    )
