"""
Whether shapes are sound: part of `check`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from mizan.ir.grammar import LIST_CONSTRAINTS, MAP_CONSTRAINTS, SCALAR_CONSTRAINTS
from mizan.ir.model import (
    SCALARS,
    AllOf,
    Constraint,
    Enum,
    Field,
    ListOf,
    Literal,
    MapOf,
    Nullable,
    OneOf,
    Ref,
    Scalar,
    Shape,
    Struct,
)
from mizan.ir.notes import Notes
from mizan.ir.walk import reachable, walk

_KEY_SCALARS = frozenset(SCALARS) - {"any", "file", "null"}


class ShapeCheck:
    """
    Adds to *notes* what is wrong with shapes that may name *types*.
    """

    def __init__(self, types: Mapping[str, Shape], notes: Notes) -> None:
        self.types = types
        self._notes = notes

    def check(self, where: str, shape: Shape) -> None:
        for place, inner in walk(shape, where):
            self._check_one(place, inner)

    def check_no_file(self, where: str, shape: Shape) -> None:
        """
        For what a server sends and for what stands in a URL.
        """
        if any(isinstance(inner, Scalar) and inner.name == "file" for inner in reachable([shape], self.types)):
            self._notes.add(where, "has a file in it; a file can only be an argument.", "Send a URL or bytes instead.")

    def check_json(self, where: str, what: str, text: str) -> None:
        try:
            json.loads(text)
        except ValueError:
            self._notes.add(where, f"{what} is not JSON: {text!a}.")

    def check_fields(self, where: str, kind: str, fields: Iterable[Field]) -> None:
        fields = tuple(fields)
        self._notes.unique(where, kind, (field.name for field in fields))
        for field in fields:
            if field.default_json is not None:
                self.check_json(f'{where} > {kind} "{field.name}"', "default-json", field.default_json)

    def _check_one(self, where: str, shape: Shape) -> None:
        match shape:
            case Scalar():
                self._check_scalar(where, shape)
            case Ref(name):
                if name not in self.types:
                    self._notes.add(where, f'there is no type "{name}".', "Export the schema again.")
            case Struct(fields):
                self.check_fields(where, "field", fields)
            case Literal(values):
                self._check_values(where, "literal", values)
            case Enum(members):
                self._check_values(where, "enum", [member.value_json for member in members])
            case ListOf(_, constraints):
                self._check_constraints(where, constraints, LIST_CONSTRAINTS)
            case MapOf(_, key, constraints):
                self._check_constraints(where, constraints, MAP_CONSTRAINTS)
                self._check_key(where, key)
            case OneOf(_, str(discriminator)):
                self._check_discriminator(where, shape, discriminator)
            case _:
                return

    def _check_scalar(self, where: str, shape: Scalar) -> None:
        if shape.name not in SCALARS:
            self._notes.add(where, f'there is no scalar "{shape.name}".', f"Known: {', '.join(SCALARS)}.")
        if shape.format is not None and shape.name != "string":
            self._notes.add(where, f'the scalar "{shape.name}" has a format; only a string has one.')
        self._check_constraints(where, shape.constraints, SCALAR_CONSTRAINTS)

    def _check_constraints(self, where: str, constraints: Iterable[Constraint], known: frozenset[str]) -> None:
        names = [constraint.name for constraint in constraints]
        self._notes.unique(where, "constraint", names)
        for name in names:
            if name not in known:
                self._notes.add(
                    where, f'the constraint "{name}" does not apply.', f"Known: {', '.join(sorted(known))}."
                )

    def _check_values(self, where: str, kind: str, values: Iterable[str]) -> None:
        values = tuple(values)
        self._notes.unique(where, f"{kind} value", values)
        for value in values:
            self.check_json(where, f"the {kind}'s value", value)
        if not values:
            self._notes.add(where, f"the {kind} has no values.")

    def _check_key(self, where: str, key: Shape) -> None:
        for shape in reachable([key], self.types):
            match shape:
                case Literal() | Enum() | OneOf() | Ref():
                    continue
                case Scalar(name) if name in _KEY_SCALARS:
                    continue
            self._notes.add(f"{where} > map > key", "a key is a string, a text-like scalar, a literal or an enum.")

    def _check_discriminator(self, where: str, shape: OneOf, discriminator: str) -> None:
        for place, member in enumerate(shape.members, 1):
            if not self._has_field(member, discriminator, ()):
                name = f'"{member.name}"' if isinstance(member, Ref) else f"number {place}"
                message = f'the member {name} has no field "{discriminator}", which is to tell the members apart.'
                self._notes.add(f"{where} > one-of", message, "Add the field with a literal for its type.")

    def _has_field(self, shape: Shape, name: str, seen: tuple[str, ...]) -> bool:
        match shape:
            case Struct(fields):
                return any(field.name == name for field in fields)
            case Ref(type) if type in seen:
                return False
            case Ref(type):
                # A reference to nothing is a finding of its own.
                return type not in self.types or self._has_field(self.types[type], name, (*seen, type))
            case AllOf(members):
                return any(self._has_field(member, name, seen) for member in members)
            case OneOf(members):
                return all(self._has_field(member, name, seen) for member in members)
            case Nullable(item):
                return self._has_field(item, name, seen)
            case _:
                return False
