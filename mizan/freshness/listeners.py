"""
Who is told of a change once it is committed. The cache is the first listener. Others are told also where there is no cache.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mizan import conf
from mizan.cache.current import current_cache
from mizan.freshness.tags import changed_tags
from mizan.service.current import current_service
from mizan.service.invalidations import Invalidation
from mizan.telemetry import span

logger = logging.getLogger("mizan")


@dataclass(frozen=True, slots=True)
class Change:
    """
    What was announced at once: the id of the *event*, the same for everybody who is told of it, and what it invalidates.
    """

    event: str
    invalidations: tuple[Invalidation, ...]


@dataclass(frozen=True, slots=True)
class Listener:
    """
    Args:
        hear: Told of the changes of one commit, in the thread that committed. What it raises is logged and goes no further.
            Where a change was made in several databases, the same event comes once for the commit of each.
        is_listening: Whether there is anything to tell it.
    """

    hear: Callable[[Sequence[Change]], None]
    is_listening: Callable[[], bool]


def _invalidate_cached(changes: Sequence[Change]) -> None:
    cache = current_cache()
    if cache is None:
        return
    tags = changed_tags(cache.keys, current_service(), [one for change in changes for one in change.invalidations])
    with span("invalidate", tags=len(tags)) as current:
        is_done = cache.entries.breaker.invalidate(tags)
        if current is not None:
            current.set_attribute("mizan.owed", not is_done)


CACHE = Listener(_invalidate_cached, is_listening=lambda: bool(conf.get("MIZAN_CACHE_SECRET")))

listeners: list[Listener] = [CACHE]
"""Told in this order. The cache comes first: a browser told to look again must not be answered from an old entry."""


def is_anybody_listening() -> bool:
    return any(listener.is_listening() for listener in listeners)


def tell(changes: Sequence[Change]) -> None:
    """Tell every listener of *changes*, now. Never raises: the changes are committed."""
    for listener in listeners:
        try:
            listener.hear(changes)
        except Exception:
            logger.exception("A listener failed to hear of %d changes", len(changes))
