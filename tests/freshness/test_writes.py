"""
Data that changes invalidates what is read from it, whoever changes it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.api import CachedApi
from tests.freshness.reading import is_hit
from tests.things.models import Box, Label, OldThing, Thing

pytestmark = pytest.mark.django_db(transaction=True)


CHANGES: dict[str, Callable[[Thing], Any]] = {
    "save": lambda thing: thing.save(),
    "create": lambda thing: Thing.objects.create(shelf=thing.shelf, name="new"),
    "delete": lambda thing: thing.delete(),
    "queryset delete": lambda thing: Thing.objects.filter(pk=thing.pk).delete(),
    "update": lambda thing: Thing.objects.filter(pk=thing.pk).update(name="new"),
    "bulk_create": lambda thing: Thing.objects.bulk_create([Thing(shelf=thing.shelf, name="new")]),
    "bulk_update": lambda thing: Thing.objects.bulk_update([thing], ["name"]),
    "get_or_create": lambda thing: Thing.objects.get_or_create(shelf=thing.shelf, name="other"),
    "related manager": lambda thing: thing.shelf.things.create(name="new"),
    "related update": lambda thing: thing.shelf.things.update(name="new"),
    "a proxy": lambda thing: OldThing.objects.get(pk=thing.pk).save(),
    "a proxy's update": lambda thing: OldThing.objects.filter(pk=thing.pk).update(name="new"),
    "a model that extends it": lambda thing: Box.objects.create(shelf=thing.shelf, name="box"),
    "a cascade": lambda thing: thing.shelf.delete(),
    "many to many": lambda thing: thing.labels.create(name="red"),
    "many to many, from the other side": lambda thing: thing.labels.model.objects.create(name="red").things.set(
        [thing]
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_invalidates_what_it_concerns(shelves: tuple[CachedApi, Thing, Thing], change: str) -> None:
    """Its own shelf and the list of all, and not another shelf."""
    api, here, there = shelves
    paths = [f"shelf/?id={here.shelf_id}", f"shelf/?id={there.shelf_id}", "all/"]
    for path in paths:
        api.read(path)

    CHANGES[change](here)

    assert [is_hit(api, path) for path in paths] == [False, True, False]


@pytest.mark.parametrize(
    "move",
    [
        lambda thing, shelf: (setattr(thing, "shelf", shelf), thing.save()),
        lambda thing, shelf: (setattr(thing, "shelf", shelf), thing.save(update_fields=["shelf"])),
        lambda thing, shelf: Thing.objects.filter(pk=thing.pk).update(shelf=shelf),
        lambda thing, shelf: Thing.objects.bulk_create(
            [Thing(pk=thing.pk, shelf=shelf, name="new")],
            update_conflicts=True,
            update_fields=["shelf"],
            unique_fields=["id"],
        ),
        lambda thing, shelf: shelf.things.add(thing),
        lambda thing, shelf: shelf.things.set([thing, *shelf.things.all()]),
    ],
)
def test_what_moves_concerns_both_places(shelves: tuple[CachedApi, Thing, Thing], move: Any) -> None:
    """The shelf that it leaves, too."""
    api, here, there = shelves
    paths = [f"shelf/?id={here.shelf_id}", f"shelf/?id={there.shelf_id}"]
    for path in paths:
        api.read(path)

    move(here, there.shelf)

    assert [is_hit(api, path) for path in paths] == [False, False]


async def test_async_changes_too(shelves: tuple[CachedApi, Thing, Thing]) -> None:
    """``asave`` and ``aupdate`` are the same changes."""
    from asgiref.sync import sync_to_async

    api, here, _ = shelves
    for change in (here.asave, lambda: Thing.objects.all().aupdate(name="x")):
        await sync_to_async(api.read)("all/")
        assert await sync_to_async(is_hit)(api, "all/")
        await change()
        assert not await sync_to_async(is_hit)(api, "all/")


def test_other_models_are_left_alone(shelves: tuple[CachedApi, Thing, Thing]) -> None:
    """Nothing but a change of what is watched invalidates anything."""
    api, *_ = shelves
    api.read("all/")
    Label.objects.create(name="red").save()
    Label.objects.update(name="blue")
    assert is_hit(api, "all/")
