"""
A KDL node read strictly: a property or child that nobody asks for is an error that says where it stands.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, NoReturn, overload

import ckdl

from mizan.ir.failures import IrError
from mizan.ir.grammar import NUMBER_TEXT
from mizan.ir.kdl import Value


def parse_nodes(text: str) -> list[Cursor]:
    """
    The top nodes of a KDL 2 document.

    Raises:
        IrError: *text* is something else.
    """
    try:
        return list(map(Cursor, ckdl.parse(text, version=2).nodes))
    except ckdl.ParseError as error:
        raise IrError(f"The text is not KDL 2: {error}. Export the schema again.") from error


class Cursor:
    """
    A node and its place. Take its children one kind after the other, then `finish`.
    """

    def __init__(self, node: Any, parent: Cursor | None = None) -> None:
        self.name: str = node.name
        self._node = node
        self._parent = parent
        self._children = [Cursor(child, self) for child in node.children]
        if node.type_annotation is not None:
            self.fail(f"a node has no type annotation here, not even ({node.type_annotation}).")

    @property
    def where(self) -> str:
        """
        The breadcrumb: ``type "Task" > struct > field "owner"``.
        """
        first = self._node.args[0] if self._node.args else None
        own = f"{self.name} {json.dumps(first, ensure_ascii=False)}" if isinstance(first, str) else self.name
        return own if self._parent is None else f"{self._parent.where} > {own}"

    def fail(self, message: str) -> NoReturn:
        raise IrError(f"{self.where}: {message}")

    def words(self) -> tuple[str, ...]:
        """
        Every argument; each is a string.
        """
        for word in self._node.args:
            if not isinstance(word, str):
                self.fail("every argument is a string here.")
        return tuple(self._node.args)

    def word(self) -> str:
        """
        The one argument.
        """
        words = self.words()
        if len(words) != 1:
            self.fail(f"takes one argument, not {len(words)}.")
        return words[0]

    def no_words(self) -> None:
        if self._node.args:
            self.fail("takes no argument.")

    def allow(self, properties: Collection[str]) -> None:
        """
        Refuse every property but *properties*.
        """
        for key in self._node.properties:
            if key not in properties:
                known = f"Known here: {', '.join(sorted(properties))}." if properties else "None is known here."
                self.fail(f"unknown property {json.dumps(key)}. {known}")

    def value(self, key: str) -> Value | None:
        value: Any = self._node.properties.get(key)
        if isinstance(value, ckdl.Value):
            return self._exact_number(key, value)
        if value is None and key in self._node.properties:
            self.fail(f"{key} is null; leave it out.")
        return value  # type: ignore[no-any-return]  # ckdl has no other types than Value's

    @overload
    def text(self, key: str) -> str | None: ...
    @overload
    def text(self, key: str, default: str) -> str: ...
    def text(self, key: str, default: str | None = None) -> str | None:
        value = self.value(key)
        if value is not None and not isinstance(value, str):
            self.fail(f"{key} is a string, not {value}.")
        return default if value is None else value

    def needed_text(self, key: str) -> str:
        text = self.text(key)
        if text is None:
            self.fail(f"needs {key}.")
        return text

    def flag(self, key: str, default: bool = False) -> bool:
        value = self.value(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.fail(f"{key} is #true or #false, not {value}.")
        return value

    def integer(self, key: str) -> int | None:
        value = self.value(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            self.fail(f"{key} is an integer, not {value}.")
        return value

    def take_all(self, name: str) -> list[Cursor]:
        """
        The children called *name*, which are then no longer there.
        """
        taken = [child for child in self._children if child.name == name]
        if taken:
            self._children = [child for child in self._children if child.name != name]
        return taken

    def take(self, name: str) -> Cursor | None:
        taken = self.take_all(name)
        if len(taken) > 1:
            taken[1].fail("stands here a second time.")
        return taken[0] if taken else None

    def take_words(self, name: str) -> tuple[str, ...] | None:
        """
        The arguments of the one child called *name*, None without it.
        """
        child = self.take(name)
        if child is None:
            return None
        child.allow(())
        child.finish()
        return child.words()

    def take_doc(self) -> str | None:
        child = self.take("doc")
        if child is None:
            return None
        child.allow(())
        child.finish()
        return child.word()

    def take_rest(self) -> list[Cursor]:
        """
        Every child not taken before.
        """
        rest, self._children = self._children, []
        return rest

    def take_last(self) -> Cursor:
        """
        The one child not taken before.
        """
        rest = self.take_rest()
        if len(rest) != 1:
            self.fail(f"needs one shape inside, not {len(rest)}.")
        return rest[0]

    def finish(self) -> None:
        """
        Refuse children that nobody took.
        """
        for child in self._children:
            child.fail("unknown node.")

    def _exact_number(self, key: str, value: Any) -> float:
        if value.type_annotation == NUMBER_TEXT and isinstance(value.value, str):
            try:
                return float(value.value)
            except ValueError:
                pass
        return self.fail(f"{key} has a type annotation that is not ({NUMBER_TEXT}) before the text of a number.")
