from __future__ import annotations

from mizan.codegen.typescript.scope import Scope, import_lines
from mizan.codegen.typescript.tree import GLOBAL, Symbol

CALL = Symbol("./kernel/client", "call")
OPTIONS = Symbol("./kernel/client", "CallOptions", is_type=True)
DECIMAL = Symbol("./kernel/scalars", "Decimal", is_type=True)
PROMISE = Symbol(GLOBAL, "Promise", is_type=True)


def lines(scope, width=120):
    return import_lines(scope, lambda module: module, width)


def test_imports_are_what_was_used_and_nothing_else():
    """An unused import cannot be written, because imports are made of uses."""
    scope = Scope("./functions", {"callEcho": "./functions"})
    for symbol in (
        OPTIONS,
        CALL,
        PROMISE,
        Symbol("./functions", "callEcho"),
        Symbol("react", "ReactNode", is_type=True),
    ):
        assert scope.local(symbol) == symbol.name

    assert lines(scope) == [
        'import type { ReactNode } from "react"',
        'import { type CallOptions, call } from "./kernel/client"',
    ]


def test_a_long_import_has_a_line_for_each_name():
    """Adding a name changes one line."""
    scope = Scope("./functions", {})
    scope.local(CALL)
    scope.local(OPTIONS)

    assert lines(scope, width=40) == ['import {\n  type CallOptions,\n  call,\n} from "./kernel/client"']


def test_the_application_keeps_its_names():
    """A model called Decimal or Promise stays what it is; what the kernel or the language calls so is reached otherwise."""
    owners = {"Decimal": "./types", "Promise": "./types", "call": "./types", "OuterDecimal": "./types"}
    scope = Scope("./functions", owners)

    assert scope.local(Symbol("./types", "Decimal", is_type=True)) == "Decimal"
    assert scope.local(DECIMAL) == "OuterOuterDecimal"
    assert scope.local(PROMISE) == "globalThis.Promise"
    assert scope.local(CALL) == "outerCall"
    assert lines(scope) == [
        'import { call as outerCall } from "./kernel/client"',
        'import type { Decimal as OuterOuterDecimal } from "./kernel/scalars"',
        'import type { Decimal } from "./types"',
    ]


def test_a_local_name_does_not_depend_on_what_is_used_first():
    """The same schema in another order gives the same text."""
    symbols = [DECIMAL, CALL, OPTIONS, Symbol("./types", "Decimal", is_type=True)]
    forward, backward = Scope("./x", {"Decimal": "./types"}), Scope("./x", {"Decimal": "./types"})
    names = [forward.local(symbol) for symbol in symbols]

    assert [backward.local(symbol) for symbol in reversed(symbols)] == names[::-1]
    assert lines(forward) == lines(backward)
