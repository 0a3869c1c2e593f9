"""
KDL 2 text, one node per line. Our own printer, because ckdl's own writes the string "true" as a keyword and rounds floats.

Nothing here knows what a node means.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from mizan.ir.failures import IrError
from mizan.ir.grammar import INDENT, NUMBER_TEXT

Value: TypeAlias = str | int | float | bool


@dataclass(slots=True)
class KdlNode:
    """
    A node before it is text; a property whose value is None is not written.
    """

    name: str
    arguments: Sequence[Value] = ()
    properties: Mapping[str, Value | None] = field(default_factory=dict)
    children: Sequence[KdlNode] = ()


def print_nodes(nodes: Sequence[KdlNode]) -> str:
    """
    The text of *nodes* and all below them, with a final newline.

    Raises:
        IrError: a string has half of a surrogate pair, or a number is not finite.
    """
    lines: list[str] = []
    for node in nodes:
        _print(node, "", lines)
    return "".join(lines)


def _print(node: KdlNode, indent: str, lines: list[str]) -> None:
    line = indent + _identifier(node.name)
    for argument in node.arguments:
        line += f" {_value(argument)}"
    for key, value in node.properties.items():
        if value is not None:
            line += f" {_identifier(key)}={_value(value)}"
    if not node.children:
        lines.append(f"{line}\n")
        return
    lines.append(f"{line} {{\n")
    for child in node.children:
        _print(child, indent + INDENT, lines)
    lines.append(f"{indent}}}\n")


_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_KEYWORDS = frozenset({"false", "inf", "nan", "null", "true"})

_SHORT_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
# Beside what KDL forbids or takes for a line's end: whatever turns the direction of the text that a reviewer sees.
_ESCAPED = re.compile('[\\\\"\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]')


@lru_cache(maxsize=256)  # a schema has few names of nodes and properties, each many times
def _identifier(name: str) -> str:
    return name if _BARE.fullmatch(name) and name not in _KEYWORDS else _string(name)


def _value(value: Value) -> str:
    match value:
        case bool():
            return "#true" if value else "#false"
        case str():
            return _string(value)
        case int():
            return str(value)
        case _:
            return _float(value)


def _string(text: str) -> str:
    return f'"{_ESCAPED.sub(_escape, text)}"' if _ESCAPED.search(text) else f'"{text}"'


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if "\ud800" <= character <= "\udfff":
        raise IrError(f"The string {match.string!a} has half of a surrogate pair; no text file can hold it.")
    return _SHORT_ESCAPES.get(character) or f"\\u{{{ord(character):x}}}"


def _float(number: float) -> str:
    if not math.isfinite(number):
        raise IrError(f"The number {number} is not finite; JSON has no such number.")
    text = repr(number)
    return f"({NUMBER_TEXT}){_string(text)}" if "e" in text else text
