"""
What the names in the specs mean together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mizan.client import ReactContext, client
from mizan.protocol.graph import Graph, Target
from mizan.protocol.registry import FunctionRegistry
from mizan.protocol.resolver import resolve
from mizan.protocol.specs import spec_of


def graph_of(*functions: Callable[..., Any]) -> Graph:
    registry = FunctionRegistry()
    for function in functions:
        spec = spec_of(function)
        assert spec is not None
        registry.add(spec, by_hand=True)
    return resolve(registry)


@client(auth=False, context="user")
def profile(request: Any, id: int) -> str: ...  # type: ignore[empty-body]


@client(auth=False, context=ReactContext("user"))
def orders(request: Any, id: int = 1, page: int = 1) -> list[int]: ...  # type: ignore[empty-body]


def test_a_context_has_the_parameters_of_its_readers() -> None:
    """One is required as soon as one reader requires it."""
    group = graph_of(profile, orders).contexts["user"]

    assert [reader.spec.name for reader in group.readers] == ["orders", "profile"]
    assert {parameter.name: parameter.is_required for parameter in group.parameters} == {"id": True, "page": False}


@pytest.mark.parametrize(
    ("affects", "targets"),
    [
        ("user", (Target("user", None, ("id",)),)),
        (ReactContext("user"), (Target("user", None, ("id",)),)),
        (profile, (Target("user", "profile", ("id",)),)),
        (["user", orders], (Target("user", None, ("id",)), Target("user", "orders", ("id",)))),
    ],
    ids=["by name", "by context", "by function", "both"],
)
def test_a_mutation_is_narrowed_by_what_its_context_knows(affects: Any, targets: tuple[Target, ...]) -> None:
    """And by none of its other arguments."""

    @client(auth=False, affects=affects)
    def rename(request: Any, id: int, name: str) -> None: ...

    graph = graph_of(profile, orders, rename)

    assert graph.affects == {"rename": targets}
    assert not graph.findings


def test_a_merge_by_name_goes_to_the_reader_of_its_type() -> None:
    """Of which there must be one."""

    @client(auth=False, merge="user")
    def rename(request: Any, id: int) -> str: ...  # type: ignore[empty-body]

    @client(auth=False, merge="user")
    def count(request: Any, id: int) -> int: ...  # type: ignore[empty-body]

    graph = graph_of(profile, orders, rename, count)

    assert graph.merges == {"rename": (Target("user", "profile", ("id",)),), "count": ()}
    assert [finding.id for finding in graph.findings] == ["mizan.E012"]


def test_everything_that_does_not_fit_is_found_at_once() -> None:
    """Nothing is raised, so that a developer sees all of it."""

    @client(auth=False, context="user", affects="usr")
    def one(request: Any, id: str): ...

    graph = graph_of(profile, one)

    assert {"mizan.E001", "mizan.E004", "mizan.E006", "mizan.E011"} <= {finding.id for finding in graph.findings}
