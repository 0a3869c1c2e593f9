"""
The frozen description that `@client` hangs on a function. Everything Mizan does is derived from it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from mizan.protocol.names import GLOBAL_CONTEXT, HTTP, WEBSOCKET
from mizan.protocol.signature import Signature, read_signature, resolve_hints

SPEC_ATTRIBUTE = "__mizan__"


@dataclass(frozen=True, slots=True)
class ReactContext:
    """
    A context by name, for declaring it once and using it in ``context=`` and ``affects=``.

    ::

        UserContext = ReactContext("user")

        @client(context=UserContext)
        def user_profile(request, id: int) -> Profile: ...
    """

    name: str

    def __str__(self) -> str:
        return self.name


GlobalContext = ReactContext(GLOBAL_CONTEXT)
"""The context that every page has: fetched once, without parameters."""


@dataclass(frozen=True, slots=True)
class FunctionSpec:
    """
    The options of `@client` on a function, as they were written; `mizan.protocol.resolver` resolves the names in them.

    Args:
        affects, merge: Context names or functions, in the order given.
        auth: None (follow the project's default), False, True, "staff", "superuser", a permission codename, a predicate,
            or permission classes.
        throttle: Rates such as ``"10/min"``, or throttle classes.
        cache: True, False or seconds.
        watch: Models (or their labels), each with the field or fields that narrow it, or None.
        lost_line: The line where an earlier function of this name began in the same module.
    """

    function: Callable[..., Any]
    name: str
    context: str | None = None
    affects: tuple[Any, ...] = ()
    merge: tuple[Any, ...] = ()
    websocket: bool = False
    auth: Any = None
    route: str | None = None
    methods: tuple[str, ...] | None = None
    rev: int = 0
    private: bool = False
    cache: Any = True
    raises: tuple[Any, ...] = ()
    throttle: tuple[Any, ...] = ()
    watch: tuple[tuple[Any, Any], ...] = ()
    doc: str = ""
    deprecated: bool = False
    lost_line: int | None = None
    local_names: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def module(self) -> str:
        return self.function.__module__

    @property
    def app(self) -> str:
        """The app's part of the module's path: that of ``shop.clients.orders`` is ``shop``."""
        return self.module.split(".clients", 1)[0].rsplit(".", 1)[-1]

    @property
    def where(self) -> str:
        """Where a developer finds it: ``tasks.clients.create_task``."""
        return f"{self.module}.{self.function.__qualname__}"

    @property
    def located(self) -> str:
        """
        `where` with the file and line, for messages: ``tasks.clients.create_task (tasks/clients.py:12)``.

        The file counts from the folder that holds the package, so a message is the same on every machine.
        """
        code = getattr(inspect.unwrap(self.function), "__code__", None)
        if code is None or code.co_filename.startswith("<"):
            return self.where
        parts = PurePath(code.co_filename).parts
        depth = self.module.count(".") + (2 if parts[-1] == "__init__.py" else 1)
        return f"{self.where} ({'/'.join(parts[-depth:])}:{code.co_firstlineno})"

    @property
    def is_async(self) -> bool:
        return inspect.iscoroutinefunction(self.function)

    @property
    def is_view(self) -> bool:
        """Whether it is a view function: mounted at its ``route=``, it returns an HttpResponse."""
        return self.route is not None

    @property
    def transports(self) -> tuple[str, ...]:
        return (HTTP, WEBSOCKET) if self.websocket else (HTTP,)

    def signature(self) -> Signature:
        """
        Read the type hints.

        Raises:
            NameError: a hint names something that is not defined.
        """
        return read_signature(self.function, resolve_hints(self.function, self.local_names))

    def renamed(self, name: str) -> FunctionSpec:
        """The same function under another wire name."""
        return replace(self, name=name)


def spec_of(function: object) -> FunctionSpec | None:
    """The spec that `@client` hung on *function* itself, or None."""
    spec = getattr(function, SPEC_ATTRIBUTE, None)
    return spec if isinstance(spec, FunctionSpec) and spec.function is function else None


def copied_spec_of(value: object) -> FunctionSpec | None:
    """
    The spec that *value* shows and that was hung on something else, or None.

    ``functools.wraps`` copies it to the function that a decorator above `@client` makes; a bound method and a subclass
    show it too. Whoever served that spec would leave out what the decorator does.
    """
    spec = getattr(value, SPEC_ATTRIBUTE, None)
    return spec if isinstance(spec, FunctionSpec) and spec.function is not value else None
