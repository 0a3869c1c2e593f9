"""
What users import to put functions in service.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, TypeVar

from mizan.protocol.placement_findings import decorated_finding, method_finding
from mizan.protocol.registry import default_registry
from mizan.protocol.specs import FunctionSpec, copied_spec_of, spec_of

__all__ = ["mizan_clients", "register"]

F = TypeVar("F", bound=Callable[..., Any])


def register(function: F, name: str | None = None) -> F:
    """
    Serve *function*, which `@client` decorates, under a wire name.

    Registering it again changes nothing; under another name it is renamed, for a function has one name. A second function for one
    name is reported by ``manage.py check`` (``mizan.E003``).

    A function that another decorator made of one with `@client` is not served, for a call would go past that
    decorator; ``manage.py check`` reports it (``mizan.E019``).

    Args:
        name: The wire name; by default the one that ``@client(name=…)`` gave or the function's own.

    Raises:
        TypeError: *function* is not decorated with `@client`.
    """
    copied = copied_spec_of(function)
    if copied is not None:
        default_registry.refuse(copied, decorated_finding(copied, function))
        return function
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
        serve_module(module)


def _modules(root: ModuleType) -> Iterator[ModuleType]:
    yield root
    for info in pkgutil.walk_packages(getattr(root, "__path__", ()), f"{root.__name__}."):
        yield importlib.import_module(info.name)


def serve_module(module: ModuleType) -> None:
    """Serve what *module* defines, and refuse what nobody could call as it is written."""
    values = [value for value in vars(module).values() if callable(value)]
    own = [spec for spec in map(spec_of, values) if spec is not None and spec.module == module.__name__]
    for spec in own:
        default_registry.add(spec, by_hand=False)
    served = {id(spec.function) for spec in own}
    for carrier in values:
        copied = copied_spec_of(carrier)
        if copied is not None and copied.module == module.__name__ and id(copied.function) not in served:
            default_registry.refuse(copied, decorated_finding(copied, carrier))
    for spec in _specs_in_classes(module):
        if id(spec.function) not in served and default_registry.find(spec.function) is None:
            default_registry.refuse(spec, method_finding(spec))


def _specs_in_classes(module: ModuleType) -> Iterator[FunctionSpec]:
    for cls in vars(module).values():
        if isinstance(cls, type) and cls.__module__ == module.__name__:
            for value in vars(cls).values():
                spec = spec_of(value) or copied_spec_of(value)
                if spec is not None:
                    yield spec
