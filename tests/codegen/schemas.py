"""
Short ways to write schemas in tests.
"""

from __future__ import annotations

from typing import Any

from mizan.codegen.generator import build_client
from mizan.ir.model import (
    Context,
    ContextFunction,
    ErrorDeclaration,
    Field,
    Function,
    Ref,
    Scalar,
    Schema,
    Shape,
    Struct,
    TypeDeclaration,
)

STRING = Scalar("string")
INTEGER = Scalar("integer")
NULL = Scalar("null")


def struct(name: str, *fields: Field, doc: str | None = None) -> TypeDeclaration:
    return TypeDeclaration(name, Struct(fields), doc)


def function(name: str, output: Shape = NULL, **options: Any) -> Function:
    return Function(name, f"call/{name}/", output, **{"module": "shop.clients", **options})


def context(name: str, *functions: str, params: tuple[Field, ...] = ()) -> Context:
    names = tuple(param.name for param in params)
    return Context(name, f"ctx/{name}/", tuple(ContextFunction(function, names) for function in functions), params)


def schema(**parts: Any) -> Schema:
    return Schema(**{"title": "shop", "base_path": "/api/mizan/", **parts})


def client(parts: Schema) -> dict[str, str]:
    """
    The text of every generated file, without the kernel's.
    """
    return {file.path: file.text for file in build_client(parts) if not file.path.startswith("kernel/")}


def body(text: str) -> str:
    """
    A file without its header and imports.
    """
    return text.partition("\n\n")[2]


SHOP = schema(
    types=(
        struct("BuyArgs", Field("amount", Scalar("decimal")), Field("note", STRING, required=False)),
        struct("Item", Field("id", INTEGER)),
        struct("User", Field("name", STRING), doc="Somebody."),
    ),
    errors=(ErrorDeclaration("SOLD_OUT", "SoldOut", 409, doc="Nothing is left."),),
    functions=(
        function("buy", Ref("Item"), input="BuyArgs", raises=("SOLD_OUT",), doc="Buys.\n\nAt once."),
        function("current_user", Ref("User"), context="global", auth="authenticated", doc="Who is logged in."),
        function("logout"),
        function("user_items", Ref("Item"), context="user"),
    ),
    contexts=(context("global", "current_user"), context("user", "user_items", params=(Field("id", INTEGER),))),
)
