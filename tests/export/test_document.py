"""
The OpenAPI document of a server.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel
from rest_framework import serializers

from mizan.client import MizanError, client
from mizan.export.document import build_document
from mizan.protocol.errors import ConfigError
from tests.openapi.documents import document_of


class ThingSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    note = serializers.CharField(required=False)
    id = serializers.IntegerField(read_only=True)


class OutOfStock(MizanError):
    """Nothing is there."""

    status = 409

    class Details(BaseModel):
        count: int


def test_a_serializer_is_called_as_mizan_calls_its_types() -> None:
    """``ThingInput`` is what clients send; a result has what its serializer never leaves out."""

    @client(auth=False)
    def save(request: Any, thing: ThingSerializer) -> ThingSerializer: ...  # type: ignore[empty-body]

    schemas = document_of(save)["components"]["schemas"]

    assert {"Thing", "ThingInput"} <= set(schemas)
    assert "ThingRequest" not in schemas
    assert schemas["ThingInput"]["required"] == ["name"]
    assert set(schemas["Thing"]["required"]) == {"id", "name"}


def test_declared_errors_are_listed_once() -> None:
    """With their details, whichever functions raise them."""

    @client(auth=False, raises=OutOfStock)
    def buy(request: Any) -> None: ...

    @client(auth=False, raises=OutOfStock)
    def order(request: Any) -> None: ...

    document = document_of(buy, order)

    assert document["x-mizan"]["errors"] == [
        {
            "code": "OUT_OF_STOCK",
            "name": "OutOfStock",
            "status": 409,
            "description": "Nothing is there.",
            "details": {"$ref": "#/components/schemas/OutOfStockDetails"},
        }
    ]
    assert "OutOfStockDetails" in document["components"]["schemas"]


def test_the_order_of_registration_says_nothing() -> None:
    """Generated files are the same on every machine."""

    def declared() -> list[Callable[..., Any]]:
        @client(auth=False)
        def one(request: Any, thing: ThingSerializer) -> None: ...

        @client(auth=False, raises=OutOfStock)
        def other(request: Any) -> int: ...  # type: ignore[empty-body]

        return [one, other]

    assert str(document_of(*declared())) == str(document_of(*reversed(declared())))


@pytest.mark.urls("tests.things.no_urls")
def test_a_server_without_addresses_has_no_document(registry: Any) -> None:
    """Nobody could be told where to call."""
    with pytest.raises(ConfigError, match="mizan.W002"):
        build_document()
