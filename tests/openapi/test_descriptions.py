"""
The types of a whole service as components.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, JsonValue

from mizan.client import MizanError, client
from mizan.openapi.descriptions import Description, describe
from mizan.protocol.registry import FunctionRegistry
from mizan.service.current import current_service
from mizan.setup import register
from mizan.types import Upload
from tests.openapi.documents import document_of


class Attachment(BaseModel):
    model_config = {"arbitrary_types_allowed": True}
    file: Upload
    beside: "Attachment | None" = None


class Broken(MizanError):
    class Details(BaseModel):
        reason: str


@client(auth=False)
def attach(request: Any, files: list[Attachment]) -> None: ...


@client(auth=False, raises=Broken)
def echo(request: Any, text: str) -> str: ...  # type: ignore[empty-body]


@pytest.fixture
def description(registry: FunctionRegistry) -> Description:
    register(attach)
    register(echo)
    return describe(current_service())


def test_a_service_is_described_once(description: Description) -> None:
    """It takes long, and nothing of it changes."""
    assert describe(current_service()) is description


def test_a_file_is_found_however_deep_it_is(description: Description) -> None:
    """In a part of a list of models that hold themselves."""
    endpoints = current_service().functions

    assert description.takes_files(endpoints["attach"])
    assert not description.takes_files(endpoints["echo"])
    assert set(description.argument_schemas(endpoints["echo"])) == {"text"}


def test_details_are_called_after_their_error(description: Description) -> None:
    """All of them are called Details in Python."""
    assert description.details(Broken) == {"$ref": "#/components/schemas/BrokenDetails"}
    assert "BrokenDetails" in description.components.definitions


class First(BaseModel):
    kind: Literal["a"]
    sub: Literal["x"]


class Second(BaseModel):
    kind: Literal["a"]
    sub: Literal["y"] = "y"


class Other(BaseModel):
    kind: Literal["b"]


Nested = Annotated[Annotated[First | Second, Field(discriminator="sub")] | Other, Field(discriminator="kind")]


def test_one_tagged_union_in_another_is_described() -> None:
    """Each tag is required; OpenAPI has no word for a mapping to a union."""

    @client(auth=False)
    def same(request: Any, value: Nested) -> Nested: ...  # type: ignore[empty-body]

    document = document_of(same)

    [inner, _] = document["components"]["schemas"]["SameArgs"]["properties"]["value"]["oneOf"]
    assert set(inner["discriminator"]["mapping"]) == {"x", "y"}
    assert document["components"]["schemas"]["Second"]["required"] == ["kind", "sub"]


def test_any_json_is_described() -> None:
    """Pydantic's JsonValue is a component without a rule."""

    @client(auth=False)
    def same(request: Any, value: JsonValue) -> JsonValue: ...

    assert document_of(same)["components"]["schemas"]["JsonValue"] == {}


class Odd:
    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        raise ZeroDivisionError("no schema")


def test_a_type_whose_own_code_fails_is_a_finding(registry: Any) -> None:
    """With the function that has it, and not the end of ``manage.py check``."""

    @client(auth=False)
    def odd(request: Any, value: Odd) -> None: ...

    register(odd)

    [finding] = describe(current_service()).findings

    assert "'value' of" in finding.message
    assert "ZeroDivisionError: no schema" in finding.message
