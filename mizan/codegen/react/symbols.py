"""
What generated code imports from the kernel and from packages: this list is the whole of it.
"""

from __future__ import annotations

from typing import Final

from mizan.codegen.typescript.tree import GLOBAL, Symbol

PROMISE: Final = Symbol(GLOBAL, "Promise", is_type=True)
BLOB: Final = Symbol(GLOBAL, "Blob", is_type=True)
READONLY_ARRAY: Final = Symbol(GLOBAL, "ReadonlyArray", is_type=True)

REACT_NODE: Final = Symbol("react", "ReactNode", is_type=True)
USE_QUERY_RESULT: Final = Symbol("@tanstack/react-query", "UseQueryResult", is_type=True)

CALL: Final = Symbol("./kernel/client", "call")
CALL_OPTIONS: Final = Symbol("./kernel/client", "CallOptions", is_type=True)

CONTEXT_DEF: Final = Symbol("./kernel/context", "ContextDef", is_type=True)
FETCH_CONTEXT: Final = Symbol("./kernel/context", "fetchContext")
FETCH_FROM: Final = Symbol("./kernel/context", "fetchFrom")

MIZAN_ERROR: Final = Symbol("./kernel/errors", "MizanError")
KNOWN_ERROR: Final = Symbol("./kernel/errors", "KnownError", is_type=True)

CROSS_TAB: Final = Symbol("./kernel/live", "crossTab")

_REACT: Final = "./kernel/react"
BINDING: Final = Symbol(_REACT, "Binding", is_type=True)
CONTEXT_PROVIDER: Final = Symbol(_REACT, "ContextProvider")
CONTEXT_PROVIDER_PROPS: Final = Symbol(_REACT, "ContextProviderProps", is_type=True)
CONTEXT_QUERY_OPTIONS: Final = Symbol(_REACT, "ContextQueryOptions", is_type=True)
CONTEXT_QUERY_PARAMS: Final = Symbol(_REACT, "ContextQueryParams", is_type=True)
MIZAN_CONTEXT_PROPS: Final = Symbol(_REACT, "MizanContextProps", is_type=True)
MIZAN_ROOT: Final = Symbol(_REACT, "MizanRoot")
MUTATION: Final = Symbol(_REACT, "Mutation", is_type=True)
MUTATION_OPTIONS: Final = Symbol(_REACT, "MutationOptions", is_type=True)
USE_CALL: Final = Symbol(_REACT, "useCall")
USE_CONTEXT_DATA: Final = Symbol(_REACT, "useContextData")
USE_CONTEXT_QUERY: Final = Symbol(_REACT, "useContextQuery")
USE_MIZAN: Final = Symbol(_REACT, "useMizan")
USE_PRELOAD: Final = Symbol(_REACT, "usePreload")
PRELOAD_CONTEXT: Final = Symbol(_REACT, "preloadContext")

# What of kernel/react an application needs; the barrel exports it beside all of kernel/index.
PUBLIC_OF_REACT: Final = (
    CONTEXT_PROVIDER_PROPS,
    CONTEXT_QUERY_OPTIONS,
    CONTEXT_QUERY_PARAMS,
    MIZAN_CONTEXT_PROPS,
    MUTATION,
    MUTATION_OPTIONS,
    PRELOAD_CONTEXT,
    USE_MIZAN,
    USE_PRELOAD,
)


def _scalar(name: str) -> Symbol:
    return Symbol("./kernel/scalars", name, is_type=True)


FLAVOURED_SCALARS: Final = {
    "bigint": _scalar("BigIntText"),
    "bytes": _scalar("Base64"),
    "date": _scalar("DateOnly"),
    "datetime": _scalar("DateTime"),
    "decimal": _scalar("Decimal"),
    "duration": _scalar("Duration"),
    "time": _scalar("TimeOnly"),
    "uuid": _scalar("Uuid"),
}
