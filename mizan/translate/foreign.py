"""
Operations of other servers, which have no ``x-mizan``: what they say is kept, and only two things are inferred. A GET is a
reader in the context named by its first tag; anything else affects that context.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from mizan.ir.model import Context, ContextFunction, Field, Function, Struct, Target
from mizan.protocol.casing import pascal
from mizan.translate.bodies import MULTIPART, Body, request_body, success
from mizan.translate.document import Node
from mizan.translate.functions import (
    arguments_type,
    declared_arguments,
    parameter_field,
)
from mizan.translate.place import Place
from mizan.translate.shapes import NULL, Shapes

_UNTAGGED = "default"


class Foreign:
    """
    Collects operations; `finish` relates those of one tag to each other.
    """

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        self._document = shapes.document
        self._readers: dict[str, list[tuple[Function, tuple[Field, ...], Place]]] = {}
        self._writers: list[tuple[Function, str]] = []

    def add(self, operation: Node, item: Node, path: str, method: str, place: Place) -> None:
        """
        One operation at *path*.

        Args:
            item: The path's entry, whose parameters hold for each of its operations.
        """
        document = self._document
        name = document.text(operation, "operationId", place) or _name(method, path)
        params = self._params((item, operation), place)
        body = request_body(operation, document, place)
        answer = success(operation, document, place)
        tag = next(iter(document.strings(operation, "tags", place)), _UNTAGGED)
        function = Function(
            name,
            path,
            NULL if answer is None else self._shapes.shape(answer.schema, place / "result"),
            method=method,
            input=self._input(name, params, body, place),
            context=tag if method == "get" else None,
            auth="authenticated" if self._needs_login(operation) else "open",
            uploads=body is not None and body.media == MULTIPART,
            doc=document.text(operation, "description", place) or document.text(operation, "summary", place) or None,
            deprecated=operation.get("deprecated") is True,
        )
        if method == "get":
            self._readers.setdefault(tag, []).append((function, params, place))
        else:
            self._writers.append((function, tag))

    def finish(self) -> tuple[list[Function], list[Context]]:
        """
        The functions, and a context for each tag that has readers. No path: such servers answer no contexts.
        """
        functions = [reader for readers in self._readers.values() for reader, _, _ in readers]
        functions += [
            replace(writer, affects=(Target(tag),) if tag in self._readers else ()) for writer, tag in self._writers
        ]
        contexts = [
            Context(
                tag,
                "",
                tuple(
                    ContextFunction(reader.name, tuple(field.name for field in params))
                    for reader, params, _ in sorted(readers, key=lambda entry: entry[0].name)
                ),
                self._shared_params(tag, readers),
            )
            for tag, readers in self._readers.items()
        ]
        return functions, contexts

    def _params(self, holders: Iterable[Node], place: Place) -> tuple[Field, ...]:
        """The parameters, those of the operation in place of those of its path."""
        fields: dict[str, Field] = {}
        for holder in holders:
            for parameter in self._document.objects(holder, "parameters", place):
                known = self._document.resolved(parameter, "parameters", place)
                field = parameter_field(known, self._shapes, place, ("path", "query"))
                fields[field.name] = field
        return tuple(fields.values())

    def _input(self, name: str, params: tuple[Field, ...], body: Body | None, place: Place) -> str | None:
        own = f"{pascal(name)}Args"
        if body is None:
            return declared_arguments(own, Struct(params), self._shapes, place) if params else None
        if not params:
            return arguments_type(name, body, self._shapes, place)
        schema = body.schema
        if isinstance(schema, Mapping):  # only the fields are used; a component would become an unused type
            schema = self._document.resolved(schema, "schemas", place)
        shape = self._shapes.shape(schema, place / own)
        fields = shape.fields if isinstance(shape, Struct) else ()
        if not isinstance(shape, Struct) or {field.name for field in fields} & {field.name for field in params}:
            message = "has parameters and a body, and their fields cannot stand side by side."
            self._document.note(place, message, "Give the body named fields that differ from the parameters.")
        return declared_arguments(own, Struct((*params, *fields)), self._shapes, place)

    def _needs_login(self, operation: Node) -> bool:
        security = operation.get("security", self._document.root.get("security")) or []
        return {} not in security and bool(security)

    def _shared_params(self, tag: str, readers: list[tuple[Function, tuple[Field, ...], Place]]) -> tuple[Field, ...]:
        """The readers' parameters as the context's: required only where every reader requires it."""
        shared: dict[str, Field] = {}
        counts: dict[str, int] = {}
        for _, params, place in readers:
            for field in params:
                known = shared.setdefault(field.name, field)
                counts[field.name] = counts.get(field.name, 0) + field.required
                if known.shape != field.shape:
                    message = f"is of another type than the same parameter elsewhere in the context {tag!r}."
                    self._document.note(place / field.name, message, "Give one of the operations another first tag.")
        return tuple(replace(shared[name], required=counts[name] == len(readers)) for name in sorted(shared))


def _name(method: str, path: str) -> str:
    return "_".join([method, *re.findall(r"[A-Za-z0-9]+", path)])
