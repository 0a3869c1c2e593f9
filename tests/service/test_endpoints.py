"""
Functions and contexts ready to be called.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mizan.client import client
from mizan.protocol.registry import FunctionRegistry
from mizan.protocol.specs import spec_of
from mizan.service.current import Service
from mizan.service.invalidations import Invalidation


def service_of(*functions: Callable[..., Any]) -> Service:
    registry = FunctionRegistry()
    for function in functions:
        spec = spec_of(function)
        assert spec is not None
        registry.add(spec, by_hand=True)
    return Service(registry)


@client(auth=False, context="page")
def reader(request: Any, id: int, size: float = 10, word: str | None = None) -> str: ...  # type: ignore[empty-body]


@client(auth=False, context="page")
def other(request: Any, size: float) -> str: ...  # type: ignore[empty-body]


@client(auth=False, affects="page", merge=reader)
def change(request: Any, id: int | None, size: float = 1, unrelated: int = 0) -> str: ...  # type: ignore[empty-body]


@pytest.mark.parametrize(
    ("arguments", "defaulted"),
    [
        ({"id": 1, "size": 10, "word": None}, {"size", "word"}),
        ({"id": 1, "size": 10.0, "word": ""}, {"size"}),
        ({"id": 10, "size": 11.0, "word": "None"}, set()),
    ],
    ids=["both", "one", "none"],
)
def test_equal_to_the_default_is_left_to_the_default(arguments: dict[str, Any], defaulted: set[str]) -> None:
    """Whether it was sent or not: nobody can tell the two answers apart."""
    assert service_of(reader).all_endpoints["reader"].defaulted(arguments) == defaulted


def test_a_success_invalidates_what_its_arguments_name() -> None:
    """Narrowed by those that the context has too; by none that is None."""
    endpoint = service_of(reader, other, change).all_endpoints["change"]

    assert endpoint.changed({"id": 5, "size": 2, "unrelated": 3}) == (
        [Invalidation("page", None, {"id": 5, "size": 2.0})],
        [Invalidation("page", "reader", {"id": 5, "size": 2.0})],
    )
    assert endpoint.changed({"id": None, "size": 2, "unrelated": 3})[0] == [Invalidation("page", None, {"size": 2.0})]


def test_an_answer_of_another_shape_is_of_another_function() -> None:
    """What was cached before a field was added must not be served after it."""

    def shape_of(annotation: Any) -> str:
        @client(auth=False)
        def function(request: Any) -> annotation: ...  # type: ignore[valid-type]

        return service_of(function).all_endpoints["function"].shape

    assert shape_of(int) == shape_of(int) != shape_of(int | None)
    assert shape_of(list[int]) != shape_of(list[str])


def test_a_parameter_is_optional_where_one_reader_need_not_have_it() -> None:
    """Its default may stand for every value."""
    context = service_of(reader, other).contexts["page"]

    assert set(context.parameter_names) == {"id", "size", "word"}
    assert context.optional_names == {"size", "word"}
