"""
DRF's serializers as types.
"""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from rest_framework import serializers

from mizan.client import client
from tests.api import Api, code_of
from tests.things.models import Thing


@pytest.mark.django_db
def test_drf_serializers_are_types_too(api: Api) -> None:
    """As input the validated serializer arrives, as output its representation leaves; errors have their path."""

    class ThingSerializer(serializers.ModelSerializer[Thing]):
        class Meta:
            model = Thing
            fields = ("id", "name", "price")

    @client(auth=False)
    def add(request: Any, thing: ThingSerializer) -> ThingSerializer:
        return thing.save()

    @client(auth=False)
    def listed(request: Any) -> list[ThingSerializer]:
        return Thing.objects.all()

    @client(auth=False)
    def typed(request: Any) -> Annotated[Thing, ThingSerializer]:
        return Thing.objects.get()

    api.serve(add, listed, typed)

    refused = api.call("add", thing={"name": "x" * 21, "price": "?"})
    added = api.call("add", thing={"name": "lamp", "price": "2.50"}).json()["result"]

    assert list(refused.json()["details"]["fields"]) == ["thing.name", "thing.price"]
    assert added == {"id": Thing.objects.get().pk, "name": "lamp", "price": "2.50"}
    assert api.call("listed").json()["result"] == [added]
    assert api.call("typed").json()["result"] == added


def test_a_serializers_integers_are_bounded_as_all_are(api: Api) -> None:
    """Whatever its database would take: JavaScript could not read them back. What it does not know it does not read."""

    class Row(serializers.Serializer[Any]):
        amount = serializers.IntegerField()

    class Rows(serializers.Serializer[Any]):
        rows = Row(many=True)

    @client(auth=False)
    def total(request: Any, all: Rows) -> int:
        return sum(row["amount"] for row in all.validated_data["rows"])

    api.serve(total)

    refused = api.call("total", all={"rows": [{"amount": 1}, {"amount": 2**53}]})

    assert (refused.status_code, code_of(refused)) == (422, "VALIDATION_ERROR")
    assert list(refused.json()["details"]["fields"]) == ["all.rows.1.amount"]
    assert api.call("total", all={"rows": [{"amount": 5, "other": 2**60}]}).json() == {"result": 5}
