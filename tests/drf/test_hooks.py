"""
What Django adds to the types of the wire.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel

from mizan.client import client
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
