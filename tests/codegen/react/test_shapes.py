from __future__ import annotations

import pytest

from mizan.codegen.react.shapes import TypeBuilder, literal_types, union
from mizan.codegen.typescript.printer import print_module
from mizan.codegen.typescript.tree import Alias, Keyword, Module, Symbol
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
    Struct,
    TupleOf,
)

STRING, INTEGER = Scalar("string"), Scalar("integer")
SHAPES = {
    "Item": Struct(()),
    "Level": Enum((EnumMember("2"), EnumMember("1"))),
    "Name": Scalar("string"),
    "Status": Enum((EnumMember('"b"'), EnumMember('"a"'))),
    "StatusAlias": Ref("Status"),
}
TYPES = TypeBuilder({name: Symbol("./types", name, is_type=True) for name in SHAPES}, SHAPES)


def text(type):
    printed = print_module(Module("types.ts", (Alias("A", type),)), "//", {}, lambda module: module)
    return printed.partition("export type A = ")[2].rstrip("\n")


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (STRING, "string"),
        (Scalar("string", "email", (Constraint("max-length", 5),)), "string"),
        (Ref("Item"), "Item"),
        (ListOf(STRING), "string[]"),
        (ListOf(Nullable(STRING)), "(string | null)[]"),
        (TupleOf((STRING, INTEGER)), "[string, number]"),
        (MapOf(INTEGER), "{ [key: string]: number }"),
        (MapOf(INTEGER, Scalar("uuid")), "{ [key: string]: number }"),
        (MapOf(INTEGER, Ref("Name")), "{ [key: string]: number }"),
        (MapOf(INTEGER, Ref("Status")), "{ [key in Status]?: number }"),
        (MapOf(INTEGER, Ref("StatusAlias")), "{ [key in StatusAlias]?: number }"),
        (MapOf(INTEGER, Ref("Level")), "{ [key: string]: number }"),
        (MapOf(INTEGER, Literal(('"b"', '"a"'))), '{ [key in "a" | "b"]?: number }'),
        (Nullable(STRING), "string | null"),
        (Nullable(Nullable(Ref("Item"))), "Item | null"),
        (Nullable(Scalar("any")), "unknown"),
        (Nullable(Scalar("null")), "null"),
        (OneOf((STRING, Nullable(INTEGER), STRING)), "string | number | null"),
        (OneOf((Ref("Item"), OneOf((Literal(('"x"',)), INTEGER)))), 'Item | "x" | number'),
        (OneOf(()), "never"),
        (AllOf((Ref("Item"), Struct((Field("a", STRING),)))), "Item & { a: string }"),
        (AllOf((Ref("Item"), Ref("Item"))), "Item"),
        (AllOf(()), "unknown"),
        (AllOf((OneOf((STRING, INTEGER)), Ref("Item"))), "(string | number) & Item"),
        (
            Struct((Field("a", STRING), Field("b", Nullable(STRING), required=False))),
            "{ a: string; b?: string | null }",
        ),
        (SHAPES["Status"], '"a" | "b"'),
        (Literal(('"10"', "10", "9", "-1.5", "true", "false", "null", "[1]", '{"a": null}')), None),
    ],
)
def test_a_shape_is_the_type_of_its_value_at_run_time(shape, expected):
    """What the wire carries is what the type says: nothing is decoded on the way."""
    mixed = '-1.5 | 9 | 10 | "10" | false | true | { a: null } | [1] | null'

    assert text(TYPES.type_of(shape)) == (expected or mixed)


def test_every_scalar_has_a_type():
    """A scalar that is added to the IR cannot be forgotten here."""
    assert {name: text(TYPES.type_of(Scalar(name))) for name in SCALARS} == {
        "any": "unknown",
        "bigint": "BigIntText",
        "boolean": "boolean",
        "bytes": "Base64",
        "date": "DateOnly",
        "datetime": "DateTime",
        "decimal": "Decimal",
        "duration": "Duration",
        "file": "Blob",
        "integer": "number",
        "null": "null",
        "number": "number",
        "string": "string",
        "time": "TimeOnly",
        "uuid": "Uuid",
    }


def test_literals_have_an_order_of_their_own():
    """The order in which Python lists the values of an enum is no reason for another text."""
    values = ["NaN", '"a"', "1e3", "1", "1.0", "10", "2"]

    assert literal_types(values) == literal_types(values[::-1])
    assert literal_types(["10", "9", "1e400", "-0"])[1:3] == [Keyword("9"), Keyword("10")]


def test_a_union_of_one_is_that_one():
    """Brackets and bars only where there is a choice."""
    assert union([Keyword("string"), Keyword("string")]) == Keyword("string")
