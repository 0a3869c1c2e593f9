"""
Where the answer of a reader to one viewer is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from mizan import conf
from mizan.cache.current import Cache
from mizan.cache.entries import EntryKey
from mizan.freshness.tags import entry_tags
from mizan.freshness.viewer import Viewer, viewer_of
from mizan.service.endpoints import ContextEndpoint

_REMEMBERED = 10_000

TypedValue = tuple[str, type, Any]
"""An argument with the type of its value: 1, 1.0 and True are one key of a dict."""


def entry_keys(
    cache: Cache, context: ContextEndpoint, request: Any, arguments: Mapping[str, Mapping[str, Any]]
) -> dict[str, EntryKey]:
    """
    The keys of the entries of readers of *context*.

    Args:
        request: DRF's request, of a user who is known.
        arguments: Validated arguments by reader.
    """
    viewer = viewer_of(request)
    keys = {}
    for name, values in arguments.items():
        typed = tuple((key, type(value), value) for key, value in values.items())
        try:
            keys[name] = _remembered_key(cache, context, name, viewer, typed)
        except TypeError:  # a list, for example, has no hash
            keys[name] = _key(cache, context, name, viewer, typed)
    return keys


def _key(cache: Cache, context: ContextEndpoint, name: str, viewer: Viewer, typed: tuple[TypedValue, ...]) -> EntryKey:
    endpoint = context.readers[name]
    values = {key: value for key, _, value in typed}
    tags = entry_tags(cache.keys, context, endpoint, values, has_user=viewer[0] is not None)
    about = [endpoint.spec.rev, endpoint.shape, *viewer]
    return EntryKey(cache.keys.entry(context.name, name, values, about), tags, _seconds(endpoint.spec.cache))


_remembered_key = lru_cache(_REMEMBERED)(_key)


def _seconds(cache: bool | float) -> float:
    return float(conf.get("MIZAN_CACHE_SECONDS") if cache is True else cache)
