"""
What an adapter adds to the wire, and the wire without one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mizan.wire.hooks import Hooks, hooks
from mizan.wire.types import WireType


@given(st.none() | st.integers() | st.text() | st.lists(st.integers()))
def test_without_an_adapter_everything_is_as_it_is(value: Any) -> None:
    """Types of a project that has neither Django nor DRF need nothing of them."""
    plain = Hooks()

    assert (plain.annotation(value), plain.evaluated(value), plain.aware(value)) == (value, value, value)
    assert not plain.needs_thread(value)
    assert not plain.is_file(value)


def test_an_adapter_replaces_annotations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before pydantic sees them, and before anybody asks whether they block."""

    class Row:
        """A type of the framework's own."""

    monkeypatch.setattr(hooks, "annotation", lambda annotation: int if annotation is Row else annotation)
    monkeypatch.setattr(hooks, "needs_thread", lambda annotation: annotation is int)

    row, text = WireType(Row), WireType(str)

    assert (row.input.validate_python("5"), row.needs_thread) == (5, True)
    assert (text.input.validate_python("5"), text.needs_thread) == ("5", False)


def test_an_adapter_evaluates_what_is_lazy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also inside of something else, where a list is declared."""
    monkeypatch.setattr(hooks, "evaluated", lambda value: list(value) if isinstance(value, range) else value)

    assert WireType(list[int]).written(range(3)) == b"[0,1,2]"
    assert WireType(dict[str, list[int]]).written({"numbers": range(2)}) == b'{"numbers":[0,1]}'


def test_an_adapter_knows_the_time_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that sends none means the server's; what is returned is as the function gave it."""
    monkeypatch.setattr(hooks, "aware", lambda moment: moment.replace(year=2000))
    moments = WireType(datetime)

    assert moments.input.validate_python("2026-01-02T03:04:05") == datetime(2000, 1, 2, 3, 4, 5)
    assert moments.written(datetime(2026, 1, 2, 3, 4, 5)) == b'"2026-01-02T03:04:05"'
