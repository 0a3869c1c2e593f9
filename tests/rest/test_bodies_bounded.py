"""
A bad body makes a small answer, quickly, whatever is wrong with it and however often.
"""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from rest_framework import serializers

from mizan.client import client
from mizan.protocol.registry import default_registry
from tests.api import Api

pytestmark = pytest.mark.django_db

LARGEST_BODY = 100_000
LARGEST_ANSWER = 200_000
MOST_MEMORY = 50_000_000
MOST_SECONDS = 1.0  # of the processor, 0.2 where nothing else runs


class Leaf(BaseModel):
    number: int
    text: str = ""


class Branch(BaseModel):
    leaves: list[Leaf] = []
    by_name: dict[str, Leaf] = {}
    below: list[Branch] = []


class LeafSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    names = serializers.DictField(child=serializers.ListField(child=serializers.IntegerField()), required=False)


@client(auth=False)
def numbers(request: Any, x: list[int]) -> None: ...


@client(auth=False)
def tables(request: Any, x: dict[str, list[int]]) -> None: ...


@client(auth=False)
def either(request: Any, x: list[int | list[bool] | Leaf]) -> None: ...


@client(auth=False)
def model(request: Any, x: Branch) -> None: ...


@client(auth=False)
def anything(request: Any, x: Any) -> None: ...


@client(auth=False)
def serialized(request: Any, x: LeafSerializer) -> None: ...


FUNCTIONS = (numbers, tables, either, model, anything, serialized)
NAMES = [function.__name__ for function in FUNCTIONS]


@pytest.fixture(scope="module")
def served() -> Iterator[Api]:
    """Every function above, called once: what is built at a first call is no part of an answer's cost."""
    with default_registry.isolated():
        api = Api()
        api.serve(*FUNCTIONS)
        yield api


@pytest.fixture(autouse=True)
def warm(served: Api) -> None:
    for name in NAMES:
        for body in (b'{"x": 0}', b'{"x": "' + b"x" * 20_000 + b'"}'):
            served.post(f"call/{name}/", body)


def call(api: Api, path: str, body: bytes) -> Any:
    """What *body* gets, once it is certain that it is cheap."""
    started = time.process_time()
    response = api.post(path, body)
    seconds = time.process_time() - started
    tracemalloc.start()
    try:
        api.post(path, body)
        memory = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert response.status_code in (200, 400, 422), response.content
    assert len(response.content) <= LARGEST_ANSWER
    assert memory <= MOST_MEMORY
    assert seconds <= MOST_SECONDS
    return response


# What is inside of a list, to be repeated until the body is full.
ITEMS = st.sampled_from(
    [
        '"x"',
        "{}",
        "[]",
        "null",
        "[[]]",
        '"\\ud800"',
        '"\\u0000"',
        "NaN",
        "1e999",
        "1.5",
        '{"number":"x"}',
        '{"leaves":[0]}',
        "9e15",
        '"\\u0001é😀"',
    ]
)
KEYS = st.sampled_from(["x", "leaves", "by_name", "below", "names", "a.b", "\\u0000", "\\ud800", "$", "é"])


class Body(bytes):
    """Shown by its first bytes, where one fails."""

    def __repr__(self) -> str:
        return f"{bytes(self[:200])!r} and so on, {len(self)} bytes"


@st.composite
def bodies(draw: st.DrawFn) -> Body:
    """JSON of up to 100 kB: one kind of trouble, many times, below keys of any length."""
    trouble = draw(ITEMS)
    inner = "[" + ",".join([trouble] * draw(st.sampled_from([1, 50, 5_000, 50_000]))) + "]"
    for _ in range(draw(st.integers(0, 4))):
        key = draw(KEYS) * draw(st.sampled_from([1, 1, 50, 5_000]))
        how_many = draw(st.sampled_from([1, 1, 1_000]))
        inner = (
            "{"
            + ",".join(f'"{key}{number or ""}":{inner}' for number in range(how_many if len(inner) < 100 else 1))
            + "}"
        )
    depth = draw(st.sampled_from([0, 0, 1, 150, 5_000]))
    text = '{"x":' + "[" * depth + inner + "]" * depth + "}"
    return Body(text.encode()[:LARGEST_BODY])


@given(name=st.sampled_from(NAMES), body=bodies(), by_entry=st.booleans())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_body_makes_a_large_answer(served: Api, name: str, body: bytes, by_entry: bool) -> None:
    """Nobody can have a server spend much more on a refusal than they spent on asking."""
    if by_entry:
        call(served, "call/", b'{"fn":"' + name.encode() + b'","args":' + body + b"}")
    else:
        call(served, f"call/{name}/", body)


@pytest.mark.parametrize("name", NAMES)
def test_a_long_path_is_cut(served: Api, name: str) -> None:
    """65 kB of key and surrogates made 100 MB of paths."""
    body = json.dumps({"x": {"k" * 40_000: ["\ud800"] * 3_000}}).encode()

    response = call(served, "call/", b'{"fn":"' + name.encode() + b'","args":' + body + b"}")

    assert all(len(path) <= 200 for path in response.json()["details"]["fields"])


def test_a_million_wrong_items_are_one_problem(served: Api) -> None:
    """Of a large body only the first problem of each list is told."""
    body = b'{"x":[' + b",".join([b'"x"'] * 600_000) + b"]}"

    response = call(served, "call/numbers/", body)

    assert set(response.json()["details"]["fields"]) == {"x.0"}


def test_the_rest_is_counted(served: Api) -> None:
    """A hundred problems are told; one line says how many there are beside."""
    response = call(served, "call/numbers/", json.dumps({"x": ["x"] * 1_000}).encode())

    fields = response.json()["details"]["fields"]
    assert len(fields) == 101
    assert fields[""] == ["There are 900 more problems"]


def test_the_rest_of_a_serializer_is_counted(served: Api) -> None:
    """DRF finds all of them; its errors are nested."""
    response = call(
        served, "call/serialized/", json.dumps({"x": {"number": 1, "names": {"a": ["x"] * 1_000}}}).encode()
    )

    fields = response.json()["details"]["fields"]
    assert len(fields) == 101
    assert fields[""] == ["There are 900 more problems"]
