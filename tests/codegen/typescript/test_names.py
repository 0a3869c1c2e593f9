from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mizan.codegen.typescript.names import RESERVED, type_name
from tests.codegen.javascript import evaluate


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Order", "Order"),
        ("order_line", "order_line"),
        ("Straße", "Straße"),
        ("string", "String"),
        ("async", "Async"),
        ("Page[Order]", "PageOrder"),
        ("shop.Order", "ShopOrder"),
        ("2FA", "_2FA"),
        ("日 本", None),
        ("", None),
    ],
)
def test_a_type_keeps_its_name_wherever_typescript_can_spell_it(name, expected):
    """What Python calls a class, the client calls its interface."""
    assert type_name(name) == expected


@settings(max_examples=12)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=150))
def test_every_type_name_is_an_identifier(names):
    """Any name at all gives a name that JavaScript accepts, or none."""
    spelled = [name for name in map(type_name, names) if name is not None]
    sources = [f"(() => {{ class {name} {{}}; return 1 }})()" for name in spelled]

    assert evaluate(sources) == [1] * len(spelled)
    assert not RESERVED & set(spelled)
