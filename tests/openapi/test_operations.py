"""
DRF's fields in the document: as they are on Mizan's wire, whatever the project's REST_FRAMEWORK says of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args
from uuid import UUID

import pytest
from django.db import models
from django.http import HttpResponse
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from rest_framework import serializers

from mizan.client import client
from mizan.export.document import build_document
from mizan.export.text import build_ir
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


class Colour(models.TextChoices):
    RED = "red", "Red"
    BLUE = "blue", "Blue"

    __empty__ = "None yet"


def answered(api: Api, field: Any, value: Any, method: Any = None) -> tuple[dict[str, Any], Any]:
    """The schema of a result's field, and what a call writes there; the one holds the other."""
    members = {"field": field} if method is None else {"field": field, "get_field": method}
    serializer = type("Thing", (serializers.Serializer,), members)

    def thing(request: Any) -> Any:
        return {"field": value}

    thing.__annotations__["return"] = serializer
    api.serve(client(auth=False)(thing))
    document = build_document()
    validate(document)
    build_ir()
    schema = document["components"]["schemas"]["Thing"]["properties"]["field"]
    written = api.call("thing").json()["result"]["field"]
    Draft202012Validator(schema).validate(written)
    return schema, written


@pytest.mark.parametrize(
    ("hint", "value", "written"),
    [
        (Decimal, Decimal("1.50"), "1.50"),
        (list[Decimal], [Decimal("1.5")], ["1.5"]),
        (Literal["a", "b"] | None, None, None),
        (Colour | None, None, None),
        (Colour, Colour.RED, "red"),
        (tuple[int, str], (1, "a"), [1, "a"]),
        (tuple[int, ...], (1, 2, 3), [1, 2, 3]),
        (bytes, b"text", "text"),
        (date | None, date(2020, 1, 2), "2020-01-02"),
        (dict[str, UUID], {"a": UUID(int=1)}, {"a": str(UUID(int=1))}),
    ],
)
def test_what_a_method_of_a_serializer_returns_is_described_as_it_is_written(
    api: Api, hint: Any, value: Any, written: Any
) -> None:
    """Exactly: text for decimals, null where it may be null, every item of a tuple."""

    def get_field(self: Any, thing: Any) -> Any:
        return value

    get_field.__annotations__["return"] = hint

    schema, answer = answered(api, serializers.SerializerMethodField(), None, get_field)

    assert answer == written
    assert schema.get("format") != "double"
    assert Draft202012Validator(schema).is_valid(None) is (type(None) in get_args(hint))


@pytest.mark.parametrize(
    ("choices", "options", "value", "written"),
    [
        (Colour.choices, {"allow_null": True}, None, None),
        ([(None, "?"), ("a", "A")], {"allow_null": True}, "a", "a"),
        ([(None, "?"), ("a", "A")], {}, "a", "a"),
        ([], {}, "later", "later"),
        ([], {"allow_null": True}, None, None),
        ([1, "a", None, 1.5], {}, 1, 1),
        ([Decimal("1.5"), Decimal(2)], {}, Decimal("1.5"), "1.5"),
        ([date(2020, 1, 2)], {}, date(2020, 1, 2), "2020-01-02"),
        ({"Group": [("a", "A")], "b": "B"}, {"allow_blank": True}, "", ""),
    ],
)
def test_any_choices_can_be_described(
    api: Api, choices: Any, options: dict[str, Any], value: Any, written: Any
) -> None:
    """Whatever their types; one field must not cost the whole document."""
    schema, answer = answered(api, serializers.ChoiceField(choices=choices, **options), value)

    assert answer == written
    assert "x-spec-enum-id" not in str(schema)
    assert Draft202012Validator(schema).is_valid(None) is options.get("allow_null", False)


def test_several_choices_are_a_list_of_them(api: Api) -> None:
    """Of any types too."""
    schema, answer = answered(api, serializers.MultipleChoiceField(choices=[(None, "?"), (1, "A"), ("b", "B")]), [1])

    assert answer == [1]
    assert not Draft202012Validator(schema).is_valid(["c"])
