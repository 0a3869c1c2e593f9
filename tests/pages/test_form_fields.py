"""
The forms of API pages.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pydantic import BaseModel, Field
from rest_framework import serializers

from mizan.client import client
from mizan.types import Upload
from tests.api import PREFIX, Api
from tests.pages.markup import HTML, answer_of, inputs_of, shown, tags_of, text_of
from tests.things.models import Thing


class Size(Enum):
    SMALL = "s"
    LARGE = "l"


class Address(BaseModel):
    street: str = Field(min_length=1)
    city: str = "Graz"


class ThingSerializer(serializers.ModelSerializer[Thing]):
    class Meta:
        model = Thing
        fields = ["name", "price"]


def test_the_form_has_an_input_for_every_argument(api: Api) -> None:
    """What DRF has no input for is a textarea of JSON; defaults are filled in."""

    @client(auth=False)
    def order(
        request: Any,
        id: int,
        items: list[int],
        address: Address,
        size: Size = Size.LARGE,
        gift: bool = True,
        price: Decimal = Decimal("1.50"),
        at: datetime = datetime(2026, 1, 2, 3, 4),
        tags: list[str] = ["a"],
    ) -> None: ...

    api.serve(order)

    inputs = inputs_of(api.get("call/order/", **HTML))

    assert inputs["id"][1]["type"] == "number"
    assert inputs["items"][0] == "textarea"
    assert inputs["address.street"][1]["type"] == "text"
    assert inputs["address.city"][1]["value"] == "Graz"
    assert inputs["size"][0] == "select"
    assert "checked" in inputs["gift"][1]
    assert (inputs["price"][1]["value"], inputs["price"][1]["step"]) == ("1.50", "any")
    assert inputs["at"][1]["value"] == "2026-01-02T03:04:00"
    assert all("id" in attributes for tag, attributes in inputs.values() if attributes.get("type") != "hidden")


def test_a_form_shows_what_was_sent_and_what_is_wrong_with_it(api: Api) -> None:
    """The messages stand at their fields, nested ones too; the answer is the one failure shape."""

    @client(auth=False)
    def order(request: Any, id: int, items: list[int], address: Address, note: str = "") -> None: ...

    api.serve(order)

    page = api.http.post(
        f"{PREFIX}call/order/",
        {"id": "five", "items": '[1, "x"]', "address.street": "", "address.city": "Wien", "note": '"><b>', "zz": "1"},
        **HTML,
    )
    inputs, text = inputs_of(page), text_of(page)

    assert page.status_code == 422
    assert inputs["id"][1]["value"] == "five"
    assert inputs["address.city"][1]["value"] == "Wien"
    assert inputs["note"][1]["value"] == '"><b>'
    assert "[1, &quot;x&quot;]</textarea>" in text
    assert inputs["id"][1]["aria-invalid"] == "true"
    assert re.search(r'id="field-address.street-error-1">[^<]*at least 1', text)
    assert re.search(r'id="field-items-error-1">1: [^<]*valid integer', text)
    assert re.search(r'<p class="error">zz: ', text)
    assert '"VALIDATION_ERROR"' in answer_of(page)


def test_fields_that_callers_cannot_send_have_no_input(api: Api) -> None:
    """Hidden and read-only ones of a DRF serializer; its lists are JSON."""

    class Row(serializers.Serializer[Any]):
        secret = serializers.HiddenField(default="x")
        made = serializers.DateTimeField(read_only=True)
        sizes = serializers.MultipleChoiceField(choices=["s", "l"])
        kind = serializers.ChoiceField(choices=[("a", "A"), ("b", "B")], style={"base_template": "radio.html"})
        tags = serializers.ListField(child=serializers.CharField())

    @client(auth=False)
    def add(request: Any, row: Row) -> None: ...

    api.serve(add)

    inputs = inputs_of(api.get("call/add/", **HTML))

    assert {name for name in inputs if name.startswith("row.")} == {"row.sizes", "row.kind", "row.tags"}
    assert (inputs["row.sizes"][0], inputs["row.kind"][0], inputs["row.tags"][0]) == ("select", "select", "textarea")
    assert "multiple" in inputs["row.sizes"][1]


@pytest.mark.django_db
def test_a_form_that_succeeded_is_not_validated_again(api: Api) -> None:
    """What was stored may be refused the second time, which would show errors beside a success."""

    @client(auth=False)
    def add_thing(request: Any, thing: ThingSerializer) -> int:
        thing.save()
        return Thing.objects.count()

    api.serve(add_thing)

    page = api.http.post(f"{PREFIX}call/add_thing/", {"thing.name": "cup", "thing.price": "2.00"}, **HTML)

    assert page.status_code == 200, answer_of(page)
    assert '"result": 1' in answer_of(page)
    assert inputs_of(page)["thing.name"][1]["value"] == "cup"
    assert 'class="error"' not in text_of(page)


def test_a_file_makes_the_form_multipart(api: Api) -> None:
    """And there is no JSON editor, because JSON has no place for it."""

    @client(auth=False)
    def store(request: Any, file: Upload, title: str = "") -> int:
        return len(file.read())

    api.serve(store)

    form = next(
        attributes for tag, attributes in tags_of(api.get("call/store/", **HTML)) if attributes.get("class") == "call"
    )
    page = api.http.post(f"{PREFIX}call/store/", {"file": SimpleUploadedFile("a.txt", b"123")}, **HTML)

    assert form["enctype"] == "multipart/form-data"
    assert inputs_of(page)["file"][1]["type"] == "file"
    assert "data-raw" not in text_of(page)
    assert "-F 'file=@file.bin'" in shown(page)
    assert '"result": 3' in answer_of(page)


def test_posted_json_stays_in_its_editor(api: Api) -> None:
    """As it was sent, valid or not; what is too large to be read is not shown."""

    @client(auth=False)
    def echo(request: Any, text: str) -> str:
        return text

    api.serve(echo)

    wrong = api.post("call/echo/", '{"text": </textarea>', **HTML)
    large = api.post("call/echo/", b'{"text": "' + b"x" * 3_000_000 + b'"}', **HTML)

    assert wrong.status_code == 400
    assert "{&quot;text&quot;: &lt;/textarea&gt;</textarea>" in text_of(wrong)
    assert large.status_code == 413
    assert '"PAYLOAD_TOO_LARGE"' in answer_of(large)
