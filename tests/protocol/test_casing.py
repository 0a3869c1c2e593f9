"""
How names change case.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mizan.protocol.casing import camel, pascal, upper_snake, words
from mizan.protocol.names import is_function_name

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


FUNCTION_NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}(\.[A-Za-z][A-Za-z0-9_]{0,8}){0,2}", fullmatch=True)


@given(FUNCTION_NAMES)
def test_names_change_their_case_and_nothing_else(name: str) -> None:
    """So two functions of one client name differ at most in case and in separators."""
    assert is_function_name(name)
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    assert pascal(name).lower().replace("_", "") == plain
    assert "".join(words(name)) == plain
    assert re.fullmatch(r"[A-Z0-9_]+", upper_snake(name))


@pytest.mark.parametrize(
    ("name", "expected"),
    [("UserProfile", "userProfile"), ("API", "api"), ("APIKeys", "apiKeys"), ("X", "x"), ("2Fa", "2Fa"), ("", "")],
)
def test_camel_case_lowers_the_first_word(name: str, expected: str) -> None:
    """Definitions of contexts read as other constants do."""
    assert camel(name) == expected
