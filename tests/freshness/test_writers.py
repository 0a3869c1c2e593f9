"""
Writers × readers: whatever is written through Django, and however, nobody reads what was there before.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import F, Model, Value
from django.db.models.functions import Concat

from mizan.client import client
from tests.api import CachedApi
from tests.things.models import Box, Label, OldThing, Shelf, Thing

pytestmark = pytest.mark.django_db(transaction=True)


def sql(text: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, params)


def historical(model: type[Model]) -> type[Model]:
    """The model as a migration has it."""
    state = ProjectState(real_apps={"auth", "contenttypes"})
    for each in (Shelf, Thing, Label):
        state.add_model(ModelState.from_model(each))
    return state.apps.get_model("things", model.__name__)


def fixture(thing: Thing, tmp_path: Path) -> None:
    """Loads the row again, with another name."""
    path = tmp_path / "things.json"
    fields = {"shelf": thing.shelf_id, "name": "loaded", "price": "1.10"}
    path.write_text(json.dumps([{"model": "things.thing", "pk": thing.pk, "fields": fields}]))
    call_command("loaddata", path, verbosity=0, stdout=io.StringIO())


# What may change a row of the watched table, its relations, or a row on the way to its narrowing value.
WRITERS: dict[str, Callable[[Thing, Path], Any]] = {
    "save": lambda thing, _: thing.save(),
    "save of one field": lambda thing, _: thing.save(update_fields=["name"]),
    "save of a row that was read in part": lambda thing, _: Thing.objects.only("name").get(pk=thing.pk).save(),
    "an expression": lambda thing, _: Thing.objects.filter(pk=thing.pk).update(price=F("price") + 1),
    "a function": lambda thing, _: Thing.objects.update(name=Concat(F("name"), Value("!"))),
    "update through a join": lambda thing, _: Thing.objects.filter(shelf__name="here").update(name="new"),
    "update that leaves its own filter": lambda thing, _: Thing.objects.filter(name=thing.name).update(name="new"),
    "update of what is locked": lambda thing, _: _locked(thing),
    "update of distinct rows": lambda thing, _: Thing.objects.filter(pk=thing.pk).order_by("name").update(name="new"),
    "create": lambda thing, _: Thing.objects.create(shelf=thing.shelf, name="new"),
    "bulk_create": lambda thing, _: Thing.objects.bulk_create([Thing(shelf=thing.shelf, name="new")]),
    "bulk_create without conflicts": lambda thing, _: Thing.objects.bulk_create(
        [Thing(pk=thing.pk, shelf=thing.shelf, name="new"), Thing(shelf=thing.shelf, name="more")],
        ignore_conflicts=True,
    ),
    "upsert": lambda thing, _: Thing.objects.bulk_create(
        [Thing(pk=thing.pk, shelf=thing.shelf, name="new")],
        update_conflicts=True,
        update_fields=["name"],
        unique_fields=["id"],
    ),
    "bulk_update": lambda thing, _: Thing.objects.bulk_update([thing], ["name"]),
    "get_or_create": lambda thing, _: Thing.objects.get_or_create(shelf=thing.shelf, name="other"),
    "update_or_create": lambda thing, _: Thing.objects.update_or_create(pk=thing.pk, defaults={"name": "other"}),
    "delete": lambda thing, _: thing.delete(),
    "delete of a row that was read in part": lambda thing, _: Thing.objects.only("name").get(pk=thing.pk).delete(),
    "queryset delete": lambda thing, _: Thing.objects.filter(shelf__name="here").delete(),
    "raw delete": lambda thing, _: Thing.objects.filter(name="loose")._raw_delete("default"),
    "cascade": lambda thing, _: thing.shelf.delete(),
    "a related manager": lambda thing, _: thing.shelf.things.create(name="new"),
    "a proxy": lambda thing, _: OldThing.objects.filter(pk=thing.pk).update(name="new"),
    "a child": lambda thing, _: Box.objects.create(shelf=thing.shelf, name="box"),
    "a child's own column": lambda thing, _: Box.objects.update(depth=2),
    "many to many": lambda thing, _: thing.labels.add(Label.objects.get()),
    "many to many, from the other side": lambda thing, _: Label.objects.create(name="blue").things.set([thing]),
    "many to many, by cascade": lambda thing, _: Label.objects.all().delete(),
    "a historical model": lambda thing, _: historical(Thing).objects.filter(pk=thing.pk).update(name="old"),
    "a fixture": fixture,
    "raw SQL": lambda thing, _: sql("UPDATE things_thing SET name = %s WHERE id = %s", "raw", thing.pk),
    "quoted SQL": lambda thing, _: sql('  update "things_thing" set name = %s', "raw"),
    "SQL behind a comment": lambda thing, _: sql("/* by hand */ DELETE FROM things_thing WHERE name = 'loose'"),
    "SQL with a table expression": lambda thing, _: sql(
        "WITH few AS (SELECT id FROM things_thing) UPDATE things_thing SET name = 'x' WHERE id IN (SELECT id FROM few)"
    ),
    "flush": lambda thing, _: call_command("flush", interactive=False, verbosity=0, stdout=io.StringIO()),
}

READERS = ("all", "by shelf", "by the shelf's name", "by two")


def _locked(thing: Thing) -> None:
    with transaction.atomic():
        Thing.objects.select_for_update().filter(pk=thing.pk).update(name="new")


@pytest.fixture
def rows(cached: CachedApi) -> tuple[Thing, dict[str, str]]:
    """A watched row, and where each reader is asked for it."""
    here, _ = (Shelf.objects.create(name=name) for name in ("here", "there"))
    thing = Thing.objects.create(shelf=here, name="thing")
    Box.objects.create(shelf=here, name="box")
    Thing.objects.create(shelf=here, name="loose")
    thing.labels.add(Label.objects.create(name="red"))

    @client(auth=False, context="all", watch=[Thing])
    def everything(request: Any) -> int:
        return Thing.objects.count()

    @client(auth=False, context="shelf", watch={Thing: "shelf_id"})
    def shelf(request: Any, id: int) -> int:
        return Thing.objects.filter(shelf=id).count()

    @client(auth=False, context="named", watch={Thing: "shelf__name"})
    def named(request: Any, name: str) -> int:
        return Thing.objects.filter(shelf__name=name).count()

    @client(auth=False, context="two", watch={Thing: {"id": "shelf_id", "name": "shelf__name"}})
    def two(request: Any, id: int, name: str) -> int:
        return Thing.objects.filter(shelf=id, shelf__name=name).count()

    cached.serve(everything, shelf, named, two)
    paths = ("all/", f"shelf/?id={here.pk}", "named/?name=here", f"two/?id={here.pk}&name=here")
    return thing, dict(zip(READERS, paths, strict=True))


@pytest.mark.parametrize("is_atomic", [False, True], ids=["autocommit", "atomic"])
@pytest.mark.parametrize("writer", WRITERS)
def test_no_reader_gets_what_was_before(
    cached: CachedApi, rows: tuple[Thing, dict[str, str]], tmp_path: Path, writer: str, is_atomic: bool
) -> None:
    """In whatever way it was written."""
    thing, readers = rows
    for path in readers.values():
        cached.read(path)
    assert {name: cached.read(path)[0] for name, path in readers.items()} == dict.fromkeys(READERS, "HIT")

    if is_atomic:
        with transaction.atomic():
            WRITERS[writer](thing, tmp_path)
    else:
        WRITERS[writer](thing, tmp_path)

    assert {name: cached.read(path)[0] for name, path in readers.items()} == dict.fromkeys(READERS, "MISS")


def test_a_row_on_the_way_is_watched(cached: CachedApi, rows: tuple[Thing, dict[str, str]]) -> None:
    """Whoever is asked by the shelf's name has another answer once the shelf is called otherwise."""
    thing, readers = rows
    path = readers["by the shelf's name"]
    for _ in range(2):
        cached.read(path)

    Shelf.objects.filter(pk=thing.shelf_id).update(name="elsewhere")

    assert cached.read(path) == ("MISS", {"named": 0})


def test_two_fields_narrow_together(cached: CachedApi, rows: tuple[Thing, dict[str, str]]) -> None:
    """What changes in another instance leaves this one alone, whichever of the two parameters differs."""
    _, readers = rows
    path = readers["by two"]
    for _ in range(2):
        cached.read(path)

    Thing.objects.create(shelf=Shelf.objects.get(name="there"), name="new")

    assert cached.read(path)[0] == "HIT"


def test_what_is_rolled_back_was_never_written(cached: CachedApi, rows: tuple[Thing, dict[str, str]]) -> None:
    """By raw SQL neither."""
    _, readers = rows
    cached.read(readers["all"])
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        sql("UPDATE things_thing SET name = 'x'")
        1 / 0  # noqa: B018

    assert cached.read(readers["all"])[0] == "HIT"


def test_a_read_invalidates_nothing(cached: CachedApi, rows: tuple[Thing, dict[str, str]]) -> None:
    """Nor does a statement about another table."""
    _, readers = rows
    cached.read(readers["all"])
    sql("  select * from things_thing")
    sql("WITH few AS (SELECT id FROM things_thing) SELECT id FROM few")
    sql("UPDATE auth_user SET username = 'things_thingx'")
    list(Thing.objects.all())

    assert cached.read(readers["all"])[0] == "HIT"
