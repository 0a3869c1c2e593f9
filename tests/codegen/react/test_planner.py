from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mizan.codegen.failures import SchemaProblem
from mizan.codegen.react.planner import plan_project
from mizan.codegen.react.target import ReactTarget, build_modules
from mizan.codegen.typescript.tree import ExportAll, ExportNames
from mizan.ir.model import ErrorDeclaration, Field, Nullable, Ref, Struct, TypeDeclaration
from tests.codegen.schemas import INTEGER, SHOP, STRING, context, function, schema, struct


def problem(**parts):
    with pytest.raises(SchemaProblem) as caught:
        plan_project(schema(**parts))
    return str(caught.value)


def test_names_follow_from_wire_names():
    """One rule for each kind of thing, so that a reader of Python knows the client's names."""
    project = plan_project(SHOP)
    shop_user = project.contexts[1]

    assert [(plan.call.name, plan.hook.name) for plan in project.functions] == [
        ("callBuy", "useBuy"),
        ("callLogout", "useLogout"),
    ]
    assert [plan.symbol.name for plan in project.errors] == ["SoldOutError"]
    assert [plan.symbol.name for plan in project.declarations] == ["BuyArgs", "Item", "User"]
    assert shop_user.definition.name == "userContext"
    assert shop_user.fetch.name == "fetchUserContext"
    assert (shop_user.params.name, shop_user.data.name) == ("UserContextParams", "UserContextData")
    assert shop_user.provider is not None and shop_user.provider.name == "UserContext"
    assert [(plan.fetch.name, plan.hook.name, plan.query_hook.name) for plan in shop_user.readers] == [
        ("fetchUserItems", "useUserItems", "useUserItemsQuery")
    ]


def test_the_global_context_has_no_provider_but_the_root():
    """``MizanContext`` fetches it."""
    project = plan_project(SHOP)

    assert project.global_context is project.contexts[0]
    assert project.contexts[0].provider is None
    assert plan_project(schema()).global_context is None


def test_only_readers_of_the_global_context_that_are_not_open_are_restricted():
    """A visitor's page shows null for them instead of an error."""
    project = plan_project(
        schema(
            functions=(
                function("a", context="global", auth="authenticated"),
                function("b", context="global"),
                function("c", context="user", auth="staff"),
            ),
            contexts=(context("global", "a", "b"), context("user", "c")),
        )
    )

    assert [[reader.is_restricted for reader in plan.readers] for plan in project.contexts] == [[True, False], [False]]


def test_an_error_that_is_called_so_gets_no_second_error():
    """``LimitError`` stays; inline details get an interface beside it."""
    details = Struct((Field("max", INTEGER),))
    project = plan_project(schema(errors=(ErrorDeclaration("LIMIT", "LimitError", 400, details),)))
    plan = project.errors[0]

    assert plan.symbol.name == "LimitError"
    assert plan.details is not None and plan.details.name == "LimitDetails"


def test_names_that_would_clash_are_all_reported_with_both_sources():
    """Nothing is numbered; the message says what to change."""
    text = problem(
        functions=(function("get_user"), function("get.user", module="blog.clients"), function("mizan", module="")),
        types=(struct("UserContext"),),
        contexts=(context("user"),),
    )

    assert text.splitlines() == [
        'context "user": it would be `UserContext` in the client, a name that type "UserContext" has.',
        "  Rename the context, or the other one.",
        'function "get.user" in blog.clients: it would be `callGetUser` in the client, a name that function "get_user" in shop.clients has.',
        '  Give one of them another wire name: @client(name="…").',
        'function "get.user" in blog.clients: it would be `useGetUser` in the client, a name that function "get_user" in shop.clients has.',
        '  Give one of them another wire name: @client(name="…").',
        'function "mizan": it would be `useMizan` in the client, a name that the client\'s own kernel has.',
        '  Give one of them another wire name: @client(name="…").',
    ]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"contexts": (context("mizan"),)}, "context \"mizan\": it would be `MizanContext` in the client, a name that every client has."),
        ({"types": (struct("bindings"),)}, "type \"bindings\": it would be `bindings` in the client, a name that every client has."),
        ({"types": (struct("MizanContextProps"),)}, "type \"MizanContextProps\": it would be `MizanContextProps` in the client, a name that the client's own kernel has."),
        ({"types": (struct("日本"), struct("?"))}, "type \"?\": its name has no letter or digit of ASCII, so no TypeScript name can be made of it."),
        ({"functions": (function("日本"),)}, "function \"日本\" in shop.clients: its name has no letter or digit of ASCII, so no TypeScript name can be made of it."),
        ({"types": (TypeDeclaration("A", Nullable(Ref("A"))),)}, "type \"A\": it is defined as itself."),
        ({"contexts": (context("user", params=(Field("key", STRING),)),)}, "context \"user\": its parameter key cannot be a prop, since `key` is one of React."),
        ({"contexts": (context("user", params=(Field("children", STRING),)),)}, "context \"user\": its parameter children cannot be a prop, since `children` is one of every provider."),
        ({"contexts": (context("global", params=(Field("id", STRING),)),)}, "context \"global\": its parameter id is required, but every page fetches this context without parameters."),
    ],
)  # fmt: skip
def test_what_cannot_be_in_a_client_is_a_finding(parts, expected):
    """Better no client than one that does not compile or cannot work."""
    assert expected in problem(**parts).splitlines()


def test_an_optional_parameter_of_the_global_context_is_fine():
    """It is fetched with its default."""
    project = plan_project(schema(contexts=(context("global", params=(Field("lang", STRING, required=False),)),)))

    assert project.global_context is not None


NAMES = st.sampled_from(
    ["a", "A", "a_b", "a.b", "aB", "user", "context", "user_context", "query", "a_query", "Decimal", "x1", "Error"]
)


@st.composite
def schemas(draw):
    types = draw(st.lists(NAMES, unique=True, max_size=4))
    functions = draw(st.lists(NAMES, unique=True, max_size=4))
    readers = [name for name in draw(st.lists(NAMES, unique=True, max_size=4)) if name not in functions]
    contexts = draw(st.lists(NAMES, unique=True, min_size=1, max_size=2))
    errors = draw(st.lists(NAMES, unique=True, max_size=2))
    split = {
        name: [reader for reader in readers if sum(map(ord, reader)) % len(contexts) == at]
        for at, name in enumerate(contexts)
    }
    return {
        "types": [struct(name, Field("x", Ref(types[0]))) for name in types],
        "errors": [ErrorDeclaration(name.upper(), name, 400, Struct(())) for name in errors],
        "functions": [function(name) for name in functions]
        + [function(reader, context=name) for name in contexts for reader in split[name]],
        "contexts": [context(name, *split[name]) for name in contexts],
    }


@settings(max_examples=300)
@given(schemas(), st.randoms())
def test_no_two_names_of_a_client_are_equal_whatever_the_schema(parts, random):
    """A schema gives names that are unique in the whole client, or a finding; and its order does not matter."""
    target = ReactTarget()
    try:
        project = target.plan(schema(**{key: tuple(value) for key, value in parts.items()}))
    except SchemaProblem:
        return
    modules = build_modules(project)
    declared = [
        declaration.name
        for module in modules
        for declaration in module.declarations
        if not isinstance(declaration, ExportAll | ExportNames)
    ]
    for value in parts.values():
        random.shuffle(value)
    shuffled = target.plan(schema(**{key: tuple(value) for key, value in parts.items()}))

    assert len(declared) == len(set(declared))
    assert target.build(shuffled, "") == target.build(project, "")
    for file in target.build(project, ""):
        if not file.path.startswith("kernel/"):
            imported = [
                name.split(" as ")[-1].removeprefix("type ").strip()
                for names in re.findall(r"^import (?:type )?\{([^}]*)\}", file.text, re.MULTILINE)
                for name in names.split(",")
                if name.strip()
            ]
            own = re.findall(r"^(?:export )?(?:function|const|class|interface|type) (\w+)", file.text, re.MULTILINE)
            assert len(imported + own) == len(set(imported + own))
