"""
Where the answer of a reader to one viewer is kept: under the question as it was sent.

Nothing interprets what was sent, so no two questions fall together that differ in anything. Two spellings of one question are
two entries.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mizan import conf
from mizan.cache.current import Cache
from mizan.cache.entries import EntryKey
from mizan.freshness.tags import entry_tags
from mizan.freshness.viewer import Viewer, viewer_of
from mizan.service.endpoints import ContextEndpoint

# What is remembered between requests is bounded in bytes too.
_MOST_REMEMBERED = 5_000
_LONGEST_REMEMBERED = 200


def entry_keys(
    cache: Cache,
    context: ContextEndpoint,
    request: Any,
    sent: Mapping[str, Any],
    arguments: Mapping[str, Mapping[str, Any]],
) -> dict[str, EntryKey]:
    """
    The keys of the entries of readers of *context*.

    Args:
        request: DRF's request, of a user who is known.
        sent: The parameters as they were sent, as JSON data.
        arguments: Validated arguments by reader.
    """
    viewer = viewer_of(request)
    remembered = context.derive(_remembered)
    keys = {}
    for name, values in arguments.items():
        text = question_text(sent, context.readers[name].parameter_names)
        place = (cache, name, viewer, text)
        key = remembered.get(place)
        if key is None:
            key = _key(place, context, values)
            if len(text) <= _LONGEST_REMEMBERED:
                if len(remembered) >= _MOST_REMEMBERED:
                    remembered.clear()
                remembered[place] = key
        keys[name] = key
    return keys


def question_text(sent: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """Those of the parameters *names* that were *sent*, in the one form of all surfaces."""
    own = {name: sent[name] for name in names if name in sent}
    return json.dumps(own, sort_keys=True, separators=(",", ":"))


_Place = tuple[Cache, str, Viewer, str]
"""Which cache, reader, viewer and question."""


def _remembered(context: ContextEndpoint) -> dict[_Place, EntryKey]:
    return {}


def _key(place: _Place, context: ContextEndpoint, values: Mapping[str, Any]) -> EntryKey:
    cache, name, viewer, text = place
    endpoint = context.readers[name]
    tags = entry_tags(cache.keys, context, endpoint, values, has_user=viewer[0] is not None)
    vary = [endpoint.spec.rev, endpoint.shape, *viewer]
    return EntryKey(cache.keys.entry(context.name, name, text, vary), tags, _seconds(endpoint.spec.cache))


def _seconds(cache: bool | float) -> float:
    return float(conf.get("MIZAN_CACHE_SECONDS") if cache is True else cache)
