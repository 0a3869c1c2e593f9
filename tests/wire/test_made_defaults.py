"""
Defaults that are made for each call are no part of what an entry is named by.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field
from rest_framework import serializers

from mizan.client import client
from mizan.rest.findings import service_findings
from mizan.service.current import current_service
from tests.api import CachedApi

pytestmark = pytest.mark.django_db(transaction=True)

numbers = iter(range(1_000_000))


def following() -> int:
    """As the clock, another one every time."""
    return next(numbers)


class Filter(BaseModel):
    after: int = Field(default_factory=following)


class Plain(BaseModel):
    tags: list[str] = Field(default_factory=list)


@dataclass
class Span:
    start: int = field(default_factory=following)


class Nested(serializers.Serializer[Any]):
    after = serializers.ListField(child=serializers.IntegerField(), default=lambda: [following()])


class Deep(serializers.Serializer[Any]):
    nested = Nested(many=True, default=[])


def reader_of(annotation: Any) -> Callable[..., Any]:
    """A reader whose only parameter is of *annotation*; its answer is different whenever it runs."""

    def answer(request: Any, x: Any) -> int:
        return following()

    answer.__annotations__ = {"x": annotation, "return": int}
    return client(context="answers", auth=False)(answer)


@pytest.mark.parametrize(
    ("annotation", "question"),
    [
        (Annotated[int, Field(default_factory=following)], ""),
        (Filter, "?x={}"),
        (list[Filter], "?x=[{}]"),
        (Span, "?x={}"),
        (Nested, "?x={}"),
        (Deep, "?x={}"),
    ],
)
def test_an_answer_with_a_made_default_is_not_kept(cached: CachedApi, annotation: Any, question: str) -> None:
    """Today's date is another one tomorrow; a check says that nothing is kept."""
    cached.serve(reader_of(annotation))

    first, second = (cached.get(f"ctx/answers/{question}") for _ in range(2))

    assert first.json()["answer"] < second.json()["answer"]
    assert second["X-Mizan-Cache"] == "BYPASS"
    assert [finding.id for finding in service_findings(current_service())] == ["mizan.W011"]


def test_what_makes_the_same_every_time_is_no_matter(cached: CachedApi) -> None:
    """An empty list is an empty list."""
    cached.serve(reader_of(Plain))

    first, second = (cached.get("ctx/answers/?x={}") for _ in range(2))

    assert first.json() == second.json()
    assert second["X-Mizan-Cache"] == "HIT"
    assert service_findings(current_service()) == ()
