"""
The operation of a function.
"""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel
from rest_framework import serializers

from mizan.client import MizanError, client
from mizan.translate import translate
from mizan.types import Upload
from tests.openapi.documents import document_of, operation_of


class OutOfStock(MizanError):
    status = 409
    message = "Sold out."


def test_an_operation_says_what_its_function_says() -> None:
    """The docstring, the types, the declared errors beside what any call may fail with."""

    @client(auth=False, raises=OutOfStock, deprecated=True)
    def buy(request: Any, sku: str, count: int = 1) -> int:
        """
        Buys.

        At once.
        """
        return count

    operation = operation_of(buy, "call/buy/")

    assert (operation["operationId"], operation["summary"], operation["deprecated"]) == ("buy", "Buys.", True)
    assert operation["description"].endswith("At once.")
    assert operation["requestBody"]["required"] is True
    assert "`OUT_OF_STOCK`: Sold out." in operation["responses"]["409"]["description"]
    assert {"200", "400", "401", "403", "404", "409", "413", "415", "422", "429", "500"} == set(operation["responses"])


def test_what_takes_nothing_has_no_body() -> None:
    """Nor a status for one that is too large."""

    @client(auth=False)
    def ping(request: Any) -> None: ...

    operation = operation_of(ping, "call/ping/")

    assert "requestBody" not in operation
    assert "413" not in operation["responses"]


def test_what_takes_a_file_is_sent_as_a_form() -> None:
    """However deep the file is."""

    @client(auth=False)
    def store(request: Any, files: list[Upload]) -> None: ...

    assert list(operation_of(store, "call/store/")["requestBody"]["content"]) == ["multipart/form-data"]


@pytest.mark.parametrize(
    ("option", "more"), [("affects", {"invalidate", "event"}), ("merge", {"invalidate", "event", "merge"})]
)
def test_a_mutation_answers_with_what_it_invalidates(option: str, more: set[str]) -> None:
    """And a client knows where to find that."""

    @client(auth=False, context="user")
    def profile(request: Any, id: int) -> str: ...  # type: ignore[empty-body]

    @client(auth=False, **{option: profile})  # type: ignore[arg-type]  # one of two
    def rename(request: Any, id: int) -> str: ...  # type: ignore[empty-body]

    document = document_of(profile, rename)
    schema = document["components"]["schemas"]["RenameResult"]

    assert set(schema["properties"]) == {"result", *more}
    assert schema["required"] == ["result"]


def success_of(operation: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return schema


class BuyResult(BaseModel):
    count: int


class PaySerializer(serializers.Serializer[Any]):
    sum = serializers.IntegerField()


class SellResultSerializer(PaySerializer):
    pass


def test_an_answer_is_a_component_of_its_own() -> None:
    """``TouchResult``: a tool that generates code gives it that name. The result of nothing is a constant."""

    @client(auth=False)
    def touch(request: Any) -> None: ...

    document = document_of(touch)

    answer = success_of(document["paths"]["/api/mizan/call/touch/"]["post"])
    assert answer == {"$ref": "#/components/schemas/TouchResult"}
    assert document["components"]["schemas"]["TouchResult"]["properties"]["result"] == {"const": None}


def test_an_answer_takes_no_name_from_a_type() -> None:
    """Of pydantic or of DRF; it stands where it is used then."""

    @client(auth=False)
    def buy(request: Any) -> BuyResult: ...  # type: ignore[empty-body]

    @client(auth=False)
    def sell(request: Any) -> SellResultSerializer: ...  # type: ignore[empty-body]

    document = document_of(buy, sell)

    answers = [success_of(document["paths"][f"/api/mizan/call/{name}/"]["post"]) for name in ("buy", "sell")]
    assert [answer["properties"]["result"] for answer in answers] == [
        {"$ref": "#/components/schemas/BuyResult"},
        {"$ref": "#/components/schemas/SellResult"},
    ]


@pytest.mark.parametrize(
    ("doc", "summary", "description"),
    [
        (None, "Take it all", None),
        ("Take everything.", "Take everything.", None),
        ("Take everything.\n\nNothing is left.", "Take everything.", "Take everything.\n\nNothing is left."),
    ],
)
def test_a_function_is_summed_up_once(doc: str | None, summary: str, description: str | None) -> None:
    """In the words of its name where it has no others; the generated client has its docstring all the same."""

    def take_it_all(request: Any) -> None: ...

    take_it_all.__doc__ = doc
    document = document_of(client(auth=False)(take_it_all))
    operation = document["paths"]["/api/mizan/call/take_it_all/"]["post"]

    assert (operation["summary"], operation.get("description")) == (summary, description)
    [function] = translate(document).functions
    assert function.doc == doc


class Rejected(MizanError):
    status = 422
    message = "Not like this."


class Taken(MizanError):
    status = 409
    message = "Somebody has it."


class Gone(MizanError):
    status = 409
    message = "Nobody has it."


def test_a_declared_error_stands_beside_what_the_status_means_anyway() -> None:
    """A function that raises one of 422 still validates its arguments."""

    @client(auth=False, raises=[Rejected, Taken, Gone])
    def send(request: Any, text: str) -> None: ...

    responses = operation_of(send, "call/send/")["responses"]
    said = responses["422"]["description"]

    assert responses["409"]["description"] == "`GONE`: Nobody has it.\n\n`TAKEN`: Somebody has it."
    assert "`VALIDATION_ERROR`" in said
    assert said.endswith("`REJECTED`: Not like this.")
