"""
An OpenAPI document as untrusted JSON: typed access to its parts, references resolved, surprises noted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import unquote

from mizan.ir.notes import Notes
from mizan.translate.place import Place

Node: TypeAlias = Mapping[str, Any]

EMPTY: Node = {}
SCHEMAS = "#/components/schemas/"


class Document:
    """
    The document and what was found wrong with it so far.
    """

    def __init__(self, root: Node) -> None:
        self.root = root
        self.notes = Notes()
        place = Place("components")
        self._components = self.mapping(root, "components", place)
        self.schemas = self.mapping(self._components, "schemas", place)

    def note(self, place: Place, message: str, hint: str = "") -> None:
        self.notes.add(str(place), message, hint)

    def mapping(self, node: Node, key: str, place: Place) -> Node:
        """
        The object under *key*; an empty one where it is missing or something else.
        """
        value = node.get(key, EMPTY)
        if isinstance(value, Mapping):
            return value
        self.note(place / key, f"is not an object: {_shown(value)}.")
        return EMPTY

    def items(self, node: Node, key: str, place: Place) -> Sequence[Any]:
        """
        The array under *key*; an empty one where it is missing or something else.
        """
        value = node.get(key, ())
        if isinstance(value, Sequence) and not isinstance(value, str):
            return value
        self.note(place / key, f"is not an array: {_shown(value)}.")
        return ()

    def objects(self, node: Node, key: str, place: Place) -> list[Node]:
        """
        The objects in the array under *key*.
        """
        found = []
        for item in self.items(node, key, place):
            if isinstance(item, Mapping):
                found.append(item)
            else:
                self.note(place / key, f"has an item that is not an object: {_shown(item)}.")
        return found

    def strings(self, node: Node, key: str, place: Place) -> tuple[str, ...]:
        """
        The strings in the array under *key*.
        """
        found = []
        for item in self.items(node, key, place):
            if isinstance(item, str):
                found.append(item)
            else:
                self.note(place / key, f"has an item that is not a string: {_shown(item)}.")
        return tuple(found)

    def text(self, node: Node, key: str, place: Place) -> str | None:
        """
        The string under *key*, None where it is missing or something else.
        """
        value = node.get(key)
        if value is None or isinstance(value, str):
            return value
        self.note(place / key, f"is not a string: {_shown(value)}.")
        return None

    def needed_text(self, node: Node, key: str, place: Place) -> str:
        if key not in node:
            self.note(place, f"has no {key}.")
        return self.text(node, key, place) or ""

    def integer(self, node: Node, key: str, default: int, place: Place) -> int:
        value = node.get(key, default)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.note(place / key, f"is not an integer: {_shown(value)}.")
        return default

    def resolved(self, node: Node, kind: str, place: Place) -> Node:
        """
        *node*, or what its ``$ref`` into the components of that *kind* names.
        """
        seen: set[str] = set()
        while (reference := node.get("$ref")) is not None:
            name = component_name(reference, kind)
            known = self.mapping(self._components, kind, Place("components"))
            if name is None or name not in known or name in seen:
                self.note(place, f"{_shown(reference)} does not lead to one of the document's {kind}.")
                return EMPTY
            seen.add(name)
            node = self.mapping(known, name, Place("components") / kind)
        return node

    def schema_name(self, reference: object, place: Place) -> str | None:
        """
        The component that a schema's ``$ref`` names, None where there is none.
        """
        name = component_name(reference, "schemas")
        if name is None:
            hint = f"Move the schema to {SCHEMAS}<name> and refer to that."
            self.note(place, f"$ref {_shown(reference)} does not lead to a component of this document.", hint)
        elif name not in self.schemas:
            self.note(place, f"$ref names the component {name!r}, which the document does not have.")
            return None
        return name


def component_name(reference: object, kind: str) -> str | None:
    """
    ``User`` for ``#/components/schemas/User``; None for what leads anywhere else.
    """
    prefix = f"#/components/{kind}/"
    if not isinstance(reference, str) or not reference.startswith(prefix):
        return None
    name = reference.removeprefix(prefix)
    return None if "/" in name else unquote(name).replace("~1", "/").replace("~0", "~")


def canonical_json(value: object) -> str:
    """
    Equal values give equal text: keys sorted, no spaces.

    Raises:
        ValueError: *value* has a number that JSON lacks.
    """
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False, allow_nan=False)


def _shown(value: object) -> str:
    text = json.dumps(value, default=repr, ensure_ascii=True)
    return text if len(text) <= 60 else f"{text[:57]}..."
