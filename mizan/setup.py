"""
What users import to put functions in service.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, TypeVar

from mizan.protocol.registry import default_registry
from mizan.protocol.specs import FunctionSpec, spec_of

__all__ = ["mizan_clients", "register"]

F = TypeVar("F", bound=Callable[..., Any])


def register(function: F, name: str | None = None) -> F:
    """
    Serve *function*, which `@client` decorates, under a wire name.

    Registering it again changes nothing; under another name it is renamed, for a function has one name. A second function for one
    name is reported by ``manage.py check`` (``mizan.E003``).

    Args:
        name: The wire name; by default the one that ``@client(name=…)`` gave or the function's own.

    Raises:
        TypeError: *function* is not decorated with `@client`.
    """
    spec = spec_of(function)
    if spec is None:
        raise TypeError(
            f"register() takes a function decorated with @client, not {function!r}. Write @client above it."
        )
    default_registry.add(spec if name is None else spec.renamed(name), by_hand=True)
    return function


def mizan_clients(app: str) -> None:
    """
    Import ``<app>.clients`` and serve every `@client` function in it that was not registered by hand.

    Where ``clients`` is a package, its submodules count too.

    Args:
        app: Dotted path of the app's package, as in ``AppConfig.name``.

    Raises:
        ModuleNotFoundError: the app has no ``clients`` module.
    """
    for module in _modules(importlib.import_module(f"{app}.clients")):
        for spec in _specs_defined_in(module):
            default_registry.add(spec, by_hand=False)


def _modules(root: ModuleType) -> Iterator[ModuleType]:
    yield root
    for info in pkgutil.walk_packages(getattr(root, "__path__", ()), f"{root.__name__}."):
        yield importlib.import_module(info.name)


def _specs_defined_in(module: ModuleType) -> list[FunctionSpec]:
    specs = [spec_of(value) for value in vars(module).values()]
    return [spec for spec in specs if spec is not None and spec.module == module.__name__]
