"""
The part of TypeScript that generated files consist of, as frozen data. `printer` turns it into text.

Comments (`Comment`) are lines that `escape` has made; every other string is either escaped by the printer or a name that
the target has planned.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

Comment: TypeAlias = tuple[str, ...]

GLOBAL = ""


@dataclass(frozen=True, slots=True)
class Symbol:
    """
    Something that a module exports: *module* is ``./functions``, ``react``, or ``GLOBAL`` for what is there without import.
    """

    module: str
    name: str
    is_type: bool = False

    def as_type(self) -> Symbol:
        """The same export, imported for its type alone."""
        return replace(self, is_type=True)


# --- types ---


@dataclass(frozen=True, slots=True)
class Keyword:
    """
    A type that is one word or number: ``string``, ``null``, ``3``.
    """

    text: str


@dataclass(frozen=True, slots=True)
class StringType:
    value: str


@dataclass(frozen=True, slots=True)
class Named:
    symbol: Symbol
    arguments: tuple[Type, ...] = ()


@dataclass(frozen=True, slots=True)
class ArrayOf:
    item: Type


@dataclass(frozen=True, slots=True)
class TupleOf:
    items: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class Union:
    """
    Two members or more, none of them a union.
    """

    members: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class Intersection:
    """
    Two members or more.
    """

    members: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class Property:
    name: str
    type: Type
    is_optional: bool = False
    comment: Comment = ()


@dataclass(frozen=True, slots=True)
class ObjectOf:
    properties: tuple[Property, ...]


@dataclass(frozen=True, slots=True)
class Dictionary:
    """
    ``{ [key: string]: V }``: unlike ``Record<string, V>`` it may be part of what V refers back to.
    """

    value: Type


@dataclass(frozen=True, slots=True)
class PartialDictionary:
    """
    ``{ [key in K]?: V }``: some of a known set of keys.
    """

    keys: Type
    value: Type


Type: TypeAlias = (
    Keyword | StringType | Named | ArrayOf | TupleOf | Union | Intersection | ObjectOf | Dictionary | PartialDictionary
)


# --- values ---


@dataclass(frozen=True, slots=True)
class Local:
    """
    A parameter of the function around.
    """

    name: str


@dataclass(frozen=True, slots=True)
class Text:
    value: str


@dataclass(frozen=True, slots=True)
class Word:
    """
    A number as JSON writes it, ``true`` or ``false``.
    """

    text: str


@dataclass(frozen=True, slots=True)
class ListValue:
    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class ObjectValue:
    entries: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Call:
    function: Symbol
    arguments: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Element:
    """
    A JSX element without children; *attributes* of name ``...`` are spread.
    """

    tag: Symbol
    attributes: tuple[tuple[str, Value], ...]


Value: TypeAlias = Local | Symbol | Text | Word | ListValue | ObjectValue | Call | Element


# --- declarations ---


@dataclass(frozen=True, slots=True)
class Interface:
    name: str
    properties: tuple[Property, ...]
    comment: Comment = ()


@dataclass(frozen=True, slots=True)
class Alias:
    name: str
    type: Type
    comment: Comment = ()


@dataclass(frozen=True, slots=True)
class Constant:
    name: str
    type: Type
    value: Value
    is_exported: bool = True


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    type: Type
    is_optional: bool = False
    default: Value | None = None


@dataclass(frozen=True, slots=True)
class TypeVariable:
    """
    A type that the caller of a function chooses. It must not have the name of a type that the function mentions.
    """

    name: str
    default: Type


@dataclass(frozen=True, slots=True)
class Function:
    """
    An exported function whose whole body returns *result*.
    """

    name: str
    parameters: tuple[Parameter, ...]
    returns: Type
    result: Value
    comment: Comment = ()
    variables: tuple[TypeVariable, ...] = ()


@dataclass(frozen=True, slots=True)
class ErrorClass:
    """
    An exported class that adds nothing to *base* but its static ``code``.
    """

    name: str
    base: Named
    code: str
    comment: Comment = ()


@dataclass(frozen=True, slots=True)
class ExportAll:
    module: str
    is_type: bool = False


@dataclass(frozen=True, slots=True)
class ExportNames:
    """
    One symbol or more, all of one module.
    """

    symbols: tuple[Symbol, ...]


Declaration: TypeAlias = Interface | Alias | Constant | Function | ErrorClass | ExportAll | ExportNames


@dataclass(frozen=True, slots=True)
class Module:
    """
    One file: *path* is its name with extension, *directive* a first line such as ``use client``.
    """

    path: str
    declarations: tuple[Declaration, ...]
    directive: str | None = None

    @property
    def specifier(self) -> str:
        """How a neighbour imports it: ``./functions``."""
        return f"./{self.path.rpartition('.')[0]}"
