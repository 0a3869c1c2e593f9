"""
How a schema looks.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mizan.ir import IrError, check, read, write
from mizan.ir.model import (
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
    Schema,
    Struct,
    Target,
    TupleOf,
    TypeDeclaration,
    View,
)

STRING = Scalar("string")
PARAM = Field("id", Scalar("integer"))

SHOP = Schema(
    title="Shop",
    base_path="/api/mizan/",
    api_version="1.2.0",
    doc="Everything the shop's pages call.",
    types=(
        TypeDeclaration("Cat", Struct((Field("kind", Literal(('"cat"',))), Field("name", STRING)))),
        TypeDeclaration("Dog", Struct((Field("kind", Literal(('"dog"',))), Field("size", Scalar("number"))))),
        TypeDeclaration(
            "RenameArgs",
            Struct(
                (
                    Field("id", Scalar("integer")),
                    Field("name", Scalar("string", None, (Constraint("max-length", 200), Constraint("min-length", 1)))),
                    Field("email", Scalar("string", "email"), required=False, default_json='""', doc="Who asks."),
                ),
                closed=True,
            ),
        ),
        TypeDeclaration("Status", Enum((EnumMember('"open"', "OPEN"), EnumMember('"done"', "DONE"))), "How far it is."),
        TypeDeclaration(
            "Task",
            Struct(
                (
                    Field("id", Scalar("uuid")),
                    Field(
                        "price",
                        Nullable(Scalar("decimal", None, (Constraint("max-digits", 9), Constraint("min", "0")))),
                    ),
                    Field("status", Ref("Status")),
                    Field("level", Literal(('"low"', "3"))),
                    Field("tags", ListOf(STRING, (Constraint("max-items", 5),)), required=False, default_json="[]"),
                    Field("place", TupleOf((Scalar("number"), Scalar("number")))),
                    Field("counts", MapOf(Scalar("integer"))),
                    Field("by_status", MapOf(Scalar("datetime"), Ref("Status")), deprecated=True),
                    Field("pet", OneOf((Ref("Cat"), Ref("Dog")), "kind")),
                )
            ),
        ),
    ),
    errors=(
        ErrorDeclaration("SOLD_OUT", "SoldOut", 409, Struct((Field("left", Scalar("integer")),)), "Nothing is left."),
    ),
    functions=(
        Function("ping", "call/ping/", Scalar("null"), transports=("http", "websocket")),
        Function(
            "shop.rename",
            "call/shop.rename/",
            Ref("Task"),
            module="shop.clients",
            input="RenameArgs",
            affects=(Target("tasks"), Target("task", "task_detail", ("id",))),
            merge=(Target("task", "task_detail", ("id",)),),
            auth="permission",
            permission="shop.change_task",
            raises=("NOT_FOUND", "SOLD_OUT"),
            revision=2,
            doc="Rename a task.\n\nIts history stays.",
        ),
        Function("task_detail", "call/task_detail/", Ref("Task"), module="shop.clients", context="task"),
        Function("tasks", "call/tasks/", ListOf(Ref("Task")), module="shop.clients", context="tasks", cache_json="60"),
    ),
    contexts=(
        Context("task", "ctx/task/", (ContextFunction("task_detail", ("id",)),), (PARAM,)),
        Context("tasks", "ctx/tasks/", (ContextFunction("tasks"),)),
    ),
    views=(View("task_page", "/tasks/<id>/", ("GET", "POST"), "shop.pages", (Target("tasks"),), "staff", "One task."),),
)


def test_the_example_in_the_docs_is_what_the_writer_writes() -> None:
    """
    The grammar is learnt from that example; it is complete and true.
    """
    page = (Path(__file__).parents[2] / "docs" / "ir.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```kdl\n(mizan .*?)```", page, re.DOTALL)

    assert blocks == [write(SHOP)]
    assert read(blocks[0]) == SHOP
    assert check(SHOP) == ()


def test_a_constraint_twice_is_refused() -> None:
    """
    A KDL node has each property once; one of the two would be lost.
    """
    twice = Scalar("integer", None, (Constraint("min", 1), Constraint("min", 2)))

    with pytest.raises(IrError, match="has a constraint twice: min, min"):
        write(Schema("T", "/", types=(TypeDeclaration("A", twice),)))
