"""
Going through shapes: what is inside of one, and what is reachable from one through the declared types.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mizan.ir.model import (
    Enum,
    ListOf,
    Literal,
    MapOf,
    Nullable,
    OneOf,
    Ref,
    Scalar,
    Shape,
    Struct,
    TupleOf,
)


def inner_shapes(shape: Shape) -> Iterator[tuple[str, Shape]]:
    """
    The shapes directly inside *shape*, each with the words that lead there.
    """
    match shape:
        case Scalar() | Literal() | Ref() | Enum():
            return
        case ListOf(item):
            yield "list", item
        case Nullable(item):
            yield "nullable", item
        case MapOf(value, key):
            yield "map > key", key
            yield "map", value
        case TupleOf(items):
            yield from (("tuple", item) for item in items)
        case OneOf(members):
            yield from (("one-of", item) for item in members)
        case Struct(fields):
            yield from ((f'field "{field.name}"', field.shape) for field in fields)
        case _:
            yield from (("all-of", item) for item in shape.members)


def walk(shape: Shape, where: str = "") -> Iterator[tuple[str, Shape]]:
    """
    *shape* and every shape inside of it, each with its breadcrumb below *where*; a ``Ref`` is not followed.
    """
    yield where, shape
    for step, inner in inner_shapes(shape):
        yield from walk(inner, f"{where} > {step}")


def reachable(shapes: Iterable[Shape], types: Mapping[str, Shape]) -> Iterator[Shape]:
    """
    Every shape in *shapes* and in the types that they name, directly or not; each type once.
    """
    waiting, seen = list(shapes), set[str]()
    while waiting:
        for _, shape in walk(waiting.pop()):
            yield shape
            if isinstance(shape, Ref) and shape.name in types and shape.name not in seen:
                seen.add(shape.name)
                waiting.append(types[shape.name])
