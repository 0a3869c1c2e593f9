"""
Random type declarations and random values of them, for the laws that hold for every declaration.
"""

from __future__ import annotations

import itertools
import string
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, Optional
from uuid import UUID

from hypothesis import strategies as st
from pydantic import BaseModel, Field, create_model

from mizan.types import BigInt

_counter = itertools.count()

NAMES = st.text(string.ascii_lowercase, min_size=1, max_size=5).map(lambda text: f"f_{text}")
ODD_NAMES = st.sampled_from(
    [
        "class",
        "default",
        "enum",
        "mapping",
        "properties",
        "$ref",
        "user-id",
        "__proto__",
        "constructor",
        "a b",
        "ключ",
        "`",
        "${x}",
        "*/",
        '"',
        "\\",
    ]
)
# Databases refuse null characters and JSON has no half surrogate pairs; both are refused at the door.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)


@dataclass(frozen=True)
class Declared:
    """An annotation and a strategy of its values."""

    annotation: Any
    values: st.SearchStrategy[Any]


SCALARS = [
    Declared(bool, st.booleans()),
    Declared(int, st.integers(-(2**53) + 1, 2**53 - 1)),
    Declared(BigInt, st.integers(-(10**40), 10**40)),
    Declared(float, st.floats(allow_nan=False, allow_infinity=False)),
    Declared(str, TEXT),
    Declared(bytes, st.binary(max_size=12)),
    Declared(Decimal, st.decimals(allow_nan=False, allow_infinity=False, places=4)),
    Declared(datetime, st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.just(UTC))),  # noqa: DTZ001 - bounds are naive
    Declared(date, st.dates(min_value=date(1000, 1, 1))),
    Declared(time, st.times()),
    Declared(timedelta, st.timedeltas(timedelta(days=-9999), timedelta(days=9999))),
    Declared(UUID, st.uuids()),
]


def _enum(values: list[str]) -> Declared:
    kind = Enum(f"Enum{next(_counter)}", [(f"M{index}", value) for index, value in enumerate(values)])
    return Declared(kind, st.sampled_from(list(kind)))


def _literal(values: list[Any]) -> Declared:
    return Declared(Literal[tuple(values)], st.sampled_from(values))


def _optional(inner: Declared) -> Declared:
    return Declared(Optional[inner.annotation], st.none() | inner.values)


def _list(inner: Declared) -> Declared:
    return Declared(list[inner.annotation], st.lists(inner.values, max_size=3))  # type: ignore[name-defined]  # made at run time


def _dict(inner: Declared) -> Declared:
    return Declared(dict[str, inner.annotation], st.dictionaries(TEXT, inner.values, max_size=3))  # type: ignore[name-defined]  # likewise


def _tuple(inner: list[Declared]) -> Declared:
    annotation = tuple[tuple(one.annotation for one in inner)]  # type: ignore[misc]  # likewise
    return Declared(annotation, st.tuples(*(one.values for one in inner)))


def _model(fields: dict[str, tuple[Declared, bool]]) -> Declared:
    definitions: dict[str, Any] = {}
    for index, (name, (inner, has_default)) in enumerate(fields.items()):
        default: Any = None if has_default else ...
        annotation = Optional[inner.annotation] if has_default else inner.annotation
        definitions[f"field_{index}"] = (annotation, Field(default, alias=name))
    model: type[BaseModel] = create_model(f"Model{next(_counter)}", **definitions)
    values = st.fixed_dictionaries(
        {name: inner.values for name, (inner, has_default) in fields.items() if not has_default},
        optional={name: inner.values | st.none() for name, (inner, has_default) in fields.items() if has_default},
    )
    return Declared(model, values.map(model.model_validate))


def _extend(inner: st.SearchStrategy[Declared]) -> st.SearchStrategy[Declared]:
    kinds: list[st.SearchStrategy[Declared]] = [
        inner.map(_optional),
        inner.map(_list),
        inner.map(_dict),
        st.lists(inner, min_size=1, max_size=3).map(_tuple),
        st.dictionaries(NAMES | ODD_NAMES, st.tuples(inner, st.booleans()), min_size=1, max_size=4).map(_model),
    ]
    return st.one_of(kinds)


def _leaves() -> st.SearchStrategy[Declared]:
    literals: st.SearchStrategy[Any] = TEXT | st.integers(-9, 9) | st.booleans()
    different: Callable[[Any], Any] = lambda value: (type(value), value)  # noqa: E731 - 1 and true are two values
    return st.one_of(
        st.sampled_from(SCALARS),
        st.lists(TEXT, min_size=1, max_size=3, unique=True).map(_enum),
        st.lists(literals, min_size=1, max_size=3, unique_by=different).map(_literal),
    )


def declarations() -> st.SearchStrategy[Declared]:
    """Annotations of every kind, nested a few deep."""
    return st.recursive(_leaves(), _extend, max_leaves=6)
