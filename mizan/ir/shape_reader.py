"""
Shapes and fields from their KDL nodes. Declarations are read in `reader`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mizan.ir.cursor import Cursor
from mizan.ir.grammar import LIST_CONSTRAINTS, MAP_CONSTRAINTS, SCALAR_CONSTRAINTS
from mizan.ir.model import (
    SCALARS,
    AllOf,
    Constraint,
    Enum,
    EnumMember,
    Field,
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


def read_shape(node: Cursor) -> Shape:
    """
    The shape that *node* names by its kind.
    """
    reader = _READERS.get(node.name)
    if reader is None:
        node.fail("unknown shape.")
    shape = reader(node)
    node.finish()
    return shape


def read_field(node: Cursor) -> Field:
    """
    A ``field`` of a struct or a ``param`` of a context.
    """
    node.allow(_FIELD_PROPERTIES)
    return Field(
        name=node.word(),
        required=node.flag("required", default=True),
        default_json=node.text("default-json"),
        deprecated=node.flag("deprecated"),
        doc=node.take_doc(),
        shape=read_shape(node.take_last()),
    )


_FIELD_PROPERTIES = ("default-json", "deprecated", "required")
_SCALAR_PROPERTIES = SCALAR_CONSTRAINTS | {"format"}


def _scalar(node: Cursor) -> Scalar:
    node.no_words()
    node.allow(_SCALAR_PROPERTIES)
    return Scalar(node.name, node.text("format"), _constraints(node, SCALAR_CONSTRAINTS))


def _literal(node: Cursor) -> Literal:
    node.allow(())
    return Literal(node.words())


def _ref(node: Cursor) -> Ref:
    node.allow(())
    return Ref(node.word())


def _list(node: Cursor) -> ListOf:
    node.no_words()
    node.allow(LIST_CONSTRAINTS)
    return ListOf(read_shape(node.take_last()), _constraints(node, LIST_CONSTRAINTS))


def _tuple(node: Cursor) -> TupleOf:
    return TupleOf(_members(node))


def _map(node: Cursor) -> MapOf:
    node.no_words()
    node.allow(MAP_CONSTRAINTS)
    key = node.take("key")
    return MapOf(
        read_shape(node.take_last()),
        Scalar("string") if key is None else read_wrapped(key),
        _constraints(node, MAP_CONSTRAINTS),
    )


def _nullable(node: Cursor) -> Nullable:
    return Nullable(read_wrapped(node))


def _one_of(node: Cursor) -> OneOf:
    return OneOf(_members(node, ("discriminator",)), node.text("discriminator"))


def _all_of(node: Cursor) -> AllOf:
    return AllOf(_members(node))


def _struct(node: Cursor) -> Struct:
    node.no_words()
    node.allow(("closed",))
    return Struct(tuple(map(read_field, node.take_all("field"))), node.flag("closed"))


def _enum(node: Cursor) -> Enum:
    node.no_words()
    node.allow(())
    return Enum(tuple(map(_enum_member, node.take_all("member"))))


def _enum_member(node: Cursor) -> EnumMember:
    node.allow(("name",))
    node.finish()
    return EnumMember(node.word(), node.text("name"))


def read_wrapped(node: Cursor) -> Shape:
    """
    The one shape inside a node that says nothing else.
    """
    node.no_words()
    node.allow(())
    return read_shape(node.take_last())


def _members(node: Cursor, properties: tuple[str, ...] = ()) -> tuple[Shape, ...]:
    node.no_words()
    node.allow(properties)
    return tuple(map(read_shape, node.take_rest()))


def _constraints(node: Cursor, names: frozenset[str]) -> tuple[Constraint, ...]:
    values = ((name, node.value(name)) for name in sorted(names))
    return tuple(Constraint(name, value) for name, value in values if value is not None)


_READERS: Mapping[str, Callable[[Cursor], Shape]] = {
    **dict.fromkeys(SCALARS, _scalar),
    "all-of": _all_of,
    "enum": _enum,
    "list": _list,
    "literal": _literal,
    "map": _map,
    "nullable": _nullable,
    "one-of": _one_of,
    "ref": _ref,
    "struct": _struct,
    "tuple": _tuple,
}
