"""
Operations of a Mizan server.
"""

from __future__ import annotations

from typing import Any

import pytest

from mizan.ir import check
from mizan.ir.model import (
    Context,
    ContextFunction,
    ErrorDeclaration,
    Field,
    Function,
    Ref,
    Scalar,
    Struct,
    Target,
    TypeDeclaration,
    View,
)
from mizan.translate import TranslationError, translate
from tests.translate.documents import call, document, findings_of, ref

INTEGER = Scalar("integer")
ARGS = {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}


def context_path(name: str, functions: list[Any], parameters: list[Any] | None = None, **words: Any) -> dict[str, Any]:
    operation = {
        "operationId": f"ctx.{name}",
        "parameters": parameters or [],
        "responses": {},
        "x-mizan": {"kind": "context", "name": name, "functions": functions, **words},
    }
    return {f"/api/mizan/ctx/{name}/": {"get": operation}}


def view_path(path: str, *methods: str, **words: Any) -> dict[str, Any]:
    extension = {
        "kind": "view",
        "name": "page",
        "module": "shop",
        "route": "/p/<id>/",
        "methods": list(methods),
        **words,
    }
    return {path: {method.lower(): {"description": "A page.", "x-mizan": extension} for method in methods}}


def test_every_word_of_a_function_arrives() -> None:
    """
    What the server says of a function is all in the IR.
    """
    words = {
        "context": "user",
        "transports": ["http", "websocket"],
        "auth": "permission",
        "permission": "shop.change",
        "affects": [{"context": "user", "function": "me", "params": ["id"]}],
        "merge": [{"context": "user", "function": "me"}],
        "raises": ["SOLD_OUT"],
        "rev": 2,
        "cache": 60,
    }
    paths = call("me", ref("User"), ref("MeArgs"), "multipart/form-data", **words)
    operation = paths["/api/mizan/call/me/"]["post"]
    operation |= {"description": "Who.", "deprecated": True}

    schema = translate(document(paths, {"User": {"type": "object", "properties": {}}, "MeArgs": ARGS}))

    assert schema.functions == (
        Function(
            "me",
            "call/me/",
            Ref("User"),
            module="shop.clients",
            input="MeArgs",
            transports=("http", "websocket"),
            context="user",
            affects=(Target("user", "me", ("id",)),),
            merge=(Target("user", "me"),),
            auth="permission",
            permission="shop.change",
            raises=("SOLD_OUT",),
            uploads=True,
            revision=2,
            cache_json="60",
            doc="Who.",
            deprecated=True,
        ),
    )
    assert schema.types == (
        TypeDeclaration("MeArgs", Struct((Field("id", INTEGER),))),
        TypeDeclaration("User", Struct(())),
    )


def test_words_left_out_mean_the_defaults() -> None:
    """
    A function without arguments, contexts and docs; the document's own words become the schema's.
    """
    source = document(call("ping"))
    source["info"]["description"] = "A shop."

    schema = translate(source)

    assert schema.functions == (Function("ping", "call/ping/", Scalar("null"), module="shop.clients"),)
    assert (schema.title, schema.api_version, schema.base_path, schema.doc) == (
        "Shop",
        "1.2.0",
        "/api/mizan/",
        "A shop.",
    )


def test_contexts_have_their_query_parameters_but_for_only() -> None:
    """
    ``~only`` belongs to the protocol, everything else to the context; functions are sorted.
    """
    parameters = [
        {"name": "id", "in": "query", "required": True, "schema": {"type": "integer"}, "description": "Whose."},
        {"name": "page", "in": "query", "schema": {"type": "integer", "default": 1}, "deprecated": True},
        {"name": "~only", "in": "query", "schema": {"type": "string"}, "x-mizan": {"kind": "only"}},
    ]
    functions = [{"name": "me", "params": ["id"]}, {"name": "items"}]
    paths = {
        **call("me", context="user"),
        **call("items", context="user"),
        **context_path("user", functions, parameters),
    }

    schema = translate(document(paths))

    assert schema.contexts == (
        Context(
            "user",
            "ctx/user/",
            (ContextFunction("items"), ContextFunction("me", ("id",))),
            (
                Field("id", INTEGER, doc="Whose."),
                Field("page", INTEGER, required=False, default_json="1", deprecated=True),
            ),
        ),
    )
    assert check(schema) == ()


def test_a_view_is_one_however_many_methods_it_has() -> None:
    """
    Each method has an operation in the document; the page is one.
    """
    paths = {**view_path("/p/{id}/", "GET", "POST", affects=[{"context": "user"}], auth="staff")}

    schema = translate(document(paths))

    assert schema.views == (View("page", "/p/<id>/", ("GET", "POST"), "shop", (Target("user"),), "staff", "A page."),)


def test_services_are_skipped() -> None:
    """
    The kernel knows them; an application's code does not call them.
    """
    assert translate(document({"/api/mizan/session/": {"get": {"x-mizan": {"kind": "service"}}}})).functions == ()


def test_errors_are_declared_at_the_root() -> None:
    """
    Sorted by code, with the type of their details.
    """
    errors = [
        {"code": "SOLD_OUT", "name": "SoldOut", "status": 409, "description": "Gone.", "details": ref("Details")},
        {"code": "BROKE", "name": "Broke"},
    ]

    schema = translate(document({}, {"Details": ARGS}, errors=errors))

    assert schema.errors == (
        ErrorDeclaration("BROKE", "Broke", 400),
        ErrorDeclaration("SOLD_OUT", "SoldOut", 409, Ref("Details"), "Gone."),
    )
    assert [declaration.name for declaration in schema.types] == ["Details"]


def test_arguments_without_a_component_get_one() -> None:
    """
    Their name is the function's, as the export makes it.
    """
    schema = translate(document(call("contact.submit", body=ARGS)))

    assert schema.functions[0].input == "ContactSubmitArgs"
    assert schema.types == (TypeDeclaration("ContactSubmitArgs", Struct((Field("id", INTEGER),))),)


def test_envelopes_and_responses_may_be_components() -> None:
    """
    A reference to the body, the response or the envelope is followed.
    """
    envelope = {"properties": {"result": {"type": "integer"}}, "x-mizan": {"kind": "envelope"}}
    paths = call("echo")
    operation = paths["/api/mizan/call/echo/"]["post"]
    operation["responses"] = {"200": {"$ref": "#/components/responses/Ok"}, "2XX": {}, "default": {}}
    operation["requestBody"] = {"$ref": "#/components/requestBodies/Echo"}
    source = document(paths, {"Envelope": envelope, "EchoArgs": ARGS})
    source["components"]["responses"] = {"Ok": {"content": {"application/json": {"schema": ref("Envelope")}}}}
    source["components"]["requestBodies"] = {"Echo": {"content": {"application/json": {"schema": ref("EchoArgs")}}}}

    function = translate(source).functions[0]

    assert (function.output, function.input) == (INTEGER, "EchoArgs")


def _changed(**operation: Any) -> dict[str, Any]:
    paths = call("echo")
    paths["/api/mizan/call/echo/"]["post"] |= operation
    return document(paths)


_BODY = {"content": {"application/json": {"schema": {"type": "string"}}}}


@pytest.mark.parametrize(
    ("source", "messages"),
    [
        (document(call("echo", form={})), ["x-mizan has 'form', which is unknown."]),
        (document(call("echo", cache="no")), ["is neither true, false nor seconds: 'no'."]),
        (document(call("echo", rev="2")), ['is not an integer: "2".']),
        (document(call("echo", affects=[{}])), ["has no context."]),
        (document(call("echo", affects=["user"])), ['has an item that is not an object: "user".']),
        (document({"/x/": {"post": {"x-mizan": {"kind": "channel"}}}}), ["x-mizan has the kind 'channel'."]),
        (document({"/x/": {"post": "x"}}), ['is not an object: "x".', "has no response with a 2xx status."]),
        (document({}, version=2), ["x-mizan has the version 2; this mizan translates version 1."]),
        (document({}, forms=[]), ["x-mizan has 'forms', which is unknown."]),
        (document({}) | {"openapi": "2.0"}, ["has the OpenAPI version 2.0."]),
        (document({}) | {"info": {}}, ["has no title.", "has no version."]),
        (document({}, errors=[{"code": "A"}]), ["has no name."]),
        (_changed(responses={"404": {}}), ["has no response with a 2xx status."]),
        (_changed(responses={"200": {"content": {"text/html": {}}}}), ["has the media types text/html."]),
        (_changed(responses={"200": {"content": {"application/json": {}}}}), ["answers without a result."]),
        (
            _changed(responses={"200": {"content": {"application/json": {"schema": True}}}}),
            ["answers without a result."],
        ),
        (
            _changed(responses={"200": {"$ref": "#/components/responses/No"}}),
            ['"#/components/responses/No" does not lead to one of the document\'s responses.'],
        ),
        (_changed(requestBody={"content": {}}), ["has the media types none."]),
        (_changed(requestBody=_BODY), ["has a body that is not an object with named fields."]),
        (
            document(context_path("user", [], [{"name": "id", "in": "header"}])),
            ["is a parameter in 'header'."],
        ),
        (
            document(call("a", body=ARGS) | call("b", body=ref("AArgs")), {"AArgs": ARGS}),
            ["needs a type 'AArgs' for its arguments, and there is one."],
        ),
        (
            document(call("a.b", body=ARGS) | call("a_b", body=ARGS)),
            ["needs a type 'ABArgs' for its arguments, and there is one."],
        ),
    ],
)
def test_what_does_not_fit_is_a_finding(source: dict[str, Any], messages: list[str]) -> None:
    """
    Each with what was found; nothing is left out silently.
    """
    assert [finding.message for finding in findings_of(source)] == messages


def test_a_success_without_a_body_is_null() -> None:
    """
    204 says that there is nothing.
    """
    assert translate(_changed(responses={"204": {}})).functions[0].output == Scalar("null")


def test_the_error_lists_every_finding() -> None:
    """
    Its text is what a terminal shows: place, problem and remedy of each.
    """
    with pytest.raises(TranslationError) as caught:
        translate(document(call("echo", {"type": "strange"}), version=2))

    assert str(caught.value) == (
        "document: x-mizan has the version 2; this mizan translates version 1.\n"
        "  Update the older of the two.\n"
        "paths./api/mizan/call/echo/.post > result: there is no type 'strange'.\n"
        "  Types are array, boolean, integer, null, number, object and string."
    )


def test_long_values_are_cut_in_messages() -> None:
    """
    A message stays a line.
    """
    assert [finding.message for finding in findings_of(document({}, errors="x" * 99))] == [
        f'is not an array: "{"x" * 56}....'
    ]
