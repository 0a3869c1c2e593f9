"""
What holds for any document.
"""

from __future__ import annotations

import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mizan.ir import check, read, write
from mizan.ir.model import (
    Field,
    ListOf,
    Literal,
    MapOf,
    Nullable,
    OneOf,
    Scalar,
    Shape,
    Struct,
    TupleOf,
)
from mizan.translate import translate
from mizan.translate.keywords import STRING_SCALARS
from tests.translate.documents import call, document, output_of, ref

_SETTINGS = settings(max_examples=60, suppress_health_check=list(HealthCheck))

Pair = tuple[dict[str, Any], Shape]


def _leaves() -> st.SearchStrategy[Pair]:
    plain = [({"type": name}, Scalar(name)) for name in ("boolean", "integer", "number", "string")]
    formats = [
        ({"type": "string", "format": format}, Scalar(name))
        for format, name in STRING_SCALARS.items()
        if name != "file"  # which a result cannot have
    ]
    fixed = [({"enum": ["a", 1]}, Literal(('"a"', "1"))), ({"const": True}, Literal(("true",)))]
    return st.sampled_from([*plain, *formats, *fixed])


def _struct(pairs: dict[str, Pair]) -> Pair:
    properties = {name: schema for name, (schema, _) in pairs.items()}
    fields = tuple(Field(name, shape, required=False) for name, (_, shape) in pairs.items())
    return {"type": "object", "properties": properties}, Struct(fields)


def _tuple(pairs: list[Pair]) -> Pair:
    schemas, shapes = [pair[0] for pair in pairs], tuple(pair[1] for pair in pairs)
    return {"prefixItems": schemas, "minItems": len(pairs), "maxItems": len(pairs)}, TupleOf(shapes)


def _nullable(pair: Pair) -> Pair:
    schema, shape = pair
    expected = shape if isinstance(shape, Nullable) else Nullable(shape)
    return {"anyOf": [schema, {"type": "null"}]}, expected


def _compounds(inner: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    return st.one_of(
        inner.map(lambda pair: ({"type": "array", "items": pair[0]}, ListOf(pair[1]))),
        inner.map(lambda pair: ({"type": "object", "additionalProperties": pair[0]}, MapOf(pair[1]))),
        inner.map(_nullable),
        st.lists(inner, min_size=1, max_size=3).map(_tuple),
        st.dictionaries(st.sampled_from(["a", "b", "in", "$ref", "type"]), inner, max_size=3).map(_struct),
    )


pairs = st.recursive(_leaves(), _compounds, max_leaves=8)


@_SETTINGS
@given(pairs)
def test_any_schema_becomes_its_shape(pair: Pair) -> None:
    """
    Built together with the shape that is expected, to any depth, whatever fields are called.
    """
    schema, shape = pair

    assert output_of(schema) == shape


@_SETTINGS
@given(pairs, pairs)
def test_a_union_has_its_members(one: Pair, other: Pair) -> None:
    """
    In order, each once, null outside.
    """
    shapes = [pair[1].item if isinstance(pair[1], Nullable) else pair[1] for pair in (one, other)]

    shape = output_of({"oneOf": [one[0], other[0]]})

    inner = shape.item if isinstance(shape, Nullable) else shape
    assert isinstance(shape, Nullable) is any(isinstance(pair[1], Nullable) for pair in (one, other))
    if shapes[0] != shapes[1] and not all(isinstance(item, Literal) for item in shapes):
        assert inner == OneOf(tuple(shapes))


@_SETTINGS
@given(st.lists(pairs, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_keys_does_not_show(given_pairs: list[Pair], chance: random.Random) -> None:
    """
    Only the order of fields does, which is that of their declaration.
    """
    schemas = {f"T{index}": schema for index, (schema, _) in enumerate(given_pairs)}
    paths: dict[str, Any] = {}
    for name in schemas:
        args = {"properties": {"value": ref(name)}, "required": ["value"]}
        paths |= call(f"get_{name}", ref(name), args, auth="staff", rev=1)
    source = document(paths, schemas, errors=[{"code": "A", "name": "A", "status": 400}])

    schema = translate(source)
    shuffled = translate(_shuffled(source, chance))

    assert write(shuffled) == write(schema)
    assert read(write(schema)) == schema
    assert check(schema) == ()


def _shuffled(node: Any, chance: random.Random, is_ordered: bool = False) -> Any:
    if isinstance(node, list):
        return [_shuffled(item, chance) for item in node]
    if not isinstance(node, dict):
        return node
    keys = list(node)
    if not is_ordered:
        chance.shuffle(keys)
    return {key: _shuffled(node[key], chance, not is_ordered and key == "properties") for key in keys}
