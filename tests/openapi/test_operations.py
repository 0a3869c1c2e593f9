"""
DRF's fields in the document: as they are on Mizan's wire, whatever the project's REST_FRAMEWORK says of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from openapi_spec_validator import validate
from rest_framework import serializers

from mizan.client import client
from mizan.export.document import build_document
from tests.api import Api


class Article(serializers.Serializer[Any]):
    price = serializers.DecimalField(max_digits=6, decimal_places=2, min_value=Decimal("0.50"), allow_null=True)
    size = serializers.IntegerField(max_value=2**63 - 1, min_value=-(2**63))
    grade = serializers.ChoiceField(choices=[("a", "A"), ("b", "B")])


@pytest.fixture(params=[True, False], ids=["decimals as text", "decimals as numbers"])
def shop(api: Api, request: pytest.FixtureRequest, settings: Any) -> Iterator[Api]:
    settings.REST_FRAMEWORK = {"COERCE_DECIMAL_TO_STRING": request.param, "NON_FIELD_ERRORS_KEY": "all_of_it"}

    @client(auth=False)
    def same(request: Any, article: Article) -> Article:
        return article.validated_data  # type: ignore[no-any-return]  # what the serializer writes

    api.serve(same)
    yield api


def test_the_document_says_what_the_wire_has(shop: Api) -> None:
    """Decimals are text, and integers end where JavaScript's do."""
    document = build_document()
    validate(document)
    fields = document["components"]["schemas"]["Article"]["properties"]

    assert fields["price"] == {
        "type": ["string", "null"],
        "format": "decimal",
        "x-max-digits": 6,
        "x-decimal-places": 2,
        "x-minimum": "0.50",
    }
    assert (fields["size"]["minimum"], fields["size"]["maximum"]) == (-(2**53) + 1, 2**53 - 1)
    sent = {"price": "1.50", "size": 1, "grade": "a"}
    assert shop.call("same", article=sent).json() == {"result": sent}


def test_errors_of_the_whole_stand_at_the_whole(shop: Api) -> None:
    """Under whatever key the project has DRF put them."""
    response: HttpResponse = shop.call("same", article=3)

    assert list(response.json()["details"]["fields"]) == ["article"]
