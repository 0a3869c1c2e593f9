"""
DRF serializers as annotations, wherever they stand in one.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from django.core.files.uploadedfile import UploadedFile
from pydantic import Field
from rest_framework import serializers

from mizan.drf.annotations import SerializerAnnotation, substitute, uses_serializers
from mizan.types import Upload
from mizan.wire.problems import InvalidInput
from mizan.wire.types import WireType
from mizan.wire.validation import validated


class Row(serializers.Serializer[Any]):
    size = serializers.IntegerField(min_value=1)
    name = serializers.CharField(required=False)


ROW = Annotated[Any, SerializerAnnotation(Row)]


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (Row, ROW),
        (list[Row], list[ROW]),
        (Row | None, ROW | None),
        (dict[str, list[Row]], dict[str, list[ROW]]),
        (Annotated[dict, Row], ROW),
        (UploadedFile, Upload),
        (int, int),
        (list[int], list[int]),
        (Literal["a"], Literal["a"]),
        (None, None),
    ],
    ids=["alone", "list", "optional", "nested", "annotated", "file", "int", "ints", "literal", "none"],
)
def test_serializers_are_replaced_wherever_they_stand(annotation: Any, expected: Any) -> None:
    """Everything else is as it was."""
    assert substitute(annotation) == expected
    assert uses_serializers(annotation) == uses_serializers(substitute(annotation)) == ("Row" in str(annotation))


def test_constraints_beside_a_serializer_stay() -> None:
    """They are of the whole list."""
    assert substitute(Annotated[list[Row], Field(max_length=3)]).__metadata__[0].metadata[0].max_length == 3


def test_what_a_serializer_refuses_stands_at_its_path() -> None:
    """In the middle of something that pydantic validates."""
    with pytest.raises(InvalidInput) as refused:
        validated(WireType(dict[str, list[Row]]), {"rows": [{"size": 1}, {"size": 0}, {}]})

    assert sorted(refused.value.fields) == ["rows.1.size", "rows.2.size"]


def test_what_a_serializer_writes_is_its_representation() -> None:
    """Of whatever it takes as its instance."""
    assert WireType(list[Row]).written([{"size": 1, "name": "x", "other": 5}]) == b'[{"size":1,"name":"x"}]'
