"""
Where the answer of a function to one request is kept: what it may hang on, as a name, and what makes it stale, as tags.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from mizan import conf
from mizan.cache.current import Cache
from mizan.cache.slots import Slot
from mizan.dispatch.access import reader_access
from mizan.dispatch.dependencies import watched
from mizan.dispatch.endpoints import ContextEndpoint
from mizan.protocol.canonical import canonical_json

_REMEMBERED = 10_000


def slots_of(
    cache: Cache, context: ContextEndpoint, request: Any, arguments: Mapping[str, Mapping[str, Any]]
) -> dict[str, Slot]:
    """
    The slots of functions of *context*.

    Args:
        request: DRF's request, of a user who is known.
        arguments: Validated arguments by function.
    """
    reader = _reader(request)
    return {name: _slot(cache, context, name, reader, values) for name, values in arguments.items()}


def _slot(
    cache: Cache, context: ContextEndpoint, name: str, reader: tuple[Any, ...], values: Mapping[str, Any]
) -> Slot:
    # Most parameters are numbers and texts; the type is told because 1, 1.0 and True are one key of a dict.
    told = tuple((key, type(value), value) for key, value in values.items())
    try:
        return _known_slot(cache, context, name, reader, told)
    except TypeError:  # a list, say, has no hash
        return _new_slot(cache, context, name, reader, told)


def _new_slot(
    cache: Cache, context: ContextEndpoint, name: str, reader: tuple[Any, ...], told: tuple[tuple[str, type, Any], ...]
) -> Slot:
    keys, endpoint = cache.keys, context.readers[name]
    values = {key: value for key, _, value in told}
    tags = [keys.tag(context.name)]
    if reader[0] is not None:
        tags.append(keys.access_tag(context.name))
    left = endpoint.left_to_default(values)
    tags += [
        keys.tag(
            context.name,
            scope.function,
            {key: values[key] for key in scope.names if key not in left},
            left.intersection(scope.names),
        )
        for scope in context.scopes[name]
    ]
    about = [endpoint.spec.rev, endpoint.shape, *reader]
    return Slot(keys.entry(context.name, name, values, about), tuple(tags), _seconds(endpoint.spec.cache))


_known_slot = lru_cache(_REMEMBERED)(_new_slot)


def _reader(request: Any) -> tuple[Any, ...]:
    """What an answer may hang on beside its arguments: user, permissions, host, language, time zone and what VARY adds."""
    django_request = request._request
    key = request.user.pk
    vary = _vary()
    return (
        None if key is None else str(key),
        reader_access(request.user),
        f"{django_request.scheme}://{django_request._get_raw_host()}",
        get_language(),
        str(timezone.get_current_timezone()),
        None if vary is None else canonical_json(vary(django_request)),
    )


def declared_dependencies(request: HttpRequest) -> set[str]:
    """What MIZAN_CACHE_VARY looks at: it is part of the key, so a function may look at it too."""
    vary = _vary()
    if vary is None:
        return set()
    with watched(request) as dependencies:
        vary(request)
    return dependencies.seen


def _vary() -> Callable[[HttpRequest], Any] | None:
    vary = conf.get("MIZAN_CACHE_VARY")
    found: Callable[[HttpRequest], Any] | None = import_string(vary) if isinstance(vary, str) else vary
    return found


def _seconds(cache: bool | float) -> float:
    return float(conf.get("MIZAN_CACHE_SECONDS") if cache is True else cache)
