"""
Data that changes makes stale what is read from it, whoever changes it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group, Permission, User
from django.db import transaction

from mizan.client import client
from mizan.freshness.listeners import Listener
from tests.cache.conftest import CachedApi
from tests.things.models import Box, Label, OldThing, Shelf, Thing

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


@pytest.fixture
def shelves(cached: CachedApi) -> tuple[CachedApi, Thing, Thing]:
    """A context of the things on one shelf and one of all things, and a thing on each of two shelves."""
    numbers = itertools.count(1)

    @client(auth=False, context="shelf", watch={Thing: "shelf_id"})
    def on_shelf(request: Any, id: int) -> int:
        return next(numbers)

    @client(auth=False, context="all", watch=["things.Thing"])
    def everything(request: Any) -> int:
        return next(numbers)

    cached.serve(on_shelf, everything)
    here, there = (Thing.objects.create(shelf=Shelf.objects.create(name=name), name=name) for name in ("here", "there"))
    return cached, here, there


def is_hit(api: CachedApi, path: str) -> bool:
    return api.read(path)[0] == "HIT"


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_makes_stale_what_it_concerns(shelves: tuple[CachedApi, Thing, Thing], change: str) -> None:
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


def test_only_at_commit(shelves: tuple[CachedApi, Thing, Thing]) -> None:
    """What is rolled back has not changed."""
    api, here, _ = shelves
    api.read("all/")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        here.save()
        1 / 0  # noqa: B018
    assert is_hit(api, "all/")
    with transaction.atomic():
        here.save()
    assert not is_hit(api, "all/")


def test_many_changes_are_one_step(shelves: tuple[CachedApi, Thing, Thing], monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand saves in one transaction are said once, at its commit."""

    steps: list[int] = []
    heard = Listener(lambda changes: steps.append(sum(len(change.invalidations) for change in changes)), lambda: True)
    monkeypatch.setattr("mizan.freshness.listeners.listeners", [heard])
    _, here, there = shelves
    with transaction.atomic():
        for _ in range(500):
            here.save()
            there.save()
    assert steps == [3]


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
    """Nothing but what is watched makes anything stale."""
    api, *_ = shelves
    api.read("all/")
    Label.objects.create(name="red").save()
    Label.objects.update(name="blue")
    assert is_hit(api, "all/")


GRANTS: dict[str, Callable[[User, Group, Permission], Any]] = {
    "a permission": lambda user, group, permission: user.user_permissions.add(permission),
    "a group": lambda user, group, permission: user.groups.add(group),
    "a permission of the group": lambda user, group, permission: group.permissions.add(permission),
    "a deleted group": lambda user, group, permission: Group.objects.create(name="other").delete(),
    "a group from the other side": lambda user, group, permission: group.user_set.set([user]),
}


@pytest.mark.parametrize("grant", GRANTS)
def test_permissions_are_watched(cached: CachedApi, grant: str) -> None:
    """A function may ask for them, so what it answered before they changed is not served."""

    @client(auth=True, context="rights")
    def rights(request: Any) -> int:
        return len(request.user.get_all_permissions())

    cached.serve(rights)
    ada, group = User.objects.create_user("ada"), Group.objects.create(name="editors")
    cached.http.force_login(ada)
    cached.read("rights/")
    assert is_hit(cached, "rights/")

    GRANTS[grant](ada, group, Permission.objects.earliest("pk"))

    assert not is_hit(cached, "rights/")


def test_of_another_backend_they_are_asked_for(cached: CachedApi, settings: Any) -> None:
    """Nobody tells of their changes, so they are part of the key."""
    settings.AUTHENTICATION_BACKENDS = ["tests.cache.test_watch.DirectoryBackend"]

    @client(auth=True, context="rights")
    def rights(request: Any) -> list[str]:
        return sorted(request.user.get_all_permissions())

    cached.serve(rights)
    cached.http.force_login(User.objects.create_user("ada"), backend=settings.AUTHENTICATION_BACKENDS[0])
    assert cached.read("rights/")[1] == {"rights": ["directory.read"]}

    DirectoryBackend.held = {"directory.read", "directory.write"}
    try:
        assert cached.read("rights/")[1] == {"rights": ["directory.read", "directory.write"]}
    finally:
        DirectoryBackend.held = {"directory.read"}


class DirectoryBackend(ModelBackend):
    """Permissions from somewhere else."""

    held = {"directory.read"}

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set(self.held)
