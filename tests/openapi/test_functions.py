"""
The operation of a function.
"""

from __future__ import annotations

from typing import Any

import pytest

from mizan.client import MizanError, client
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
    schema = document["paths"]["/api/mizan/call/rename/"]["post"]["responses"]["200"]["content"]["application/json"][
        "schema"
    ]

    assert set(schema["properties"]) == {"result", *more}
    assert schema["required"] == ["result"]
