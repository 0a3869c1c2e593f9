"""
What makes two answers one entry, or two.
"""

from __future__ import annotations

import itertools
import json
from datetime import timedelta
from typing import Annotated, Any

from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, SecretStr

from mizan.client import client
from mizan.freshness.entry_keys import question_text
from tests.api import CachedApi
from tests.freshness.reading import counter


def test_each_question_has_its_answer(cached: CachedApi) -> None:
    """As it was sent: two spellings of one question are a miss more, and never a wrong answer."""
    numbers = itertools.count(1)

    @client(auth=False, context="page")
    def page(request: Any, number: Annotated[int, Field(ge=0)], size: int = 10) -> list[int]:
        return [number, size, next(numbers)]

    cached.serve(page)

    assert cached.read("page/?number=5") == ("MISS", {"page": [5, 10, 1]})
    assert cached.read("page/?number=6") == ("MISS", {"page": [6, 10, 2]})
    assert cached.read("page/?number=5") == ("HIT", {"page": [5, 10, 1]})
    assert cached.read("page/?number=05") == ("MISS", {"page": [5, 10, 3]})
    assert cached.read("page/?size=10&number=5") == ("MISS", {"page": [5, 10, 4]})
    assert cached.read("page/?number=5&size=10") == ("HIT", {"page": [5, 10, 4]})


def test_a_parameter_of_any_type_has_its_answer(cached: CachedApi) -> None:
    """Bytes that are no text, durations, lists."""

    @client(auth=False, context="clip")
    def clip(request: Any, key: bytes, length: timedelta, marks: list[int]) -> list[str]:
        return [key.hex(), str(length), str(marks)]

    cached.serve(clip)

    body = {"clip": ["ff", "1:00:00", "[1, 2]"]}
    assert cached.read("clip/?key=_w&length=PT60M&marks=1&marks=2") == ("MISS", body)
    assert cached.read("clip/?marks=[1,2]&key=_w&length=PT60M") == ("HIT", body)
    assert cached.read("clip/?key=%2Fw%3D%3D&length=PT1H&marks=[1,2]") == ("MISS", body)


SECRET = "right"


def test_what_a_type_hides_is_told_apart(cached: CachedApi) -> None:
    """Secrets that print as asterisks, and values that Python calls equal."""

    @client(auth=False, context="document")
    def document(request: Any, password: SecretStr) -> str:
        return "the document" if password.get_secret_value() == SECRET else "wrong"

    @client(auth=False, context="kind")
    def kind(request: Any, value: bool | int | float) -> str:
        return type(value).__name__

    cached.serve(document, kind)

    assert cached.read("document/?password=right") == ("MISS", {"document": "the document"})
    assert cached.read("document/?password=wrong") == ("MISS", {"document": "wrong"})
    assert [cached.read(f"kind/?value={value}")[1]["kind"] for value in ("1", "true", "1.0")] == [
        "int",
        "bool",
        "float",
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["a", "b"]), JSON), st.dictionaries(st.sampled_from(["a", "b"]), JSON))
def test_two_questions_that_differ_never_share_an_entry(one: dict[str, Any], other: dict[str, Any]) -> None:
    """In whatever they differ: JSON text is compared, never values of Python."""
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)

    assert (question_text(one, ("a", "b")) == question_text(other, ("a", "b"))) == same


def test_unknown_parameters_make_no_entry(cached: CachedApi) -> None:
    """Nobody fills the cache with parameters of their own."""
    cached.serve(counter())

    assert cached.get("ctx/count/?x=1").status_code == 422
    assert cached.read("count/")[0] == "MISS"


def test_a_new_revision_is_a_new_answer(cached: CachedApi) -> None:
    """And so is one of another type."""
    from mizan.protocol.registry import default_registry

    numbers = itertools.count(1)

    def declare(**options: Any) -> None:
        @client(auth=False, context="count", **options)
        def number(request: Any) -> int:
            return next(numbers)

        default_registry.add(number.__mizan__, by_hand=True)

    for options in ({}, {"rev": 1}, {"rev": 2}):
        with default_registry.isolated():
            declare(**options)
            assert cached.read("count/")[0] == "MISS"
            assert cached.read("count/")[0] == "HIT"


def test_a_new_type_is_a_new_answer(cached: CachedApi) -> None:
    """A field more, and what was kept without it is not served."""
    from mizan.protocol.registry import default_registry

    for annotation in (int, int | None):
        with default_registry.isolated():

            @client(auth=False, context="count")
            def number(request: Any) -> annotation:
                return 1

            default_registry.add(number.__mizan__, by_hand=True)
            assert cached.read("count/")[0] == "MISS"
            assert cached.read("count/")[0] == "HIT"
