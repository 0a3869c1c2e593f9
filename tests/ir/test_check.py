"""
What a schema can contradict itself in.
"""

from __future__ import annotations

from typing import Any

import pytest

from mizan.ir import Finding, Schema, check
from mizan.ir.model import (
    AllOf,
    Constraint,
    Context,
    ContextFunction,
    Enum,
    EnumMember,
    ErrorDeclaration,
    Field,
    Function,
    ListOf,
    Literal,
    MapOf,
    Nullable,
    OneOf,
    Ref,
    Scalar,
    Shape,
    Struct,
    Target,
    TupleOf,
    TypeDeclaration,
    View,
)

STRING = Scalar("string")
FILE = Scalar("file")
NULL = Scalar("null")
READER = Function("me", "call/me/", NULL, context="user")
USER = Context("user", "ctx/user/", (ContextFunction("me", ("id",)),), (Field("id", STRING),))


def found(**parts: Any) -> list[str]:
    return [f"{item.where}: {item.message}" for item in check(Schema("T", "/", **parts))]


def in_type(shape: Shape, *others: TypeDeclaration) -> list[str]:
    return found(types=(TypeDeclaration("A", shape), *others))


@pytest.mark.parametrize(
    ("shape", "messages"),
    [
        (Ref("Gone"), ['type "A": there is no type "Gone".']),
        (Struct((Field("x", TupleOf((Ref("Gone"),))),)), ['type "A" > field "x" > tuple: there is no type "Gone".']),
        (Struct((Field("x", STRING), Field("x", STRING))), ['type "A" > field "x": there are 2 of this name.']),
        (Struct((Field("x", STRING, default_json="{"),)), ['type "A" > field "x": default-json is not JSON: \'{\'.']),
        (Scalar("strange"), ['type "A": there is no scalar "strange".']),
        (Scalar("integer", "int64"), ['type "A": the scalar "integer" has a format; only a string has one.']),
        (Scalar("string", None, (Constraint("unique", True),)), ['type "A": the constraint "unique" does not apply.']),
        (ListOf(STRING, (Constraint("min", 1),)), ['type "A": the constraint "min" does not apply.']),
        (MapOf(STRING, STRING, (Constraint("unique", True),)), ['type "A": the constraint "unique" does not apply.']),
        (
            Scalar("integer", None, (Constraint("min", 1), Constraint("min", 2))),
            ['type "A" > constraint "min": there are 2 of this name.'],
        ),
        (Literal(()), ['type "A": the literal has no values.']),
        (Literal(("1", "1")), ['type "A" > literal value "1": there are 2 of this name.']),
        (Nullable(Literal(("a",))), ["type \"A\" > nullable: the literal's value is not JSON: 'a'."]),
        (Enum((EnumMember("a"),)), ["type \"A\": the enum's value is not JSON: 'a'."]),
        (
            AllOf((MapOf(STRING, NULL),)),
            ['type "A" > all-of > map > key: a key is a string, a text-like scalar, a literal or an enum.'],
        ),
        (MapOf(STRING, OneOf((Literal(('"a"',)), Scalar("uuid")))), []),
    ],
)
def test_shapes_are_sound(shape: Shape, messages: list[str]) -> None:
    """
    Each with the place inside its type.
    """
    assert in_type(shape) == messages


CAT = TypeDeclaration("Cat", Struct((Field("kind", STRING),)))


@pytest.mark.parametrize(
    ("member", "name"),
    [
        (Ref("Cat"), None),
        (Nullable(Ref("Cat")), None),
        (AllOf((Struct(()), Ref("Cat"))), None),
        (OneOf((Ref("Cat"), Ref("Cat"))), None),
        (OneOf((Ref("Cat"), Struct(()))), "number 1"),
        (STRING, "number 1"),
        (Ref("Loop"), '"Loop"'),
    ],
)
def test_a_discriminator_is_a_field_of_every_member(member: Shape, name: str | None) -> None:
    """
    Directly, through a reference, or in a part of it.
    """
    loop = TypeDeclaration("Loop", Nullable(Ref("Loop")))
    message = f'type "A" > one-of: the member {name} has no field "kind", which is to tell the members apart.'

    assert in_type(OneOf((member,), "kind"), CAT, loop) == ([] if name is None else [message])


def test_a_discriminated_member_that_does_not_exist_is_one_finding() -> None:
    """
    Only the dangling reference is told.
    """
    assert in_type(OneOf((Ref("Gone"),), "kind")) == ['type "A" > one-of: there is no type "Gone".']


def test_files_are_only_arguments() -> None:
    """
    Not in results, error details or context parameters, however deep.
    """
    holder = TypeDeclaration("Holder", Struct((Field("file", ListOf(FILE)), Field("inner", Ref("Holder")))))
    reader = ContextFunction("me", ("id",))

    assert found(
        types=(holder,),
        functions=(Function("me", "me", Nullable(Ref("Holder")), context="user", input="Holder"),),
        errors=(ErrorDeclaration("A", "A", 400, FILE),),
        contexts=(Context("user", "user", (reader,), (Field("id", FILE),)),),
    ) == [
        'error "A" > details: has a file in it; a file can only be an argument.',
        'function "me" > output: has a file in it; a file can only be an argument.',
        'context "user" > param "id": has a file in it; a file can only be an argument.',
    ]


def test_names_are_unique() -> None:
    """
    In each kind of declaration.
    """
    declaration, error = TypeDeclaration("A", STRING), ErrorDeclaration("A", "B", 400)
    function, context, view = Function("a", "a", NULL), Context("a", "a", ()), View("a", "/", ("GET",))

    places = [
        line.split(":")[0]
        for line in found(
            types=(declaration, declaration),
            errors=(error, error),
            functions=(function, function),
            contexts=(context, context),
            views=(view, view),
        )
    ]

    assert places == ['type "A"', 'error "A"', 'error name "B"', 'function "a"', 'context "a"', 'view "a"']


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (Function("a", "a", NULL, input="Gone"), 'function "a" > input: there is no type "Gone".'),
        (Function("a", "a", NULL, cache_json="?"), "function \"a\": cache-json is not JSON: '?'."),
        (Function("a", "a", NULL, auth="root"), 'function "a": auth is "root".'),
        (Function("a", "a", NULL, transports=("pigeon",)), 'function "a": transports are pigeon.'),
        (Function("a", "a", NULL, transports=()), 'function "a": transports are none.'),
        (Function("a", "a", NULL, context="shop"), 'function "a": there is no context "shop".'),
        (Function("a", "a", NULL, context="user"), 'function "a": the context "user" does not list it.'),
        (
            Function("a", "a", NULL, affects=(Target("shop"),)),
            'function "a" > affects "shop": there is no such context.',
        ),
        (
            Function("a", "a", NULL, affects=(Target("user", "you"),)),
            'function "a" > affects "user": the context has no function "you".',
        ),
        (
            Function("a", "a", NULL, affects=(Target("user", "me", ("page",)),)),
            'function "a" > affects "user": the context "user" has no parameter "page".',
        ),
        (
            Function("a", "a", NULL, merge=(Target("user"),)),
            'function "a" > merge "user": names no function to merge into.',
        ),
    ],
)
def test_functions_name_what_there_is(function: Function, message: str) -> None:
    """
    Types, contexts, functions and parameters that a function names exist.
    """
    assert found(functions=(function, READER), contexts=(USER,)) == [message]


def test_a_sound_mutation_has_no_findings() -> None:
    """
    It may affect and merge into what the context has.
    """
    target = (Target("user", "me", ("id",)),)

    assert found(functions=(Function("a", "a", NULL, affects=target, merge=target), READER), contexts=(USER,)) == []


def test_contexts_name_what_there_is() -> None:
    """
    A context and its readers agree on each other.
    """
    context = Context("user", "user", (ContextFunction("gone"), ContextFunction("a", ("page",)), ContextFunction("a")))

    assert found(functions=(Function("a", "a", NULL),), contexts=(context,)) == [
        'context "user" > function "a": there are 2 of this name.',
        'context "user" > function "gone": there is no such function.',
        'context "user" > function "a": the function does not say that it is in this context.',
        'context "user" > function "a": the context "user" has no parameter "page".',
    ]


def test_views_are_checked_as_functions_are() -> None:
    """
    Their level, what they affect, and that they answer something.
    """
    view = View("page", "/", (), affects=(Target("shop"),), auth="root")

    assert found(views=(view,)) == [
        'view "page": auth is "root".',
        'view "page" > affects "shop": there is no such context.',
        'view "page": answers no method.',
    ]


def test_a_schema_of_another_version_is_a_finding() -> None:
    """
    A schema made in Python never met the reader.
    """
    assert found(version=2) == ["mizan: the schema has version 2, this mizan knows version 1."]


def test_a_finding_reads_as_place_problem_and_remedy() -> None:
    """
    One line, and what to do on the next.
    """
    assert str(Finding("a > b", "is wrong.", "Mend it.")) == "a > b: is wrong.\n  Mend it."
    assert str(Finding("", "is wrong.")) == "is wrong."
