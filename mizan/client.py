"""
What users import to declare functions. It records; it does not register, resolve or import Django.
"""

from __future__ import annotations

import difflib
import inspect
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, overload

from mizan.protocol.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    MizanError,
    NotFound,
    NotImplementedByServer,
    Unauthorized,
)
from mizan.protocol.specs import SPEC_ATTRIBUTE, FunctionSpec, GlobalContext, ReactContext, spec_of

__all__ = [
    "BadRequest",
    "Conflict",
    "Forbidden",
    "GlobalContext",
    "MizanError",
    "NotFound",
    "NotImplementedByServer",
    "ReactContext",
    "Unauthorized",
    "client",
]

F = TypeVar("F", bound=Callable[..., Any])


@overload
def client(function: F, /) -> F: ...


@overload
def client(
    *,
    context: str | ReactContext | None = None,
    affects: Any = (),
    merge: Any = (),
    websocket: bool = False,
    auth: Any = None,
    route: str | None = None,
    methods: Iterable[str] | None = None,
    name: str | None = None,
    rev: int = 0,
    private: bool = False,
    cache: bool | int = True,
    raises: Any = (),
    throttle: Any = (),
    watch: Any = (),
    deprecated: bool = False,
) -> Callable[[F], F]: ...


def client(
    function: F | None = None,
    /,
    *,
    context: str | ReactContext | None = None,
    affects: Any = (),
    merge: Any = (),
    websocket: bool = False,
    auth: Any = None,
    route: str | None = None,
    methods: Iterable[str] | None = None,
    name: str | None = None,
    rev: int = 0,
    private: bool = False,
    cache: bool | int = True,
    raises: Any = (),
    throttle: Any = (),
    watch: Any = (),
    deprecated: bool = False,
    **unknown: Any,
) -> F | Callable[[F], F]:
    """
    Make a typed function callable from React, from programs and from the browsable API.

    The function itself is returned unchanged, so ``echo(request, text="hi")`` works in a unit test.

    Args:
        context: The context this function is read with: a name or a `ReactContext`.
        affects: What a success makes stale: a context name, a `ReactContext`, a reader function, or a list of them.
            Arguments that carry the name of a parameter of the context narrow it.
        merge: Readers whose data the result replaces without a refetch: functions, or contexts with exactly one reader of
            the same return type.
        websocket: Also reachable over the WebSocket.
        auth: None follows ``DEFAULT_PERMISSION_CLASSES``; False is open; True needs a login; ``"staff"``,
            ``"superuser"``, a permission codename (``"blog.add_post"``), a predicate over the request, or DRF permission
            classes.
        route: Make it a view function: mounted at this URL path, it returns an ``HttpResponse``.
        methods: HTTP methods of a view function; ``("GET",)`` by default.
        name: The wire name instead of the function's own.
        rev: Revision of the result; entries of other revisions are not used.
        private: Clients cannot reach it and do not know of it; it is for calls from Python.
        cache: Whether the result may be cached on the server, or for how many seconds.
        raises: Subclasses of `MizanError` that callers should expect.
        throttle: A rate such as ``"10/min"``, a DRF throttle class, or a list of them.
        watch: Models whose changed rows make the context stale, as a list; or a mapping from each to the field that holds
            the context's parameter: ``{Profile: "user_id"}``, ``{Membership: {"team": "team_id", "user": "user_id"}}``.
        deprecated: Marked so in OpenAPI and the generated client.

    Raises:
        TypeError: there is no such option.

    Source: README "Functions"; docs/functions.md.
    """
    if unknown:
        raise TypeError(_unknown_option(next(iter(unknown))))

    def decorate(target: F) -> F:
        if not inspect.isroutine(target) and not inspect.isclass(target):
            raise TypeError(
                f'@client goes above a function and takes its options by name, @client(context="user"); not {target!r}.'
            )
        spec = FunctionSpec(
            function=target,
            name=target.__name__ if name is None else str(name),
            context=None if context is None else str(context),
            affects=_listed(affects),
            merge=_listed(merge),
            websocket=websocket,
            auth=auth,
            route=route,
            methods=None if methods is None else tuple(method.upper() for method in _listed(methods)),
            rev=rev,
            private=private,
            cache=cache,
            raises=_listed(raises),
            throttle=_listed(throttle),
            watch=_watched(watch),
            doc=inspect.getdoc(target) or "",
            deprecated=deprecated,
            lost_line=_lost_line(target),
            local_names=local_names,
        )
        setattr(target, SPEC_ATTRIBUTE, spec)
        return target

    local_names = _caller_names()
    return decorate if function is None else decorate(function)


def _unknown_option(name: str) -> str:
    options = list(client.__kwdefaults__ or ())
    close = difflib.get_close_matches(name, options, n=1)
    advice = f"Did you mean {close[0]}=?" if close else f"Its options: {', '.join(f'{option}=' for option in options)}."
    return f"@client has no option {name}=. {advice}"


def _lost_line(function: Any) -> int | None:
    """The line of the decorated function in the same module whose name *function* takes over, or None."""
    names = getattr(function, "__globals__", {})
    known = names.get(function.__name__) if function.__qualname__ == function.__name__ else None
    if known is None or spec_of(known) is None or known.__module__ != function.__module__:
        return None
    line: int = known.__code__.co_firstlineno
    return line if line < function.__code__.co_firstlineno else None


def _listed(value: Any) -> tuple[Any, ...]:
    """One value or several, as a tuple; a context object becomes its name."""
    values = value if isinstance(value, list | tuple | set | frozenset) else (value,)
    return tuple(item.name if isinstance(item, ReactContext) else item for item in values)


def _watched(value: Any) -> tuple[tuple[Any, Any], ...]:
    """Each model with the fields that narrow it, or None."""
    if isinstance(value, Mapping):
        return tuple((model, fields or None) for model, fields in value.items())
    return tuple((model, None) for model in (value if isinstance(value, list | tuple | set) else (value,)))


def _caller_names() -> Mapping[str, Any]:
    # Hints of a function defined inside another one (a test, a factory) name locals that are gone when they are resolved.
    frame = sys._getframe(2)
    return {} if frame.f_locals is frame.f_globals else dict(frame.f_locals)
