"""
The laws of the invalidation header.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from mizan.protocol.envelope import invalidation, invalidation_header

SCALARS = st.none() | st.booleans() | st.integers() | st.text()


PARAMS = st.dictionaries(
    st.text(min_size=1), SCALARS | st.lists(SCALARS) | st.dictionaries(st.text(), SCALARS), max_size=3
)


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
    bare = sorted({repr((context, {})): (context, {}) for context, _ in entries}.values(), key=repr)
    exact = sorted({repr(entry): entry for entry in spelled}.values(), key=repr)
    assert sorted(read(header), key=repr) in (exact, bare)


def test_a_narrowing_to_a_function_is_left_out_of_the_header() -> None:
    """A cache that knows contexts only drops all of it."""
    assert invalidation_header([invalidation("user", "name", {"id": 5})]) == "user;id=5"


def test_a_long_header_has_the_bare_names() -> None:
    """Node takes 16 kB of headers, and the mutation has run by then."""
    many = [invalidation("user", None, {"id": number}) for number in range(2_000)]

    assert invalidation_header([*many, invalidation("cart", None, {"ids": list(range(2_000))})]) == "cart, user"
    assert invalidation_header(many[:2]) == "user;id=0, user;id=1"
