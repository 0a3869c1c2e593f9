"""
What Django adds to the types of the wire.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from pydantic import BaseModel
from rest_framework import serializers

from mizan.client import client
from mizan.drf.annotations import substitute
from mizan.drf.hooks import aware, evaluated, install
from mizan.wire.hooks import hooks
from tests.api import Api
from tests.things.models import Shelf, Thing


class ThingOut(BaseModel):
    name: str
    price: Decimal


@pytest.mark.django_db
def test_rows_become_what_the_type_declares_and_nothing_else(api: Api) -> None:
    """A queryset, a related manager and a dict with too much give only the declared fields."""

    class ShelfOut(BaseModel):
        name: str
        things: list[ThingOut]

    @client(auth=False)
    def shelves(request: Any) -> list[ShelfOut]:
        return Shelf.objects.all()

    @client(auth=False)
    def leaky(request: Any) -> ThingOut:
        return {"name": "a", "price": "1.10", "password": "secret"}

    Thing.objects.create(name="lamp", price="1.10", shelf=Shelf.objects.create(name="top"))
    api.serve(shelves, leaky)

    assert api.call("shelves").json()["result"] == [{"name": "top", "things": [{"name": "lamp", "price": "1.10"}]}]
    assert api.call("leaky").json()["result"] == {"name": "a", "price": "1.10"}


def test_a_naive_moment_is_one_of_the_project_s_time_zone(settings: Any) -> None:
    """Where it has time zones at all."""
    naive = datetime(2026, 7, 1, 12)
    settings.TIME_ZONE = "Europe/Vienna"

    with_zones = aware(naive)
    settings.USE_TZ = False

    assert with_zones == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert aware(naive) is naive


def test_an_aware_moment_stays_in_its_time_zone() -> None:
    """The client said which."""
    moment = datetime(2026, 7, 1, 12, tzinfo=UTC)

    assert aware(moment) is moment


def test_installing_twice_is_harmless() -> None:
    """Whatever imports Mizan first; every hook is set."""
    install()
    install()

    assert (hooks.annotation, hooks.evaluated, hooks.aware) == (substitute, evaluated, aware)
    assert hooks.needs_thread(list[ThingSerializer])
    assert hooks.is_file(ContentFile(b"x", "x"))


class ThingSerializer(serializers.ModelSerializer[Thing]):
    class Meta:
        model = Thing
        fields = ("name",)
