"""
The operation of a context.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from mizan.client import client
from tests.openapi.documents import document_of


@client(auth=False, context="user")
def profile(request: Any, id: Annotated[int, Field(description="Whose.")]) -> str: ...  # type: ignore[empty-body]


@client(auth=True, context="user")
def orders(request: Any, page: int = 1) -> list[int]: ...  # type: ignore[empty-body]


def test_a_context_is_one_operation_of_all_its_readers() -> None:
    """With the parameters of each, the results by name, and the failures of some beside the answers of others."""
    operation = document_of(profile, orders)["paths"]["/api/mizan/ctx/user/"]["get"]
    parameters = {parameter["name"]: parameter for parameter in operation["parameters"]}
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]

    assert {name: parameter["required"] for name, parameter in parameters.items()} == {
        "id": True,
        "page": False,
        "~only": False,
    }
    assert parameters["id"]["description"] == "Whose."
    assert parameters["~only"]["schema"]["items"]["enum"] == ["orders", "profile"]
    assert set(schema["properties"]) == {"orders", "profile", "$errors"}


def test_a_context_is_open_where_one_of_its_readers_is() -> None:
    """The others answer to those whom they let in."""
    both = document_of(profile, orders)["paths"]["/api/mizan/ctx/user/"]["get"]
    closed = document_of(orders)["paths"]["/api/mizan/ctx/user/"]["get"]

    assert {} in both["security"]
    assert {} not in closed["security"]
