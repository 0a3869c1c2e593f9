"""
What a schema is written as reads as that schema.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from mizan.ir import check, read, write
from mizan.ir.model import Schema
from tests.strategies import any_schemas, schemas

_LAW = settings(max_examples=20, suppress_health_check=list(HealthCheck))


@_LAW
@given(any_schemas())
def test_what_is_written_reads_as_it_was(schema: Schema) -> None:
    """
    Whatever the strings and numbers in it, a schema survives its text, and its text survives reading.
    """
    text = write(schema)

    assert read(text) == schema
    assert write(read(text)) == text


@_LAW
@given(schemas())
def test_sound_schemas_have_no_findings_and_survive_their_text(schema: Schema) -> None:
    """
    The strategy for sound schemas makes sound ones; others rely on that.
    """
    assert check(schema) == ()
    assert read(write(schema)) == schema


@_LAW
@given(any_schemas())
def test_order_of_declarations_does_not_show(schema: Schema) -> None:
    """
    Two servers that declare the same things in another order have the same text.
    """
    turned = replace(
        schema,
        types=schema.types[::-1],
        errors=schema.errors[::-1],
        functions=schema.functions[::-1],
        contexts=schema.contexts[::-1],
        views=schema.views[::-1],
    )

    assert write(turned) == write(schema)


@_LAW
@given(any_schemas())
def test_text_is_safe_to_review(schema: Schema) -> None:
    """
    No character ends a line or turns the text's direction where a reviewer cannot see it; one node stands on a line.
    """
    text = write(schema)

    assert text.endswith("\n")
    assert text.splitlines() == text.split("\n")[:-1]
    assert not set(text) & {"\u202e", "\u2066", "\ufeff", "\x00", "\t"}


def test_a_lone_surrogate_is_refused() -> None:
    """
    Half of a surrogate pair has no UTF-8; the error shows it.
    """
    with pytest.raises(ValueError, match=r"'\\ud800' has half of a surrogate pair"):
        write(Schema("\ud800", "/"))
