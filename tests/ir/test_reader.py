"""
What the reader refuses, and what it says then.
"""

from __future__ import annotations

import pytest

from mizan.ir import IrError, Schema, read
from mizan.ir.model import Constraint, Field, Scalar, Struct, TypeDeclaration

HEADER = 'mizan version=1 title="T" api-version="1" base-path="/"\n'


def type_of(shape: str) -> str:
    return f'{HEADER}type "Task" {{ {shape}; }}'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a {", "The text is not KDL 2: "),
        ("", 'The text is no Mizan schema: its first node is not "mizan version=1".'),
        ("type", 'The text is no Mizan schema: its first node is not "mizan version=1".'),
        ("mizan", "mizan: needs version."),
        ("mizan version=#true", "mizan: version is an integer, not True."),
        ("mizan version=2", "mizan: the schema has version 2, and this mizan reads version 1. Update the mizan"),
        ("mizan version=0", "mizan: there is no version 0; this mizan reads version 1."),
        ("mizan version=1", "mizan: needs title."),
        (
            "mizan version=1 color=1",
            'mizan: unknown property "color". Known here: api-version, base-path, title, version.',
        ),
        ("mizan 1 version=1", "mizan: takes no argument."),
        ("mizan version=1 { sub; }", "mizan > sub: unknown node."),
        ("mizan version=1 title=1", "mizan: title is a string, not 1."),
        ("mizan version=1 title=#null", "mizan: title is null; leave it out."),
        ("(x)mizan version=1", "mizan: a node has no type annotation here, not even (x)."),
        (f'{HEADER}channel "a"', 'channel "a": unknown node.'),
        (f"{HEADER}type {{ string; }}", "type: takes one argument, not 0."),
        (f"{HEADER}type 1 {{ string; }}", "type: every argument is a string here."),
        (f'{HEADER}type "A"', 'type "A": needs one shape inside, not 0.'),
        (type_of("string; integer"), 'type "Task": needs one shape inside, not 2.'),
        (type_of("strange"), 'type "Task" > strange: unknown shape.'),
        (type_of('doc "a"; doc "b"; string'), 'type "Task" > doc "b": stands here a second time.'),
        (type_of('string "a"'), 'type "Task" > string "a": takes no argument.'),
        (type_of("string { integer; }"), 'type "Task" > string > integer: unknown node.'),
        (
            type_of("string max-items=1"),
            'type "Task" > string: unknown property "max-items". Known here: decimal-places',
        ),
        (type_of("ref a=1"), 'type "Task" > ref: unknown property "a". None is known here.'),
        (type_of('number min=(x)"1"'), "min has a type annotation that is not (number) before the text of a number."),
        (type_of('number min=(number)"x"'), "min has a type annotation that is not (number)"),
        (type_of("number min=(number)1"), "min has a type annotation that is not (number)"),
        (
            type_of('struct { field "x" required="no" { string; }; }'),
            'type "Task" > struct > field "x": required is #true or #false, not no.',
        ),
        (type_of("struct { string; }"), 'type "Task" > struct > string: unknown node.'),
        (f'{HEADER}error "A" name="a"', 'error "A": needs status.'),
        (f'{HEADER}function "a" path="a"', 'function "a": needs an output node.'),
        (f'{HEADER}function "a" {{ output {{ string; }}; }}', 'function "a": needs path.'),
        (f'{HEADER}view "a" route="/" {{ methods x=1; }}', 'view "a" > methods: unknown property "x".'),
    ],
)
def test_what_the_grammar_lacks_is_an_error_with_its_place(text: str, message: str) -> None:
    """
    Nothing is skipped: a schema that says more than this reader knows would make a wrong client.
    """
    with pytest.raises(IrError) as caught:
        read(text)

    assert message in str(caught.value)


def test_declarations_come_sorted_whatever_their_order() -> None:
    """
    A schema written by hand or by another server is the same schema.
    """
    text = f'{HEADER}type "B" {{ string; }}\ntype "A" {{ struct {{ field "x" {{ number min=(number)"1e-07"; }}; }}; }}'

    assert read(text) == Schema(
        "T",
        "/",
        "1",
        types=(
            TypeDeclaration("A", Struct((Field("x", Scalar("number", None, (Constraint("min", 1e-07),))),))),
            TypeDeclaration("B", Scalar("string")),
        ),
    )
