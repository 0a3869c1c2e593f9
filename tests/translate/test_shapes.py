"""
Schemas of all kinds and the shapes that they become.
"""

from __future__ import annotations

from typing import Any

import pytest

from mizan.ir.model import (
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
    TypeDeclaration,
)
from mizan.translate import translate
from tests.translate.documents import (
    call,
    document,
    findings_of,
    messages_of,
    output_of,
    ref,
)

STRING = Scalar("string")
INTEGER = Scalar("integer")
ANY = Scalar("any")
NULL = Scalar("null")


def limited(name: str, format: str | None = None, /, **values: str | float | bool) -> Scalar:
    found = (Constraint(key.rstrip("_").replace("_", "-"), value) for key, value in values.items())
    return Scalar(name, format, tuple(sorted(found, key=lambda item: item.name)))


@pytest.mark.parametrize(
    ("schema", "shape"),
    [
        (True, ANY),
        ({}, ANY),
        ({"description": "Anything.", "title": "A", "examples": [1], "x-ours": 1}, ANY),
        ({"type": "null"}, NULL),
        ({"type": "boolean"}, Scalar("boolean")),
        ({"type": "integer"}, INTEGER),
        ({"type": "integer", "format": "int64", "minimum": 1, "exclusiveMaximum": 9}, limited("integer", min=1, lt=9)),
        ({"type": "number", "multipleOf": 0.01, "maximum": 2.0}, limited("number", multiple_of=0.01, max=2)),
        ({"type": "number", "minimum": 1, "exclusiveMinimum": True}, limited("number", gt=1)),
        ({"type": "number", "maximum": 1, "exclusiveMaximum": False}, limited("number", max=1)),
        ({"type": "number", "exclusiveMaximum": True}, Scalar("number")),
        ({"type": "string", "maxLength": 3, "pattern": "a"}, limited("string", max_length=3, pattern="a")),
        ({"type": "string", "format": "email"}, Scalar("string", "email")),
        ({"type": "string", "format": "bigint", "x-minimum": "3"}, limited("bigint", min="3")),
        (
            {
                "type": "string",
                "format": "decimal",
                "x-max-digits": 5,
                "x-decimal-places": 2,
                "x-exclusiveMinimum": "0",
            },
            limited("decimal", max_digits=5, decimal_places=2, gt="0"),
        ),
        ({"type": "string", "format": "date-time"}, Scalar("datetime")),
        ({"type": "string", "format": "date"}, Scalar("date")),
        ({"type": "string", "format": "time"}, Scalar("time")),
        ({"type": "string", "format": "time-local"}, Scalar("time")),
        ({"type": "string", "format": "duration"}, Scalar("duration")),
        ({"type": "string", "format": "uuid"}, Scalar("uuid")),
        ({"type": "string", "format": "byte", "contentEncoding": "base64"}, Scalar("bytes")),
        ({"type": "string", "contentEncoding": "base64"}, Scalar("bytes")),
        ({"type": "string", "contentMediaType": "application/json"}, STRING),
        ({"type": "string", "contentMediaType": "application/octet-stream"}, Scalar("file")),
        ({"type": "string", "format": "binary"}, Scalar("file")),
        ({"const": "a"}, Literal(('"a"',))),
        ({"enum": ["a", 1, True, "a"], "type": ["string"]}, Literal(('"a"', "1", "true"))),
        ({"const": None}, NULL),
        ({"enum": [None]}, NULL),
        ({"enum": ["a", None]}, Nullable(Literal(('"a"',)))),
        ({"enum": ["a"], "x-enum-varnames": ["A"]}, Enum((EnumMember('"a"', "A"),))),
        ({"anyOf": [{"enum": ["a", "b"]}, {"const": 1}]}, Literal(('"a"', '"b"', "1"))),
        (
            {"anyOf": [{"enum": ["a"], "type": "string"}, {"enum": [1], "x-enum-varnames": ["ONE"]}]},
            Enum((EnumMember('"a"'), EnumMember("1", "ONE"))),
        ),
        ({"type": ["string", "null"], "maxLength": 2}, Nullable(limited("string", max_length=2))),
        ({"type": ["string", "integer"]}, OneOf((STRING, INTEGER))),
        ({"type": ["null"]}, NULL),
        ({"type": "string", "nullable": True}, Nullable(STRING)),
        ({"nullable": True}, ANY),
        ({"enum": ["a"], "nullable": True}, Nullable(Literal(('"a"',)))),
        ({"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}, Nullable(STRING)),
        ({"oneOf": [{"type": "string"}, {"type": ["integer", "null"]}]}, Nullable(OneOf((STRING, INTEGER)))),
        ({"anyOf": [{"type": "null"}, {"const": None}]}, NULL),
        ({"anyOf": [True, {"type": "null"}]}, ANY),
        ({"anyOf": [{"type": "string"}, {"type": "string"}]}, STRING),
        ({"allOf": [{"type": "string"}], "description": "x", "nullable": True}, Nullable(STRING)),
        (
            {"type": "array", "items": {"type": "string"}, "uniqueItems": True, "minItems": 1},
            ListOf(STRING, (Constraint("min-items", 1), Constraint("unique", True))),
        ),
        ({"type": "array", "uniqueItems": False}, ListOf(ANY)),
        ({"items": {"type": "string"}}, ListOf(STRING)),
        ({"type": "array", "items": {"enum": ["a"]}}, ListOf(Literal(('"a"',)))),
        (
            {"type": "array", "prefixItems": [{"type": "string"}, True], "minItems": 2, "maxItems": 2},
            TupleOf((STRING, ANY)),
        ),
        ({"prefixItems": [{"type": "string"}], "minItems": 1, "items": False}, TupleOf((STRING,))),
        ({"prefixItems": [], "items": False}, TupleOf(())),
        ({"type": "object"}, MapOf(ANY)),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, MapOf(INTEGER)),
        ({"additionalProperties": True, "minProperties": 1}, MapOf(ANY, STRING, (Constraint("min-items", 1),))),
        ({"type": "object", "additionalProperties": False}, Struct((), closed=True)),
        ({"type": "object", "propertyNames": {"format": "uuid"}}, MapOf(ANY, Scalar("uuid"))),
        ({"type": "object", "propertyNames": {"enum": ["a"]}}, MapOf(ANY, Literal(('"a"',)))),
        (
            {"type": "object", "patternProperties": {"^a": {"type": "integer"}}},
            MapOf(INTEGER, limited("string", pattern="^a")),
        ),
        ({"type": "object", "properties": {}}, Struct(())),
        ({"required": ["a"]}, Struct((Field("a", ANY),))),
        (
            {
                "type": "object",
                "properties": {
                    "a": {"type": "string", "description": "A.", "deprecated": True},
                    "b": {"type": "integer", "default": {"y": 1, "x": [1.5]}},
                    "gone": False,
                    "any": True,
                },
                "required": ["a"],
                "additionalProperties": False,
            },
            Struct(
                (
                    Field("a", STRING, doc="A.", deprecated=True),
                    Field("b", INTEGER, required=False, default_json='{"x":[1.5],"y":1}'),
                    Field("any", ANY, required=False),
                ),
                closed=True,
            ),
        ),
    ],
)
def test_each_schema_has_one_shape(schema: Any, shape: Shape) -> None:
    """
    The table of what is understood.
    """
    assert output_of(schema) == shape


USER = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}


@pytest.mark.parametrize(
    ("schema", "shape"),
    [
        (ref("User"), Ref("User")),
        ({**ref("User"), "description": "Who.", "default": None}, Ref("User")),
        ({**ref("User"), "nullable": True}, Nullable(Ref("User"))),
        ({"anyOf": [ref("User"), {"type": "null"}]}, Nullable(Ref("User"))),
        ({"anyOf": [ref("User"), ref("Null")]}, Nullable(Ref("User"))),
        ({"anyOf": [ref("User"), ref("Broad")]}, OneOf((Ref("User"), Ref("Broad")))),
        ({"allOf": [ref("User"), {"required": ["age"]}]}, AllOf((Ref("User"), Struct((Field("age", ANY),))))),
        ({**ref("User"), "required": ["age"]}, AllOf((Ref("User"), Struct((Field("age", ANY),))))),
        (
            {"allOf": [ref("User"), ref("Null")], "required": ["age"], "nullable": True},
            Nullable(AllOf((Ref("User"), Ref("Null"), Struct((Field("age", ANY),))))),
        ),
        (
            {"oneOf": [ref("User"), ref("Tree")], "discriminator": {"propertyName": "name"}},
            OneOf((Ref("User"), Ref("Tree")), "name"),
        ),
    ],
)
def test_references_stay_references(schema: Any, shape: Shape) -> None:
    """
    A component keeps its name; what stands beside a ``$ref`` holds as well.
    """
    tree = {"type": "object", "properties": {"name": ref("Name"), "inner": {"type": "array", "items": ref("Tree")}}}
    schemas = {"User": USER, "Null": {"enum": [None]}, "Broad": True, "Tree": tree, "Name": {"const": "t"}}

    assert output_of(schema, **schemas) == shape


def test_only_what_is_reached_becomes_a_type() -> None:
    """
    Recursion ends, unused components are left out, an enum of a component is an enum.
    """
    schemas = {
        "Unused": {"type": "strange"},
        "Tree": {"description": "A tree.", "type": "array", "items": {"anyOf": [ref("Tree"), ref("Kind")]}},
        "Kind": {"enum": ["a"], "type": "string"},
        "Mixed": {"anyOf": [{"const": 1}, {"const": "a"}]},
        "One": {"const": 1},
        "a/b c": True,
    }
    result = {"prefixItems": [ref("Tree"), ref("Mixed"), ref("One"), ref("a~1b%20c")], "items": False, "minItems": 4}

    types = translate(document(call("echo", result), schemas)).types

    assert types == (
        TypeDeclaration("Kind", Enum((EnumMember('"a"'),))),
        TypeDeclaration("Mixed", Enum((EnumMember("1"), EnumMember('"a"')))),
        TypeDeclaration("One", Literal(("1",))),
        TypeDeclaration("Tree", ListOf(OneOf((Ref("Tree"), Ref("Kind")))), "A tree."),
        TypeDeclaration("a/b c", ANY),
    )


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        (False, "is the schema false, which no value fits."),
        ("string", "is no schema: 'string'."),
        ({"type": "string", "not": {}}, "the keyword 'not' has no meaning in the IR."),
        ({"type": "strange"}, "there is no type 'strange'."),
        ({"type": "string", "format": 3}, "is not a string: 3."),
        ({"maxLength": 3}, "has maxLength and no type."),
        ({"type": "string", "maxLength": "3"}, "maxLength is '3', which is no rule."),
        ({"type": "number", "minimum": float("inf")}, "minimum is inf, which is no rule."),
        ({"type": "array", "uniqueItems": 1}, "uniqueItems is 1, which is no rule."),
        ({"type": "string", "format": "decimal", "x-minimum": 1}, "x-minimum is 1, which is no rule."),
        ({"type": ["string", 3]}, "has an item that is not a string: 3."),
        ({"type": "string", "discriminator": {}, "anyOf": []}, "anyOf has no members."),
        ({"allOf": []}, "allOf has no members."),
        ({"required": "x"}, 'is not an array: "x".'),
        ({"enum": []}, "enum has no values."),
        ({"enum": [1], "x-enum-varnames": ["A", "B"]}, "x-enum-varnames has 2 names for 1 values."),
        ({"const": float("nan")}, "nan is not JSON."),
        ({"prefixItems": [True]}, "is a tuple of no fixed length."),
        ({"prefixItems": [True], "items": False}, "is a tuple of no fixed length."),
        ({"type": "object", "properties": []}, "is not an object: []."),
        ({"properties": {}, "additionalProperties": {"type": "string"}}, "has named fields and a type for all others."),
        ({"properties": {}, "maxProperties": 1}, "has named fields and maxProperties."),
        ({"patternProperties": {"a": True, "b": True}}, "has patternProperties with more beside it than one pattern."),
        ({"patternProperties": {}}, "has patternProperties with more beside it than one pattern."),
        ({"$ref": "other.json#/x"}, '$ref "other.json#/x" does not lead to a component of this document.'),
        (
            {"$ref": "#/components/schemas/A/properties/b"},
            '$ref "#/components/schemas/A/properties/b" does not lead to a component of this document.',
        ),
        (ref("Gone"), "$ref names the component 'Gone', which the document does not have."),
        (
            {"anyOf": [ref("Gone"), {"type": "null"}]},
            "$ref names the component 'Gone', which the document does not have.",
        ),
        (ref("Mizan"), "is an envelope of the protocol, not a type."),
    ],
)
def test_what_the_ir_has_no_words_for_is_a_finding(schema: Any, message: str) -> None:
    """
    Nothing is guessed, and nothing is told twice.
    """
    assert messages_of(schema, Mizan={"type": "object", "x-mizan": {"kind": "envelope"}}) == [message]


def test_a_default_that_is_not_json_is_a_finding() -> None:
    """
    A default must be written into the client as it is.
    """
    schema = {"properties": {"a": {"type": "number", "default": float("inf")}}}

    assert messages_of(schema) == ["the default inf is not JSON."]


def test_all_findings_come_at_once_with_their_places() -> None:
    """
    The breadcrumb leads from the path to the field, through the component where the field is.
    """
    args = {"properties": {"text": {"type": "strange"}, "owner": ref("User")}}
    schemas = {"EchoArgs": args, "User": {"properties": {"age": {"if": {}}}}}

    findings = findings_of(document(call("echo", body=ref("EchoArgs")), schemas))

    assert [finding.where for finding in findings] == [
        "paths./api/mizan/call/echo/.post > EchoArgs > text",
        "paths./api/mizan/call/echo/.post > EchoArgs > owner > User > age",
    ]
    assert all(finding.hint for finding in findings)
