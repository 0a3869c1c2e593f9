"""
DRF's nested validation errors as flat pairs of path and message.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rest_framework.settings import api_settings

from mizan.wire.problems import NON_FIELD, joined

_OF_THE_WHOLE = "non_field_errors"


def flatten(errors: Any, path: str = NON_FIELD) -> Iterator[tuple[str, str]]:
    """DRF's nested errors as (path, message) pairs; its non-field errors belong to the object itself."""
    if isinstance(errors, Mapping):
        for name, inner in errors.items():
            yield from flatten(
                inner, path if name in (_OF_THE_WHOLE, api_settings.NON_FIELD_ERRORS_KEY) else joined(path, str(name))
            )
    elif isinstance(errors, Sequence) and not isinstance(errors, str):
        for index, inner in enumerate(errors):
            is_row = isinstance(inner, Mapping)
            yield from flatten(inner, joined(path, str(index)) if is_row else path)
    else:
        yield path, str(errors)
