"""
How names change case.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mizan.protocol.casing import pascal, upper_snake, words

WORDS = st.lists(st.from_regex(r"[a-z]{2,6}", fullmatch=True), min_size=1, max_size=4)


@given(WORDS)
def test_the_words_of_a_name_do_not_depend_on_its_case(parts: list[str]) -> None:
    """Python, TypeScript and error codes speak of one thing."""
    snake = "_".join(parts)

    assert words(snake) == words(".".join(parts)) == words(pascal(snake)) == words(upper_snake(snake)) == parts


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("OutOfStock", "OUT_OF_STOCK"),
        ("HTTPError", "HTTP_ERROR"),
        ("NotFound404", "NOT_FOUND404"),
        ("APIKey", "API_KEY"),
    ],
)
def test_an_error_s_code_is_the_name_of_its_class(name: str, code: str) -> None:
    """Runs of capitals are one word."""
    assert upper_snake(name) == code
