"""
The types of a whole service as components.
"""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from mizan.client import MizanError, client
from mizan.openapi.descriptions import Description, describe
from mizan.protocol.registry import FunctionRegistry
from mizan.service.current import current_service
from mizan.setup import register
from mizan.types import Upload


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
