"""
What a page says of a function in a few words.
"""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from mizan.pages.summaries import annotation_of
from mizan.types import BigInt, Upload


class Address(BaseModel):
    street: str = Field(min_length=1)
    city: str = "Graz"


@pytest.mark.parametrize(
    ("annotation", "text"),
    [
        pytest.param(annotation, text, id=f"{number}: {text}")
        for number, (annotation, text) in enumerate(
            (
                (int, "int"),
                (None | int, "None | int"),
                (list[Address], "list[Address]"),
                (tuple[int, ...], "tuple[int, ...]"),
                (Annotated[BigInt, 1], "int"),
                (BigInt, "BigInt"),
                (Upload, "Upload"),
                (list[BigInt], "list[BigInt]"),
                (dict[str, Annotated[int, Field(gt=0)]], "dict[str, int]"),
            )
        )
    ],
)
def test_types_are_written_as_developers_write_them(annotation: Any, text: str) -> None:
    """Without modules and constraints."""
    assert annotation_of(annotation) == text
