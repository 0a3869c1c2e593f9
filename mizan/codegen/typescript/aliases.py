"""
Which declared types TypeScript would refuse as circular.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mizan.ir.model import AllOf, Nullable, OneOf, Ref, Schema, Shape


def types_that_are_themselves(schema: Schema) -> list[str]:
    """
    Names of the declared types that are, through no list, map, tuple or struct, an alternative or a part of themselves.

    ``Tree = list[Tree] | int`` is sound; ``A = B | None`` with ``B = A`` is not, in TypeScript or anywhere.
    """
    direct = {declaration.name: tuple(_direct_refs(declaration.shape)) for declaration in schema.types}
    return [name for name in sorted(direct) if _reaches(name, direct)]


def _direct_refs(shape: Shape) -> Iterator[str]:
    match shape:
        case Ref(name):
            yield name
        case Nullable(item):
            yield from _direct_refs(item)
        case OneOf(members) | AllOf(members):
            for member in members:
                yield from _direct_refs(member)
        case _:
            return


def _reaches(start: str, direct: Mapping[str, tuple[str, ...]]) -> bool:
    waiting, seen = list(direct[start]), set[str]()
    while waiting:
        name = waiting.pop()
        if name == start:
            return True
        if name not in seen:
            seen.add(name)
            waiting += direct.get(name, ())
    return False
