"""
Operations of a Mizan server: functions, contexts and view functions, each from its ``x-mizan`` and its schemas.
"""

from __future__ import annotations

from collections.abc import Mapping

from mizan.ir.model import (
    Context,
    ContextFunction,
    Field,
    Function,
    Shape,
    Struct,
    TypeDeclaration,
    View,
)
from mizan.protocol.casing import pascal
from mizan.protocol.casing import words as split
from mizan.protocol.names import EXTENSION
from mizan.translate.bodies import MULTIPART, Body, request_body, success
from mizan.translate.containers import field_of
from mizan.translate.document import (
    SCHEMAS,
    Document,
    Node,
    canonical_json,
    component_name,
)
from mizan.translate.extension import refuse_others, targets
from mizan.translate.place import Place
from mizan.translate.shapes import ANY, NULL, Shapes

_FUNCTION_WORDS = (
    "affects",
    "auth",
    "cache",
    "context",
    "kind",
    "merge",
    "module",
    "name",
    "permission",
    "raises",
    "rev",
    "transports",
)
_NO_ARGUMENTS = ({"kind": "only"}, {"kind": "prefix"})
_CONTEXT_WORDS = ("functions", "kind", "name")
_CONTEXT_FUNCTION_WORDS = ("name", "params")
_VIEW_WORDS = ("affects", "auth", "kind", "methods", "module", "name", "route")


def function(operation: Node, path: str, method: str, shapes: Shapes, place: Place) -> Function:
    """
    A function at *path*, which is relative to the base path.
    """
    document = shapes.document
    words = document.mapping(operation, EXTENSION, place)
    refuse_others(words, _FUNCTION_WORDS, document, place)
    name = document.needed_text(words, "name", place)
    body = request_body(operation, document, place)
    return Function(
        name,
        path,
        _result(success(operation, document, place), shapes, place),
        module=document.text(words, "module", place) or "",
        method=method,
        input=None if body is None else arguments_type(name, body, shapes, place),
        transports=document.strings(words, "transports", place) or ("http",),
        context=document.text(words, "context", place),
        affects=targets(words, "affects", document, place),
        merge=targets(words, "merge", document, place),
        auth=document.text(words, "auth", place) or "open",
        permission=document.text(words, "permission", place),
        raises=document.strings(words, "raises", place),
        uploads=body is not None and body.media == MULTIPART,
        revision=document.integer(words, "rev", 0, place),
        cache_json=_cache(words, document, place),
        doc=_doc(operation, name, document, place),
        deprecated=operation.get("deprecated") is True,
    )


def arguments_type(name: str, body: Body, shapes: Shapes, place: Place) -> str | None:
    """
    The name of the type of a function's arguments; a body that is no component gets one, as ``EchoArgs``.
    """
    if isinstance(body.schema, Mapping) and set(body.schema) == {"$ref"}:
        reference = body.schema["$ref"]
        shapes.reference(reference, place)
        return component_name(reference, "schemas")
    own = f"{pascal(name)}Args"
    shape = shapes.shape(body.schema, place / own)
    if not isinstance(shape, Struct):
        shapes.document.note(place, "has a body that is not an object with named fields.", f"Put it below {SCHEMAS}.")
    return declared_arguments(own, shape, shapes, place)


def declared_arguments(name: str, shape: Shape, shapes: Shapes, place: Place) -> str:
    return shapes.declare(TypeDeclaration(name, shape), place).name


def context(operation: Node, path: str, shapes: Shapes, place: Place) -> Context:
    """
    A context at *path*, which is relative to the base path.
    """
    document = shapes.document
    words = document.mapping(operation, EXTENSION, place)
    refuse_others(words, _CONTEXT_WORDS, document, place)
    functions = [_context_function(entry, document, place) for entry in document.objects(words, "functions", place)]
    params = [
        parameter_field(parameter, shapes, place)
        for parameter in document.objects(operation, "parameters", place)
        if parameter.get(EXTENSION) not in _NO_ARGUMENTS
    ]
    return Context(
        document.needed_text(words, "name", place),
        path,
        tuple(sorted(functions, key=lambda item: item.name)),
        tuple(params),
    )


def parameter_field(parameter: Node, shapes: Shapes, place: Place, kinds: tuple[str, ...] = ("query",)) -> Field:
    """
    A parameter of a request as a field.

    Args:
        kinds: Where the parameter may stand.
    """
    document = shapes.document
    name = document.needed_text(parameter, "name", place)
    below = place / name
    if parameter.get("in") not in kinds:
        message = f"is a parameter in {parameter.get('in')!r}."
        document.note(below, message, f"Clients send parameters in {' and '.join(kinds)}.")
    field = field_of(name, parameter.get("schema", True), parameter.get("required") is True, shapes, below)
    return Field(
        name,
        field.shape,
        field.required,
        field.default_json,
        document.text(parameter, "description", below) or field.doc,
        field.deprecated or parameter.get("deprecated") is True,
    )


def view(operation: Node, shapes: Shapes, place: Place) -> View:
    """
    A view function; each of its methods has an operation, and all of them say the same.
    """
    document = shapes.document
    words = document.mapping(operation, EXTENSION, place)
    refuse_others(words, _VIEW_WORDS, document, place)
    name = document.needed_text(words, "name", place)
    return View(
        name,
        document.needed_text(words, "route", place),
        document.strings(words, "methods", place),
        module=document.text(words, "module", place) or "",
        affects=targets(words, "affects", document, place),
        auth=document.text(words, "auth", place) or "open",
        doc=_doc(operation, name, document, place),
    )


def _doc(operation: Node, name: str, document: Document, place: Place) -> str | None:
    """The docstring: all of it, or the one line that is the summary; none where that only has the words of the name."""
    summary = document.text(operation, "summary", place)
    said = None if summary == " ".join(split(name)).capitalize() else summary
    return document.text(operation, "description", place) or said or None


def _result(body: Body | None, shapes: Shapes, place: Place) -> Shape:
    """The result inside the envelope of a successful call."""
    if body is None:
        return NULL
    document = shapes.document
    envelope = document.resolved(body.schema, "schemas", place) if isinstance(body.schema, Mapping) else {}
    properties = document.mapping(envelope, "properties", place)
    if "result" not in properties:
        document.note(place, "answers without a result.", "Describe the envelope: an object with a result.")
        return ANY
    return shapes.shape(properties["result"], place / "result")


def _context_function(entry: Node, document: Document, place: Place) -> ContextFunction:
    refuse_others(entry, _CONTEXT_FUNCTION_WORDS, document, place)
    return ContextFunction(document.needed_text(entry, "name", place), document.strings(entry, "params", place))


def _cache(words: Node, document: Document, place: Place) -> str:
    cache = words.get("cache", True)
    if isinstance(cache, int):
        return canonical_json(cache)
    document.note(place / "cache", f"is neither true, false nor seconds: {cache!r}.")
    return "true"
