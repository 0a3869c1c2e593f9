"""
The laws of references between components.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mizan.protocol.references import component_of, reference_to, resolved, used_schemas

TREE = {
    "Tree": {"properties": {"left": reference_to("Tree"), "leaf": reference_to("Leaf")}},
    "Leaf": {"type": "string"},
    "Unused": {"type": "null"},
}


@given(st.text())
def test_a_reference_names_its_component(name: str) -> None:
    """Whatever the component is called."""
    assert component_of(reference_to(name)) == name


@pytest.mark.parametrize(
    "schema",
    [{}, {"type": "string"}, {"$ref": "#/$defs/Leaf"}, {"$ref": {"type": "string"}}, {"$ref": None}, [], "Leaf", None],
    ids=str,
)
def test_what_refers_to_no_component_names_none(schema: object) -> None:
    """A property may be called ``$ref``, and other documents have other places for definitions."""
    assert component_of(schema) is None


@given(st.integers(0, 5))
def test_a_chain_of_references_leads_to_its_end(length: int) -> None:
    """However long it is."""
    definitions = {str(number): reference_to(str(number + 1)) for number in range(length)} | {
        str(length): {"type": "null"}
    }

    assert resolved(reference_to("0"), definitions) == {"type": "null"}


def test_what_is_no_reference_is_its_own_end() -> None:
    """It is the same object, since nothing is copied."""
    schema = {"type": "string"}

    assert resolved(schema, {}) is schema


def test_every_used_definition_comes_once() -> None:
    """Recursive ones too, and those that nothing leads to not at all."""
    used = list(used_schemas([reference_to("Tree"), reference_to("Tree")], TREE))

    assert [used.count(definition) for definition in TREE.values()] == [1, 1, 0]


def test_a_reference_that_leads_nowhere_is_passed_over() -> None:
    """What is wrong with it is said elsewhere."""
    assert list(used_schemas(reference_to("Gone"), {})) == [reference_to("Gone")]
