"""
The Mizan IR: what a client generator needs to know of a server, as frozen data.

Nothing here reads, writes or checks; `reader`, `writer` and `check` beside this module do. No target language, no
framework and no transport detail beyond paths appears in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

IR_VERSION = 1

# Every scalar; a value's wire form is the same in every transport.
SCALARS = (
    "any",  # any JSON value
    "bigint",  # an integer of any size, as a JSON string
    "boolean",
    "bytes",  # base64 text
    "date",  # "2026-11-23"
    "datetime",  # "2026-11-23T10:00:00Z"
    "decimal",  # "1.10", never a JSON number
    "duration",  # ISO 8601, "P1DT2H"
    "file",  # an upload; only in inputs
    "integer",  # within ±(2**53 - 1)
    "null",
    "number",
    "string",
    "time",  # "10:00:00"
    "uuid",
)


@dataclass(frozen=True, slots=True)
class Constraint:
    """
    One rule a value obeys beyond its type: ``min-length``, ``max``, ``pattern``, ``multiple-of``, …
    """

    name: str
    value: str | int | float | bool


@dataclass(frozen=True, slots=True)
class Scalar:
    """
    One of ``SCALARS``; *format* refines a string ("email", "uri"), *constraints* are sorted by name.
    """

    name: str
    format: str | None = None
    constraints: tuple[Constraint, ...] = ()


@dataclass(frozen=True, slots=True)
class Literal:
    """
    One of a fixed set of JSON values, as JSON texts (``'"a"'``, ``'3'``, ``'true'``) so that 1 and true stay apart.
    """

    values_json: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ref:
    """
    A use of the declared type of that name.
    """

    name: str


@dataclass(frozen=True, slots=True)
class ListOf:
    item: Shape
    constraints: tuple[Constraint, ...] = ()


@dataclass(frozen=True, slots=True)
class TupleOf:
    """
    A JSON array of a fixed length with one shape for each position.
    """

    items: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class MapOf:
    """
    A JSON object with any keys; *key* says how its keys read (a string scalar unless the server knows better).
    """

    value: Shape
    key: Shape = Scalar("string")
    constraints: tuple[Constraint, ...] = ()


@dataclass(frozen=True, slots=True)
class Nullable:
    """
    The item or JSON null. Whether a field may be *absent* is ``Field.required``, a different matter.
    """

    item: Shape


@dataclass(frozen=True, slots=True)
class OneOf:
    """
    One of several shapes; *discriminator* is the field whose literal tells which.
    """

    members: tuple[Shape, ...]
    discriminator: str | None = None


@dataclass(frozen=True, slots=True)
class AllOf:
    """
    Every one of several shapes at once; only documents of other servers have it.
    """

    members: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """
    A field of a struct or a parameter of a context, named as it is on the wire.
    """

    name: str
    shape: Shape
    required: bool = True
    default_json: str | None = None
    doc: str | None = None
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Struct:
    """
    A JSON object with known fields, in declaration order; *closed* refuses unknown ones.
    """

    fields: tuple[Field, ...]
    closed: bool = False


@dataclass(frozen=True, slots=True)
class EnumMember:
    """
    One value of an enum as JSON text, with the name that Python gives it.
    """

    value_json: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Enum:
    members: tuple[EnumMember, ...]


Shape: TypeAlias = Scalar | Literal | Ref | ListOf | TupleOf | MapOf | Nullable | OneOf | AllOf | Struct | Enum


@dataclass(frozen=True, slots=True)
class TypeDeclaration:
    name: str
    shape: Shape
    doc: str | None = None


@dataclass(frozen=True, slots=True)
class ErrorDeclaration:
    """
    An error that the application declares: wire *code*, class *name*, HTTP *status*, shape of its ``details``.
    """

    code: str
    name: str
    status: int
    details: Shape | None = None
    doc: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """
    What a mutation changes: a context, or one reader in it, narrowed by the named parameters.
    """

    context: str
    function: str | None = None
    params: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Function:
    """
    A function that clients call.

    *input* names the type of its arguments, None where it has none. *context* is set for a reader, *affects* and *merge*
    for a mutation. *auth* is one of open, authenticated, staff, superuser, permission, custom.
    """

    name: str
    path: str
    output: Shape
    module: str = ""
    method: str = "post"
    input: str | None = None
    transports: tuple[str, ...] = ("http",)
    context: str | None = None
    affects: tuple[Target, ...] = ()
    merge: tuple[Target, ...] = ()
    auth: str = "open"
    permission: str | None = None
    raises: tuple[str, ...] = ()
    uploads: bool = False
    revision: int = 0
    cache_json: str = "true"
    doc: str | None = None
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class ContextFunction:
    """
    A reader in a context, and which of the context's parameters it takes.
    """

    name: str
    params: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    name: str
    path: str
    functions: tuple[ContextFunction, ...]
    params: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """
    A view function: the server mounts it at *route*, and it answers the HTTP *methods*.
    """

    name: str
    route: str
    methods: tuple[str, ...]
    module: str = ""
    affects: tuple[Target, ...] = ()
    auth: str = "open"
    doc: str | None = None


@dataclass(frozen=True, slots=True)
class Schema:
    """
    One server. Every tuple of declarations is sorted by name (errors by code).
    """

    title: str
    base_path: str
    api_version: str = "0.0.0"
    doc: str | None = None
    types: tuple[TypeDeclaration, ...] = ()
    errors: tuple[ErrorDeclaration, ...] = ()
    functions: tuple[Function, ...] = ()
    contexts: tuple[Context, ...] = ()
    views: tuple[View, ...] = ()
    version: int = IR_VERSION
