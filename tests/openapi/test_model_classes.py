"""
A Django model where a class with its fields belongs: the message writes the class.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User

from mizan.client import client
from mizan.openapi.model_classes import class_for, models_in
from mizan.protocol.registry import FunctionRegistry
from tests.checks.messages import found, serve
from tests.things.models import Shelf, Thing


@pytest.mark.parametrize("annotation", [Thing, list[Thing], Thing | None, dict[str, list[Thing]]], ids=str)
def test_a_model_is_found_wherever_it_stands(annotation: Any) -> None:
    """In a list, beside None, as a value."""
    assert list(models_in(annotation)) == [Thing]
    assert list(models_in(int | None)) == []


def test_the_class_has_the_fields_with_their_types() -> None:
    """A foreign key is the key it holds; what may be null may be None."""
    expected = ["class ThingOut(BaseModel):", "id: int", "shelf_id: int | None", "name: str", "price: Decimal"]

    assert [line.strip() for line in class_for(Thing, is_input=False).splitlines()] == expected


def test_the_class_leaves_out_what_no_client_should_have() -> None:
    """A class to copy must not be the way a password hash gets out; a client does not send the key of a new row."""
    result, argument = class_for(User, is_input=False), class_for(User, is_input=True)

    assert "username: str" in result
    assert "password" not in result
    assert "id: int" in result
    assert "id: int" not in argument


def test_the_message_writes_the_class_and_the_line(registry: FunctionRegistry) -> None:
    """Pydantic's own words about core schemas help nobody here."""

    @client(auth=False)
    def shelves(request: Any) -> list[Shelf]: ...  # type: ignore[empty-body]

    @client(auth=False)
    def add(request: Any, thing: Thing | None) -> None: ...

    serve(shelves, add)

    add_message, shelves_message = found()
    assert "cannot be served as list[Shelf]: Shelf is a Django model" in shelves_message.msg
    assert "pydantic-core" not in shelves_message.msg
    assert "class ShelfOut(BaseModel):\n    id: int\n    name: str\n" in str(shelves_message.hint)
    assert "def shelves(request, …) -> list[ShelfOut]:" in str(shelves_message.hint)
    assert "def add(request, …, thing: ThingIn | None) -> …:" in str(add_message.hint)
