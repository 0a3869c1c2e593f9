from __future__ import annotations

import pytest

from mizan.codegen.react import comments
from mizan.codegen.react.plan import ErrorPlan
from mizan.codegen.typescript.tree import Symbol
from mizan.ir.model import (
    Constraint,
    Enum,
    EnumMember,
    ErrorDeclaration,
    Field,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    Target,
    TypeDeclaration,
)
from tests.codegen.schemas import INTEGER, STRING, context, function, struct


def test_a_function_says_where_it_lives_what_it_changes_and_who_may_call_it():
    """The facts of a call that its type cannot show."""
    pay = function(
        "pay",
        doc="Pays.\n\n    By card.\n",
        transports=("http", "websocket"),
        affects=(Target("user", params=("id", "year")), Target("shop", "stock")),
        merge=(Target("user", "balance", ("id",)),),
        auth="permission",
        permission="shop.pay",
        deprecated=True,
    )

    affects = "affects user(id, year), shop.stock · merges into user.balance(id)"

    assert comments.function_comment(pay, ["@throws X"]) == (
        "Pays.",
        "",
        "By card.",
        "",
        f"`pay` in shop.clients · WebSocket · {affects} · needs permission shop.pay",
        "@throws X",
        "@deprecated",
    )


@pytest.mark.parametrize(
    ("auth", "expected"),
    [
        ("open", "`f`"),
        ("authenticated", "`f` · needs login"),
        ("staff", "`f` · needs staff"),
        ("superuser", "`f` · needs superuser"),
        ("custom", "`f` · needs a permission of its own"),
        ("other", "`f` · needs other"),
        ("permission", "`f` · needs permission "),
    ],
)
def test_a_function_says_who_may_call_it(auth, expected):
    """An open function needs no words."""
    assert comments.function_comment(function("f", auth=auth, module="")) == (expected,)


def test_a_field_says_its_rules_and_its_default():
    """What a form would check, and what happens if nothing is given."""
    limits = (Constraint("max-length", 50), Constraint("pattern", "^`[a-z]*/"))
    shape = Nullable(Scalar("string", "email", limits))

    assert comments.field_comment(Field("a", shape, False, '"*/"', "An address.", True)) == (
        "An address.",
        "",
        "format email · max length 50 · pattern `^'[a-z]*\\/`",
        '@defaultValue `"*\\/"`',
        "@deprecated",
    )
    assert comments.field_comment(Field("a", ListOf(STRING, (Constraint("min-items", 1),)))) == ("min items 1",)
    assert comments.field_comment(Field("a", MapOf(STRING, constraints=(Constraint("unique", True),)))) == ("unique",)
    assert comments.field_comment(Field("a", Ref("B"))) == ()


def test_an_enum_names_its_values_where_they_do_not_speak_for_themselves():
    """``1`` and ``2`` mean nothing; ``"paid"`` does."""
    numbers = Enum((EnumMember("2", "HIGH"), EnumMember("1", "LOW"), EnumMember("3")))
    words = Enum((EnumMember('"paid"', "PAID"), EnumMember('"open"')))

    assert comments.type_comment(TypeDeclaration("A", numbers, "How much.")) == (
        "How much.",
        "",
        "- `1`: LOW",
        "- `2`: HIGH",
    )
    assert comments.type_comment(TypeDeclaration("A", words)) == ()
    assert comments.type_comment(struct("A", doc="Doc.")) == ("Doc.",)


def test_a_hook_shows_the_summary_only():
    """The whole docstring is at the call."""
    reader = function("f", doc="Reads.\nAll of it.\n\nMore.", deprecated=True)

    assert comments.hook_comment(reader) == ("Reads.", "All of it.", "@deprecated")
    assert comments.hook_comment(function("f")) == ()
    assert comments.reader_hook_comment(reader) == (
        "Reads.",
        "All of it.",
        "Suspends until it is loaded.",
        "@deprecated",
    )
    assert comments.query_hook_comment(function("f"), "useF") == (
        "{@link useF} as a query: `{ data, error, isPending, refetch, … }`, no suspense.",
    )


def test_errors_and_contexts_explain_themselves():
    """One line each, made of what the schema says."""
    error = ErrorDeclaration("SOLD_OUT", "SoldOut", 409, doc="Nothing is left.\n\nSorry.")

    assert comments.error_comment(error) == ("Nothing is left.", "", "Sorry.")
    plan = ErrorPlan(Symbol("./errors", "SoldOutError"), None, error)
    assert comments.throws_tags(function("buy", raises=("A*/`", "SOLD_OUT")), [plan]) == [
        "@throws {@link SoldOutError} Nothing is left.",
        "@throws MizanError with code `A*\\/'`",
    ]
    assert comments.context_fetch_comment(context("user")) == ("Every function of the `user` context in one request.",)
    assert comments.provider_comment(context("user")) == ("Fetches the `user` context once for all readers below.",)
    assert comments.provider_comment(context("user", params=(Field("id", INTEGER),))) == (
        "Names the `user` that every reader below is about; fetches it once for all of them.",
    )
    assert comments.root_provider_comment() == ("Put this around the app.",)
