"""
The document against the server: what it describes is accepted, what it excludes is refused, and every answer is as described.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field
from rest_framework import serializers
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection
from typing_extensions import NotRequired, TypedDict

from mizan.client import Conflict, ReactContext, client
from mizan.protocol.registry import default_registry
from mizan.setup import register
from mizan.types import BigInt
from tests.api import PREFIX

# What the document says of a value in words or by a format of its own, and a tool cannot know.
schemathesis.openapi.format("decimal", st.decimals(-1000, 1000, places=2).map(str))
schemathesis.openapi.format("bigint", st.integers().map(str))
schemathesis.openapi.format("duration", st.sampled_from(["PT0S", "P1DT2H", "PT1H0M5S"]))
schemathesis.openapi.format("time-local", st.times().map(time.isoformat))
SafeInt = Annotated[int, Field(ge=-(2**53) + 1, le=2**53 - 1)]


class Colour(Enum):
    RED = "red"
    GREEN = "green"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Mixed(Enum):
    ONE = 1
    TWO = "two"


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: Annotated[int, Field(ge=0, le=9)] = 9


class Dog(BaseModel):
    kind: Literal["dog"]
    name: Annotated[str, Field(min_length=1, max_length=5)]


class Tree(BaseModel):
    label: str
    children: list[Tree] = []


class Exact(BaseModel):
    price: Decimal
    moment: datetime
    day: date
    clock: time
    key: UUID
    data: bytes
    big: BigInt
    span: timedelta


@dataclass
class Point:
    x: float
    y: float = 0.0


class Options(TypedDict):
    deep: bool
    wide: NotRequired[bool]


class Line(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=10, allow_blank=True, trim_whitespace=False)
    amount = serializers.IntegerField(min_value=0, max_value=1000, required=False)


def functions() -> list[Any]:
    shop = ReactContext("shop")

    @client(auth=False)
    def numbers(
        request: Any, count: SafeInt, ratio: float, flag: bool, size: Annotated[int, Field(gt=0, lt=100, multiple_of=5)]
    ) -> dict[str, float]:
        return {"count": count, "ratio": ratio, "flag": flag, "size": size}

    @client(auth=False)
    def texts(
        request: Any,
        text: Annotated[str, Field(min_length=2, max_length=20)],
        code: Annotated[str, Field(pattern=r"^[a-z]{3}-[0-9]{2}$")],
        maybe: str | None = None,
    ) -> dict[str, str | None]:
        return {"text": text, "code": code, "maybe": maybe}

    @client(auth=False)
    def exact(
        request: Any,
        price: Annotated[Decimal, Field(max_digits=8, decimal_places=2)],
        moment: datetime,
        day: date,
        clock: time,
        key: UUID,
        data: bytes,
        big: BigInt,
        span: timedelta = timedelta(0),
    ) -> Exact:
        return Exact(price=price, moment=moment, day=day, clock=clock, key=key, data=data, big=big, span=span)

    @client(auth=False)
    def choices(request: Any, colour: Colour, level: Level, mixed: Mixed, mode: Literal["r", "w"] = "r") -> Colour:
        return colour

    @client(auth=False)
    def shapes(
        request: Any,
        pet: Annotated[Cat | Dog, Field(discriminator="kind")],
        point: Point,
        options: Options,
        tree: Tree,
        pairs: dict[str, tuple[SafeInt, str]],
        many: Annotated[list[SafeInt], Field(min_length=1, max_length=3)],
    ) -> Cat | Dog:
        return pet

    @client(auth=False, affects=shop, raises=[Conflict])
    def order(request: Any, line: Line, amount: SafeInt = 1) -> Line:
        if amount == 3:
            raise Conflict("There are three already.")
        return line

    @client(context=shop, auth=False)
    def product(request: Any, id: SafeInt, colour: Colour = Colour.RED) -> Tree:
        return Tree(label=f"{id} {colour.name}")

    @client(context=shop, auth=False)
    def prices(request: Any, id: SafeInt, days: list[date] | None = None) -> list[Decimal]:
        return [Decimal(len(days or []))]

    return [numbers, texts, exact, choices, shapes, order, product, prices]


@pytest.fixture
def operations(settings: Any, db: None) -> Iterator[dict[str, Any]]:
    """The operations of a server that serves every kind of type, as its own document describes them."""
    settings.MIZAN_SHOW_DOCS = True
    with default_registry.isolated():
        for function in functions():
            register(function)
        # Null characters are refused in every text, which JSON Schema has no short word for.
        generation = GenerationConfig(allow_x00=False, database="none")
        config = SchemathesisConfig(projects=ProjectsConfig(default=ProjectConfig(generation=generation)))
        document = schemathesis.openapi.from_wsgi(f"{PREFIX}schema/", get_wsgi_application(), config=config)
        found = [result.ok() for result in document.get_all_operations()]
        yield {operation.path.removeprefix(PREFIX).strip("/"): operation for operation in found}


PATHS = [f"call/{name}" for name in ("numbers", "texts", "exact", "choices", "shapes", "order")] + ["ctx/shop"]


@pytest.mark.parametrize("path", PATHS)
def test_what_the_document_allows_is_accepted(operations: dict[str, Any], path: str) -> None:
    """And answered with what the document says."""

    @given(case=operations[path].as_strategy(generation_mode=GenerationMode.POSITIVE))
    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    def ask(case: Any) -> None:
        case.call_and_validate()

    ask()


@pytest.mark.parametrize("path", PATHS)
def test_what_the_document_excludes_is_never_the_servers_fault(operations: dict[str, Any], path: str) -> None:
    """Refused as the document says, or understood: numbers are lax, see docs/types.md."""

    @given(case=operations[path].as_strategy(generation_mode=GenerationMode.NEGATIVE))
    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    def ask(case: Any) -> None:
        case.call_and_validate(excluded_checks=[negative_data_rejection])

    ask()
