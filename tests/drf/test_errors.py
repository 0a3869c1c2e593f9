"""
DRF's nested errors as paths.
"""

from __future__ import annotations

from typing import Any

import pytest

from mizan.drf.errors import flatten


@pytest.mark.parametrize(
    ("errors", "pairs"),
    [
        ({}, []),
        (["No."], [("", "No.")]),
        ({"name": ["Too short.", "Odd."]}, [("name", "Too short."), ("name", "Odd.")]),
        ({"non_field_errors": ["Clash."]}, [("", "Clash.")]),
        ({"rows": [{}, {"size": ["Big."]}]}, [("rows.1.size", "Big.")]),
        ({"rows": {1: {"size": ["Big."]}}}, [("rows.1.size", "Big.")]),
        ({"row": {"non_field_errors": ["Clash."], "size": ["Big."]}}, [("row", "Clash."), ("row.size", "Big.")]),
    ],
    ids=str,
)
def test_every_message_stands_at_its_path(errors: Any, pairs: list[tuple[str, str]]) -> None:
    """Errors of an object as a whole stand at the object."""
    assert list(flatten(errors)) == pairs


def test_the_project_may_call_errors_of_the_whole_otherwise(settings: Any) -> None:
    """On Mizan's wire they have no name at all."""
    settings.REST_FRAMEWORK = {"NON_FIELD_ERRORS_KEY": "all_of_it"}

    assert list(flatten({"all_of_it": ["Clash."]})) == [("", "Clash.")]
