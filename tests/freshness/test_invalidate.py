"""
``mizan.invalidate`` and ``mizan.ainvalidate``.
"""

from __future__ import annotations

import pytest

import mizan
from tests.api import CachedApi
from tests.freshness.reading import Project, changed


def test_by_hand(projects: CachedApi) -> None:
    """``mizan.invalidate`` takes a name, a context or a function, and values as the context reads them."""
    from mizan.protocol.registry import default_registry

    detail = default_registry.get("detail").function  # type: ignore[union-attr]
    for call, invalidated in [
        (lambda: mizan.invalidate("project", id=1), {"detail", "tasks", "total"}),
        (lambda: mizan.invalidate(Project, id="01", page=1), {"detail", "tasks", "total"}),
        # The reader's page was left to its default, which may stand for all of them.
        (lambda: mizan.invalidate("project", page=7), {"detail", "tasks", "total"}),
        (lambda: mizan.invalidate(detail, id=1), {"detail"}),
        (lambda: mizan.invalidate(detail), {"detail"}),
        (lambda: mizan.invalidate("project"), {"detail", "tasks", "total"}),
        (lambda: mizan.invalidate("project", id=2), {"total"}),
    ]:
        _, before = projects.read("project/?id=1")
        call()
        assert changed(projects, "id=1", before) == invalidated


async def test_by_hand_on_the_loop(projects: CachedApi) -> None:
    """``await mizan.ainvalidate(...)``."""
    from asgiref.sync import sync_to_async

    _, before = await sync_to_async(projects.read)("project/?id=1")
    await mizan.ainvalidate("project", id=1)
    assert await sync_to_async(changed)(projects, "id=1", before) == {"detail", "tasks", "total"}


def test_what_cannot_be_is_refused(projects: CachedApi) -> None:
    """A mistyped name does not silently invalidate nothing."""
    with pytest.raises(LookupError, match="There is no context 'projekt'. There are: project"):
        mizan.invalidate("projekt")
    with pytest.raises(TypeError, match="has no parameter ident. It has: id, page"):
        mizan.invalidate("project", ident=5)
    with pytest.raises(ValueError, match="id='five'"):
        mizan.invalidate("project", id="five")
    with pytest.raises(LookupError, match="no registered function of a context"):
        mizan.invalidate(len)
