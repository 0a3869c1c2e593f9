"""
The laws of names and of the invalidation header: whatever is in them, they say one thing.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from mizan.protocol.casing import pascal, upper_snake, words
from mizan.protocol.envelope import invalidation, invalidation_header
from mizan.protocol.names import is_context_name, is_function_name

SCALARS = st.none() | st.booleans() | st.integers() | st.text()
PARAMS = st.dictionaries(
    st.text(min_size=1), SCALARS | st.lists(SCALARS) | st.dictionaries(st.text(), SCALARS), max_size=3
)
FUNCTION_NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}(\.[A-Za-z][A-Za-z0-9_]{0,8}){0,2}", fullmatch=True)


def read(header: str) -> list[tuple[str, dict[str, str]]]:
    """What a cache in front of the server makes of the header."""
    entries = []
    for entry in header.split(", "):
        context, *pairs = entry.split(";")
        entries.append((unquote(context), dict(tuple(map(unquote, pair.split("="))) for pair in pairs)))
    return entries


def as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@given(st.lists(st.tuples(st.text(min_size=1), PARAMS), min_size=1, max_size=4))
def test_the_header_says_what_is_invalidated(entries: list[tuple[str, dict[str, Any]]]) -> None:
    """In visible ASCII, so nothing in a name or a value can start another entry or another header."""
    header = invalidation_header([invalidation(context, None, params) for context, params in entries])
    spelled = [
        (context, {name: as_text(value) for name, value in sorted(params.items())}) for context, params in entries
    ]

    assert re.fullmatch(r"[!-~ ]+", header)
    assert sorted(read(header), key=repr) == sorted({repr(entry): entry for entry in spelled}.values(), key=repr)


def test_a_narrowing_to_a_function_is_left_out_of_the_header() -> None:
    """A cache that knows contexts only drops all of it."""
    assert invalidation_header([invalidation("user", "name", {"id": 5})]) == "user;id=5"


@given(FUNCTION_NAMES)
def test_names_change_their_case_and_nothing_else(name: str) -> None:
    """So two functions of one client name differ at most in case and in separators."""
    assert is_function_name(name)
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    assert pascal(name).lower().replace("_", "") == plain
    assert "".join(words(name)) == plain
    assert re.fullmatch(r"[A-Z0-9_]+", upper_snake(name))


@given(st.text())
def test_a_name_is_letters_digits_and_underscores(name: str) -> None:
    """Of ASCII; a function's may have dots."""
    assert is_context_name(name) == bool(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,99}", name))
    if is_context_name(name):
        assert is_function_name(name)
