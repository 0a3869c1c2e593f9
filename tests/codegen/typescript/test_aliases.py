from __future__ import annotations

from mizan.codegen.typescript.aliases import types_that_are_themselves
from mizan.ir.model import AllOf, Field, ListOf, MapOf, Nullable, OneOf, Ref, Scalar, Schema, Struct, TypeDeclaration


def declared(**shapes):
    return Schema("t", "/", types=tuple(TypeDeclaration(name, shape) for name, shape in sorted(shapes.items())))


def test_recursion_through_containers_and_structs_is_sound():
    """TypeScript defers what stands in an array, a dictionary or an interface."""
    schema = declared(
        Tree=OneOf((ListOf(Ref("Tree")), MapOf(Ref("Tree")), Scalar("number"))),
        Node=Struct((Field("next", Nullable(Ref("Node"))),)),
        Alias=Nullable(Ref("Node")),
        Missing=Ref("Elsewhere"),
        Shared=AllOf((Ref("Alias"), Ref("Alias"))),
    )

    assert types_that_are_themselves(schema) == []


def test_a_type_that_is_an_alternative_of_itself_is_found():
    """The compiler would say no more than "circularly references itself"."""
    schema = declared(
        A=Nullable(Ref("B")), B=OneOf((Scalar("string"), Ref("C"))), C=AllOf((Ref("A"),)), D=Ref("A"), E=Ref("E")
    )

    assert types_that_are_themselves(schema) == ["A", "B", "C", "E"]
