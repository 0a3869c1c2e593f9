"""
Hypothesis strategies: whole IRs, their pieces, and the texts that break writers.
"""

from __future__ import annotations

import json
from typing import TypeVar

from hypothesis import strategies as st

from mizan.ir.grammar import LIST_CONSTRAINTS, MAP_CONSTRAINTS, SCALAR_CONSTRAINTS
from mizan.ir.model import (
    SCALARS,
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
    Schema,
    Shape,
    Struct,
    Target,
    TupleOf,
    TypeDeclaration,
    View,
)

Item = TypeVar("Item")

NASTY_TEXTS = (
    "",
    '"',
    "\\",
    '"""',
    '#"',
    "true",
    "#true",
    "null",
    "-1",
    "+.5",
    "1e5",
    "inf",
    "//",
    "/*",
    "a\nb\r\nc",
    "\x00\x07\x7f\x85",
    "\u2028\u2029",
    "\u202eabc\u2066",
    "\ufeff",
    "\\u{1}",
    "😀👩‍👩‍👧",
    " { } ; = ",
)

JSON_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=8)
)
JSON = st.recursive(
    JSON_SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=5,
)
JSON_TEXTS = JSON.map(lambda value: json.dumps(value, sort_keys=True))


def texts(max_size: int = 12) -> st.SearchStrategy[str]:
    """
    Any text that a file can hold, often a nasty one.
    """
    return st.sampled_from(NASTY_TEXTS) | st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=max_size)


def names() -> st.SearchStrategy[str]:
    """
    Names as servers give them.
    """
    return st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}", fullmatch=True)


def numbers() -> st.SearchStrategy[int | float]:
    return st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)


def constraints(known: frozenset[str]) -> st.SearchStrategy[tuple[Constraint, ...]]:
    """
    Some of the constraints in *known*, with values of any type, sorted by name.
    """
    values = st.one_of(texts(), numbers(), st.booleans())
    return st.dictionaries(st.sampled_from(sorted(known)), values, max_size=3).map(
        lambda found: tuple(Constraint(name, found[name]) for name in sorted(found))
    )


def scalars() -> st.SearchStrategy[Scalar]:
    return st.builds(Scalar, st.sampled_from(SCALARS), st.none() | texts(), constraints(SCALAR_CONSTRAINTS))


def fields(shape: st.SearchStrategy[Shape]) -> st.SearchStrategy[Field]:
    return st.builds(Field, texts(), shape, st.booleans(), st.none() | JSON_TEXTS, st.none() | texts(40), st.booleans())


def _tuples(items: st.SearchStrategy[Item], max_size: int = 3) -> st.SearchStrategy[tuple[Item, ...]]:
    return st.lists(items, max_size=max_size).map(tuple)


def _compounds(inner: st.SearchStrategy[Shape]) -> st.SearchStrategy[Shape]:
    return st.one_of(
        st.builds(ListOf, inner, constraints(LIST_CONSTRAINTS)),
        st.builds(TupleOf, _tuples(inner)),
        st.builds(MapOf, inner, scalars() | inner, constraints(MAP_CONSTRAINTS)),
        st.builds(Nullable, inner),
        st.builds(OneOf, _tuples(inner), st.none() | texts()),
        st.builds(AllOf, _tuples(inner)),
        st.builds(Struct, _tuples(fields(inner)), st.booleans()),
    )


def shapes() -> st.SearchStrategy[Shape]:
    """
    Any shape; what its references name is left open.
    """
    leaves: st.SearchStrategy[Shape] = st.one_of(
        scalars(),
        st.builds(Literal, _tuples(JSON_TEXTS)),
        st.builds(Ref, texts()),
        st.builds(Enum, _tuples(st.builds(EnumMember, JSON_TEXTS, st.none() | texts()))),
    )
    return st.recursive(leaves, _compounds, max_leaves=6)


def _declarations(items: st.SearchStrategy[Item], key: str = "name") -> st.SearchStrategy[tuple[Item, ...]]:
    return st.lists(items, max_size=3, unique_by=lambda item: getattr(item, key)).map(
        lambda found: tuple(sorted(found, key=lambda item: getattr(item, key)))
    )


def _functions() -> st.SearchStrategy[Function]:
    docs = st.none() | texts(40)
    targets = _tuples(st.builds(Target, texts(), st.none() | texts(), _tuples(texts())), 2)
    return st.builds(
        Function,
        name=texts(),
        path=texts(),
        output=shapes(),
        module=texts(),
        method=texts(),
        input=st.none() | texts(),
        transports=_tuples(texts()),
        context=st.none() | texts(),
        affects=targets,
        merge=targets,
        auth=texts(),
        permission=st.none() | texts(),
        raises=_tuples(texts()),
        uploads=st.booleans(),
        revision=st.integers(),
        cache_json=texts(),
        doc=docs,
        deprecated=st.booleans(),
    )


@st.composite
def any_schemas(draw: st.DrawFn) -> Schema:
    """
    Anything that the IR can hold, whether or not it makes sense.
    """
    docs = st.none() | texts(40)
    targets = _tuples(st.builds(Target, texts(), st.none() | texts(), _tuples(texts())), 2)
    members = _tuples(st.builds(ContextFunction, texts(), _tuples(texts())))
    errors = st.builds(ErrorDeclaration, texts(), texts(), st.integers(), st.none() | shapes(), docs)
    return Schema(
        title=draw(texts()),
        base_path=draw(texts()),
        api_version=draw(texts()),
        doc=draw(docs),
        types=draw(_declarations(st.builds(TypeDeclaration, texts(), shapes(), docs))),
        errors=draw(_declarations(errors, "code")),
        functions=draw(_declarations(_functions())),
        contexts=draw(_declarations(st.builds(Context, texts(), texts(), members, _tuples(fields(shapes()))))),
        views=draw(_declarations(st.builds(View, texts(), texts(), _tuples(texts()), texts(), targets, texts(), docs))),
    )


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    """
    A sound server: `mizan.ir.check` has nothing to say of it.
    """
    type_names = draw(st.lists(names(), min_size=1, max_size=4, unique=True).map(sorted))
    simple = st.sampled_from([Scalar(name) for name in SCALARS if name != "file"])
    leaves: st.SearchStrategy[Shape] = st.one_of(simple, st.builds(Ref, st.sampled_from(type_names)))
    inner = st.recursive(leaves, lambda shape: st.builds(ListOf, shape) | st.builds(Nullable, shape), max_leaves=3)
    bodies = st.lists(st.builds(Field, names(), inner, st.booleans()), max_size=3, unique_by=lambda field: field.name)
    types = tuple(TypeDeclaration(name, Struct(tuple(draw(bodies)))) for name in type_names)
    param = Field("id", Scalar("integer"))
    readers = draw(st.lists(names(), min_size=1, max_size=3, unique=True).map(sorted))
    writers = [name for name in draw(st.lists(names(), max_size=3, unique=True)) if name not in readers]
    functions = [Function(name, f"call/{name}/", draw(inner), input=type_names[0], context="user") for name in readers]
    functions += [
        Function(
            name,
            f"call/{name}/",
            draw(inner),
            affects=(Target("user", draw(st.none() | st.sampled_from(readers)), draw(st.sampled_from([(), ("id",)]))),),
            doc=draw(st.none() | texts()),
        )
        for name in writers
    ]
    return Schema(
        title=draw(texts()),
        base_path="/api/mizan/",
        types=types,
        functions=tuple(sorted(functions, key=lambda function: function.name)),
        contexts=(Context("user", "ctx/user/", tuple(ContextFunction(name, ("id",)) for name in readers), (param,)),),
    )
