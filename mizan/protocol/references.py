"""
``$ref`` between JSON Schema components: the one place that reads and follows them.

Documents of other servers are read by `mizan.translate`, which says what is wrong with their references.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

REFERENCE = "#/components/schemas/"


def reference_to(name: str) -> dict[str, str]:
    """The schema that stands for the component *name*."""
    return {"$ref": REFERENCE + name}


def component_of(schema: Any) -> str | None:
    """The name of the component that *schema* refers to, or None where it refers to none."""
    reference = schema.get("$ref") if isinstance(schema, Mapping) else None
    if isinstance(reference, str) and reference.startswith(REFERENCE):
        return reference.removeprefix(REFERENCE)
    return None


def resolved(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    """*schema*, or the definition that it refers to."""
    while (name := component_of(schema)) is not None:
        schema = definitions[name]
    return schema


def used_schemas(schema: Any, definitions: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every mapping in *schema* and in the definitions that it leads to, in their order; each definition once."""
    yield from _used(schema, definitions, set())


def _used(node: Any, definitions: Mapping[str, Any], seen: set[str]) -> Iterator[Mapping[str, Any]]:
    if isinstance(node, list):
        for item in node:
            yield from _used(item, definitions, seen)
    elif isinstance(node, Mapping):
        yield node
        name = component_of(node)
        if name is not None and name not in seen:
            seen.add(name)
            yield from _used(definitions.get(name), definitions, seen)
        for value in node.values():
            yield from _used(value, definitions, seen)
