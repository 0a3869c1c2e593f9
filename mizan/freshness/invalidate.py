"""
Saying by hand that something has changed: from Celery, management commands, the admin, or another function.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async

from mizan.freshness.commit import announce
from mizan.protocol.specs import ReactContext, spec_of
from mizan.service.current import Service, current_service
from mizan.service.endpoints import ContextEndpoint
from mizan.service.invalidations import Invalidation


def invalidate(context: str | ReactContext | Callable[..., Any], /, **params: Any) -> None:
    """
    Invalidate a context when the open transaction commits, or now where none is open; never if it is rolled back.

    ::

        mizan.invalidate("user")            # whatever its parameters
        mizan.invalidate("user", id=5)      # where id is 5
        mizan.invalidate(user_profile, id=5)  # only that reader

    Args:
        context: A context by name or as `ReactContext`, or a reader of one.
        params: Values of the context's parameters, which narrow it.

    Raises:
        LookupError: there is no such context.
        TypeError: the context has no such parameter.
        ValueError: a value is none of the parameter's type.
    """
    announce([_invalidation(current_service(), context, params)])


async def ainvalidate(context: str | ReactContext | Callable[..., Any], /, **params: Any) -> None:
    """`invalidate` for ``async def`` code."""
    await sync_to_async(invalidate)(context, **params)


def _invalidation(service: Service, target: Any, params: dict[str, Any]) -> Invalidation:
    found, function = _context(service, target)
    unknown = sorted(set(params) - set(found.parameter_names))
    if unknown:
        known = ", ".join(found.parameter_names) or "none"
        raise TypeError(f"The context {found.name!r} has no parameter {', '.join(unknown)}. It has: {known}.")
    return Invalidation(found.name, function, {name: found.values.read(name, value) for name, value in params.items()})


def _context(service: Service, target: Any) -> tuple[ContextEndpoint, str | None]:
    if isinstance(target, str | ReactContext):
        found = service.contexts.get(str(target))
        if found is None:
            raise LookupError(f"There is no context {str(target)!r}. There are: {', '.join(service.contexts)}.")
        return found, None
    spec = spec_of(target)
    for context in service.contexts.values():
        for name, reader in context.readers.items():
            if spec is not None and reader.spec.function is spec.function:
                return context, name
    raise LookupError(f"{target!r} is no registered function of a context.")
