"""
All types of a server as named JSON Schema components, from one pass over every function.

Names are Mizan's: the class's own. Two classes of one name are a finding, never a silent merge; a model whose request
and response shapes differ becomes two components, ``Task`` and ``TaskInput``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import PydanticUserError
from pydantic_core import CoreSchema, SchemaError

from mizan.protocol.errors import E_DUPLICATE_MODEL, Finding
from mizan.protocol.references import REFERENCE, component_of, reference_to, resolved
from mizan.wire.json_schema import WireJsonSchema

Mode = Literal["validation", "serialization"]
UNDESCRIBABLE = (PydanticUserError, SchemaError, NotImplementedError, TypeError, NameError)
"""What pydantic raises for a type that has no schema. `manage.py check` names the function that has it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One schema wanted under *key*, as input ("validation") or output ("serialization")."""

    key: str
    mode: Mode
    core: CoreSchema


@dataclass(frozen=True, slots=True)
class Components:
    """
    ``schemas`` by (key, mode), ``definitions`` by component name, and name clashes as ``findings``.
    """

    schemas: dict[tuple[str, str], dict[str, Any]]
    definitions: dict[str, dict[str, Any]]
    findings: tuple[Finding, ...]


def build_components(entries: Sequence[Entry], names: dict[type, str] | None = None) -> Components:
    """
    Describe every entry at once.

    Args:
        names: Component names for classes that must not go by their own.
    """
    generator = WireJsonSchema(ref_template=REFERENCE + "{model}")
    raw_schemas, raw_definitions = generator.generate_definitions(
        [(entry.key, entry.mode, entry.core) for entry in entries]
    )
    _require_tags([*raw_schemas.values(), *raw_definitions.values()], raw_definitions)
    classes: dict[str, type] = {}
    for entry in entries:
        classes.update(_classes_in(entry.core))
    naming = _Naming(
        {str(key): schema for key, schema in raw_definitions.items()}, generator.origins, classes, names or {}
    )
    return Components(
        {key: naming.renamed(schema) for key, schema in raw_schemas.items()},
        {naming.names[key]: naming.declared(key) for key in sorted(raw_definitions)},
        naming.findings,
    )


def _require_tags(nodes: Iterable[Any], definitions: Mapping[Any, Any]) -> None:
    """
    Make each member of a discriminated union require its tag, even a tag with a default: pydantic refuses a value without it,
    because it cannot tell the member.
    """
    for node in nodes:
        if isinstance(node, list):
            _require_tags(node, definitions)
        elif isinstance(node, dict):
            discriminator = node.get("discriminator")
            if isinstance(discriminator, dict) and "propertyName" in discriminator:
                for member in node.get("oneOf", ()):
                    _require_tag(member, discriminator["propertyName"], definitions)
            _require_tags(node.values(), definitions)


def _require_tag(member: Any, tag: str, definitions: Mapping[Any, Any]) -> None:
    member = resolved(member, definitions)
    for inner in member.get("oneOf", ()):
        _require_tag(inner, tag, definitions)
    properties = member.get("properties", {})
    if tag in properties:
        properties[tag].pop("default", None)
        member["required"] = [name for name in properties if name in {tag, *member.get("required", ())}]


class _Naming:
    """Which component name each of pydantic's definition keys gets."""

    def __init__(
        self,
        definitions: dict[str, Any],
        origins: dict[str, tuple[Any, Any]],
        classes: dict[str, type],
        given: dict[type, str],
    ) -> None:
        self.definitions = definitions
        self.pairs: dict[str, dict[str, str]] = {}
        for key in definitions:
            core_reference, mode = origins[key]
            self.pairs.setdefault(str(core_reference), {})[mode] = key
        split = self._split_pairs()
        self.names: dict[str, str] = {}
        self.titles: dict[str, str] = {}
        labels = {
            key: f"{_module_name(reference)} {mode if reference in split else ''}"
            for reference, keys in self.pairs.items()
            for mode, key in keys.items()
        }
        owners: dict[str, dict[str, set[str]]] = {}
        for reference, keys in self.pairs.items():
            cls = classes.get(reference)
            name = given.get(cls) if cls is not None else None
            name = name or component_name(cls.__name__ if cls is not None else _qualname(reference))
            for mode, key in keys.items():
                full = f"{name}Input" if reference in split and mode == "validation" else name
                self.names[key] = full
                self.titles[key] = cls.__name__ if cls is not None else name
                where = f"{cls.__module__}.{cls.__qualname__}" if cls is not None else _module_name(reference)
                owners.setdefault(full, {}).setdefault(where, set()).add(_canonical(definitions[key], labels))
        self.findings = tuple(
            Finding(
                E_DUPLICATE_MODEL,
                f"Two types are called {name!r}: {' and '.join(sorted(owners[name]))}"
                f"{', which is defined twice' if len(owners[name]) == 1 else ''}.",
                "Rename one of the classes: the generated client has one type for a name.",
            )
            for name in sorted(owners)
            if sum(map(len, owners[name].values())) > 1
        )

    def _split_pairs(self) -> set[str]:
        """References whose request and response shapes differ, directly or in a type that they use."""
        split: set[str] = set()
        both = {reference: keys for reference, keys in self.pairs.items() if len(keys) == 2}
        while True:
            alias = {
                key: reference if reference not in split else key
                for reference, keys in self.pairs.items()
                for key in keys.values()
            }
            differing = {
                reference
                for reference, keys in both.items()
                if reference not in split
                and len({_canonical(self.definitions[key], alias) for key in keys.values()}) > 1
            }
            if not differing:
                return split
            split |= differing

    def renamed(self, schema: Any) -> Any:
        return _with_references(schema, self.names)

    def declared(self, key: str) -> dict[str, Any]:
        """The definition under *key*, without the title that only repeats its class's name."""
        schema = dict(self.renamed(self.definitions[key]))
        if schema.get("title") == self.titles[key]:
            del schema["title"]
        return schema


def component_name(name: str) -> str:
    """``Page[Task]`` is ``PageTask``."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9_]+", name) if part)


def _canonical(schema: Any, alias: dict[str, str]) -> str:
    return json.dumps(_with_references(schema, alias), sort_keys=True, default=str)


def _with_references(node: Any, names: dict[str, str]) -> Any:
    if isinstance(node, list):
        return [_with_references(item, names) for item in node]
    if not isinstance(node, dict):
        return node
    result: dict[str, Any] = {}
    for key, value in node.items():
        if key == "$ref" and (name := component_of(node)) is not None:
            result |= reference_to(names[name])
        elif key == "mapping" and isinstance(value, dict) and "propertyName" in node:
            result[key] = {tag: _mapped(target, names) for tag, target in value.items()}
        elif key == "discriminator" and isinstance(value, dict) and value.keys() == {"propertyName"}:
            continue  # without a mapping, tools would look for components named after the tags
        elif key == "properties" and isinstance(value, dict):  # its keys are names, "default" and "enum" among them
            result[key] = {name: _with_references(schema, names) for name, schema in value.items()}
        elif key in ("default", "examples", "const", "enum"):
            result[key] = value
        else:
            result[key] = _with_references(value, names)
    return result


def _mapped(target: Any, names: dict[str, str]) -> Any:
    return REFERENCE + names[target.removeprefix(REFERENCE)] if isinstance(target, str) else target


def _classes_in(node: Any) -> Iterator[tuple[str, type]]:
    if isinstance(node, list | tuple):
        for item in node:
            yield from _classes_in(item)
    elif isinstance(node, dict):
        if isinstance(node.get("ref"), str) and isinstance(node.get("cls"), type):
            yield node["ref"], node["cls"]
        for key, value in node.items():
            if key not in ("metadata", "default", "cls", "config"):
                yield from _classes_in(value)


def _module_name(reference: str) -> str:
    return re.sub(r":\d+", "", reference)


def _qualname(reference: str) -> str:
    return _module_name(reference).rsplit(".", 1)[-1]
