"""
What is wrong with types and names is found before anybody asks for the document.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from types import FunctionType
from typing import Annotated, Any, Literal

import pytest
from django.http import HttpResponse
from openapi_spec_validator import validate
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from rest_framework import serializers

from mizan.client import MizanError, client
from mizan.client import client as mizan_client
from mizan.export.document import build_document
from mizan.export.text import ir_text
from mizan.protocol.registry import FunctionRegistry
from mizan.types import Upload
from tests.checks.messages import found, ids, serve


@pytest.mark.django_db
def test_a_reader_that_cannot_be_served_leaves_the_project_be(registry: FunctionRegistry, client: Any) -> None:
    """It is a finding, and the neighbours and every other address answer."""

    @mizan_client(context="user", auth=False)
    def wrong(request: Any, id) -> str: ...  # type: ignore[no-untyped-def]

    @mizan_client(context="user", auth=False)
    def right(request: Any) -> int:
        return 1

    serve(wrong, right)

    assert ids() == ["mizan.E002"]
    assert client.get("/api/mizan/ctx/user/?id=1&~only=right").json() == {"right": 1}


class Lines(BaseModel):
    start: int = Field(ge=1)


class ReadOnly(serializers.Serializer[Any]):
    made = serializers.DateTimeField(read_only=True)


class Unhinted(serializers.Serializer[Any]):
    label = serializers.SerializerMethodField()

    def get_label(self, item):  # type: ignore[no-untyped-def]
        return ""


class Nothing(Enum):
    """No members."""


class LowerCase(MizanError):
    code = "lower case"


class NoFailure(MizanError):
    status = 200


class OddStatus(MizanError):
    code = "NOT_FOUND"
    status = 400


class OddDetails(MizanError):
    Details = int  # type: ignore[assignment]


class ThreadDetails(MizanError):
    class Details(BaseModel):
        model_config = ConfigDict(arbitrary_types_allowed=True)
        thread: threading.Thread


def default_field(request: Any, limit: int = Field(default=5, ge=1)) -> None: ...


def required_field(request: Any, limit: int = Field(..., ge=1, le=9)) -> None: ...


def no_request(text: str) -> None: ...


def response(request: Any) -> HttpResponse: ...  # type: ignore[empty-body]


def unhinted(request: Any) -> Unhinted: ...  # type: ignore[empty-body]


def not_a_number(request: Any, ratio: float = math.nan) -> None: ...


def no_member(request: Any, which: Nothing) -> None: ...


def model_keys(request: Any) -> dict[Lines, int]: ...  # type: ignore[empty-body]


def nothing(request: Any) -> None: ...


def number_page(request: Any) -> int: ...  # type: ignore[empty-body]


def text_page(request: Any, id: str) -> HttpResponse: ...  # type: ignore[empty-body]


def null_reader(request: Any, status: str | None = "open") -> int: ...  # type: ignore[empty-body]


def file_reader(request: Any, file: Upload) -> int: ...  # type: ignore[empty-body]


@pytest.mark.parametrize(
    ("function", "options", "id", "says"),
    [
        (default_field, {}, "mizan.E009", "Write limit: Annotated[int, Field(ge=1)] = 5."),
        (required_field, {}, "mizan.E009", "Write limit: Annotated[int, Field(ge=1, le=9)]."),
        (no_request, {}, "mizan.E009", "its first parameter must be the request"),
        (response, {}, "mizan.E002", 'Write @client(route="/…/") above response'),
        (unhinted, {}, "mizan.E002", 'unable to resolve type hint for function "get_label"'),
        (not_a_number, {}, "mizan.W007", "nan"),
        (no_member, {}, "mizan.E002", "which"),
        (model_keys, {}, "mizan.E002", "model_keys"),
        (null_reader, {"context": "files"}, "mizan.W008", "Make None its default, status: str | None = None"),
        (file_reader, {"context": "files"}, "mizan.E002", 'context "files"'),
        (nothing, {"raises": LowerCase}, "mizan.E013", "Write code = 'LOWER_CASE'"),
        (nothing, {"raises": NoFailure}, "mizan.E013", "from 400 to 599"),
        (nothing, {"raises": OddStatus}, "mizan.E013", "the protocol gives this code the status 404"),
        (nothing, {"raises": OddDetails}, "mizan.E013", "class Details(BaseModel)"),
        (nothing, {"raises": ThreadDetails}, "mizan.E013", "cannot be sent"),
        (nothing, {"private": True, "context": "user"}, "mizan.E011", "private=True"),
        (nothing, {"name": ""}, "mizan.E007", "is not a function name"),
        (nothing, {"name": 5}, "mizan.E007", "is not a function name"),
        (nothing, {"auth": lambda: True}, "mizan.E008", "Write auth=lambda request"),
        (number_page, {"route": "/n/"}, "mizan.E010", "returns int"),
        (text_page, {"route": "/t/<int:id>/"}, "mizan.E010", "id: int"),
    ],
    ids=lambda value: value.__name__ if hasattr(value, "__name__") else None,
)
def test_what_would_fail_later_is_found_now(
    registry: FunctionRegistry, function: Callable[..., Any], options: dict[str, Any], id: str, says: str
) -> None:
    """When it is called, when the client is generated, or by nobody at all."""
    copy = FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__)
    copy.__annotations__ = dict(function.__annotations__)
    serve(client(auth=options.pop("auth", False), **options)(copy))

    assert set(ids()) == {id}
    assert any(says in f"{message.msg} {message.hint}" for message in found())


def test_a_serializer_of_which_nothing_can_be_sent_is_an_empty_object(registry: FunctionRegistry) -> None:
    """It is no reason to describe nothing at all."""

    @client(auth=False)
    def touch(request: Any, thing: ReadOnly) -> None: ...

    serve(touch)

    assert ids() == []
    assert "function" in ir_text()


class Box(BaseModel):
    size: int = None  # type: ignore[assignment]  # the mistake under test


@pytest.mark.parametrize(
    ("annotation", "default", "is_fine"),
    [
        (int, None, False),
        (int | None, None, True),
        (int, "5", False),
        (float, 1, True),
        (Decimal, 0, True),
        (list[int], [], True),
        (list[int], (), False),
        (Literal["a"], "b", False),
        (bytes, b"\xff", True),
        (Box, Box(), True),
        (Box, {"size": 1}, False),
        (Annotated[list[str], BeforeValidator(lambda text: text.split(","))], [], True),
    ],
)
def test_a_default_of_another_type_is_warned_of(
    registry: FunctionRegistry, annotation: Any, default: Any, is_fine: bool
) -> None:
    """Nobody validates it, so it would be in the function and not in the document."""

    def f(request: Any, value: annotation = default) -> None: ...

    f.__annotations__["value"] = annotation
    serve(client(auth=False)(f))

    assert ids() == ([] if is_fine else ["mizan.W007"])
    validate(build_document())
