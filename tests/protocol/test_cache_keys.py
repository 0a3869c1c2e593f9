"""
The laws of cached names: one for each question, none that a client could make up or read anything from.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mizan.protocol.cache_keys import CacheKeys
from mizan.protocol.errors import ConfigError

KEYS = CacheKeys("k" * 32)
NAMES = st.text(min_size=1, max_size=8)
PARAMS = st.dictionaries(NAMES, st.none() | st.booleans() | st.integers(0, 3) | st.text(max_size=3), max_size=3)
QUESTIONS = st.tuples(NAMES, NAMES, PARAMS, st.lists(st.text(max_size=3), max_size=3))


def spelled(value: Any) -> Any:
    return [(key, isinstance(item, bool), item) for key, item in sorted(value.items())]


@given(QUESTIONS, QUESTIONS)
def test_another_question_has_another_name(one: Any, other: Any) -> None:
    """Whatever of it differs."""
    same = (*one[:2], spelled(one[2]), one[3]) == (*other[:2], spelled(other[2]), other[3])
    assert (KEYS.entry(*one) == KEYS.entry(*other)) == same


@given(QUESTIONS)
def test_an_entry_is_never_a_tag(question: Any) -> None:
    """Nor is the tag of a function that of its context, or of permissions."""
    context, function, params, beside = question
    names = {
        KEYS.entry(context, function, params, beside),
        KEYS.tag(context),
        KEYS.tag(context, function),
        KEYS.access_tag(context),
    }
    assert len(names) == 4


@given(QUESTIONS)
def test_a_name_tells_nothing(question: Any) -> None:
    """It is hexadecimal but for the frame, and names of one context share a Redis Cluster's slot."""
    name = KEYS.entry(*question)

    assert re.fullmatch(r"mizan:\{[0-9a-f]{16}\}:e:[0-9a-f]{64}", name)
    assert name.startswith(KEYS.prefix(question[0]))


@given(QUESTIONS, st.text(min_size=32, max_size=40))
def test_another_secret_gives_other_names(question: Any, secret: str) -> None:
    """So two projects may share a Redis."""
    assume(secret != "k" * 32)
    assert CacheKeys(secret).entry(*question) != KEYS.entry(*question)


def test_a_short_secret_is_refused() -> None:
    """With the line that makes a long one."""
    with pytest.raises(ConfigError, match="token_urlsafe"):
        CacheKeys("k" * 31)
