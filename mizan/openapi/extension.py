"""
What OpenAPI has no words for, as ``x-mizan``. Framework-free: the documents of all adapters are made with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mizan.protocol.graph import Target
from mizan.protocol.specs import FunctionSpec


def function_extension(
    spec: FunctionSpec, *, auth_level: str, affects: Iterable[Target] = (), merges: Iterable[Target] = ()
) -> dict[str, Any]:
    """
    The ``x-mizan`` of a function, without what has its default.

    Args:
        auth_level: Who may call it: open, authenticated, staff, superuser, permission or custom.
    """
    extension: dict[str, Any] = {
        "kind": "function",
        "name": spec.name,
        "module": spec.module,
        "transports": list(spec.transports),
        "auth": auth_level,
        "permission": spec.auth if auth_level == "permission" else None,
        "context": spec.context,
        "affects": _targets(affects),
        "merge": _targets(merges),
        "raises": sorted(error.code for error in spec.raises),
        "rev": spec.rev,
    }
    words = {key: value for key, value in extension.items() if value not in (None, [], 0)}
    if spec.cache is not True:
        words["cache"] = spec.cache
    return words


def context_extension(name: str, readers: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """
    The ``x-mizan`` of a context.

    Args:
        readers: The parameters that each reader takes, by its name.
    """
    functions = [{"name": reader, **({"params": list(params)} if params else {})} for reader, params in readers.items()]
    return {"kind": "context", "name": name, "functions": functions}


def view_extension(spec: FunctionSpec, *, auth_level: str, affects: Iterable[Target] = ()) -> dict[str, Any]:
    """The ``x-mizan`` of a view function."""
    targets = _targets(affects)
    return {
        "kind": "view",
        "name": spec.name,
        "module": spec.module,
        "route": spec.route,
        "methods": list(spec.methods or ("GET",)),
        "auth": auth_level,
        **({"affects": targets} if targets else {}),
    }


def _targets(targets: Iterable[Target]) -> list[dict[str, Any]]:
    return [
        {
            "context": target.context,
            **({"function": target.function} if target.function else {}),
            **({"params": list(target.params)} if target.params else {}),
        }
        for target in targets
    ]
