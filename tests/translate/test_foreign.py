"""
Documents of other servers: as drf-spectacular and FastAPI write them.
"""

from __future__ import annotations

from typing import Any

import pytest

from mizan.ir import check, read, write
from mizan.ir.model import (
    Constraint,
    Context,
    ContextFunction,
    Enum,
    EnumMember,
    Field,
    Function,
    ListOf,
    Nullable,
    OneOf,
    Ref,
    Scalar,
    Struct,
    Target,
    TypeDeclaration,
)
from mizan.translate import translate
from tests.translate.documents import findings_of, ref

INTEGER = Scalar("integer")
STRING = Scalar("string")


def json_of(schema: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


BODY = {
    "required": True,
    "content": {kind: {"schema": ref("Task")} for kind in ("multipart/form-data", "application/json")},
}

DRF: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Tasks", "version": "0"},
    "servers": [{"url": "https://example.org/root"}],
    "security": [{"cookieAuth": []}],
    "paths": {
        "/tasks/": {
            "get": {
                "operationId": "tasks_list",
                "tags": ["tasks"],
                "parameters": [{"in": "query", "name": "page", "schema": {"type": "integer"}}],
                "security": [{"cookieAuth": []}, {}],
                "responses": {"200": json_of({"type": "array", "items": ref("Task")})},
            },
            "post": {
                "operationId": "tasks_create",
                "tags": ["tasks"],
                "description": "Make one.",
                "requestBody": BODY,
                "responses": {"201": json_of(ref("Task"))},
            },
        },
        "/tasks/{id}/": {
            "parameters": [{"in": "path", "name": "id", "required": True, "schema": {"type": "integer"}}],
            "get": {"operationId": "tasks_retrieve", "tags": ["tasks"], "responses": {"200": json_of(ref("Task"))}},
            "put": {
                "operationId": "tasks_update",
                "tags": ["tasks"],
                "requestBody": BODY,
                "responses": {"200": json_of(ref("Task"))},
            },
            "delete": {"tags": ["tasks"], "summary": "Drop it.", "responses": {"204": {"description": "Gone"}}},
        },
    },
    "components": {
        "schemas": {
            "Task": {
                "type": "object",
                "properties": {
                    "title": {"type": "string", "maxLength": 200},
                    "price": {"type": "string", "format": "decimal", "pattern": "^-?\\d{0,3}$", "readOnly": True},
                    "status": {"allOf": [ref("StatusEnum")], "nullable": True, "default": "open"},
                    "kind": {"nullable": True, "oneOf": [ref("StatusEnum"), ref("BlankEnum"), ref("NullEnum")]},
                },
                "required": ["title", "price"],
            },
            "StatusEnum": {"enum": ["open", "done"], "type": "string", "description": "* `open`"},
            "BlankEnum": {"enum": [""]},
            "NullEnum": {"enum": [None]},
        }
    },
}

FASTAPI: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "FastAPI", "version": "0.1.0"},
    "paths": {
        "/items/{item_id}": {
            "put": {
                "summary": "Update Item",
                "operationId": "update_item_items__item_id__put",
                "parameters": [
                    {"name": "item_id", "in": "path", "required": True, "schema": {"type": "integer", "title": "Id"}},
                    {
                        "name": "q",
                        "in": "query",
                        "required": False,
                        "schema": {"anyOf": [{"type": "string"}, {"type": "null"}], "title": "Q"},
                    },
                ],
                "requestBody": {"required": True, "content": {"application/json": {"schema": ref("Item")}}},
                "responses": {
                    "200": {"description": "Successful Response", "content": {"application/json": {"schema": {}}}},
                    "422": json_of(ref("HTTPValidationError")),
                },
            }
        },
        "/upload": {
            "post": {
                "operationId": "upload",
                "requestBody": {"content": {"multipart/form-data": {"schema": ref("Body_upload")}}},
                "responses": {"200": json_of({"type": "string"})},
            },
            "head": {},
        },
    },
    "components": {
        "schemas": {
            "Item": {
                "type": "object",
                "title": "Item",
                "properties": {
                    "name": {"type": "string", "title": "Name"},
                    "price": {"anyOf": [{"type": "number", "exclusiveMinimum": 0.0}, {"type": "string"}]},
                },
                "required": ["name", "price"],
            },
            "Body_upload": {
                "type": "object",
                "properties": {"file": {"type": "string", "format": "binary", "title": "File"}},
                "required": ["file"],
            },
            "HTTPValidationError": {"type": "object", "properties": {"detail": {"type": "array", "items": {}}}},
        }
    },
}


def test_a_document_of_drf() -> None:
    """
    Viewsets: reads share the context of their tag, writes affect it, path and body become one set of arguments.
    """
    schema = translate(DRF)

    task = (
        Field("title", Scalar("string", None, (Constraint("max-length", 200),))),
        Field("price", Scalar("decimal", None, (Constraint("pattern", "^-?\\d{0,3}$"),))),
        Field("status", Nullable(Ref("StatusEnum")), required=False, default_json='"open"'),
        Field("kind", Nullable(OneOf((Ref("StatusEnum"), Ref("BlankEnum")))), required=False),
    )
    tasks = (Target("tasks"),)
    assert schema.base_path == "/root/"
    assert schema.functions == (
        Function(
            "delete_tasks_id",
            "tasks/{id}/",
            Scalar("null"),
            method="delete",
            input="DeleteTasksIdArgs",
            affects=tasks,
            auth="authenticated",
            doc="Drop it.",
        ),
        Function(
            "tasks_create", "tasks/", Ref("Task"), input="Task", affects=tasks, auth="authenticated", doc="Make one."
        ),
        Function("tasks_list", "tasks/", ListOf(Ref("Task")), method="get", input="TasksListArgs", context="tasks"),
        Function(
            "tasks_retrieve",
            "tasks/{id}/",
            Ref("Task"),
            method="get",
            input="TasksRetrieveArgs",
            context="tasks",
            auth="authenticated",
        ),
        Function(
            "tasks_update",
            "tasks/{id}/",
            Ref("Task"),
            method="put",
            input="TasksUpdateArgs",
            affects=tasks,
            auth="authenticated",
        ),
    )
    assert schema.contexts == (
        Context(
            "tasks",
            "",
            (ContextFunction("tasks_list", ("page",)), ContextFunction("tasks_retrieve", ("id",))),
            (Field("id", INTEGER, required=False), Field("page", INTEGER, required=False)),
        ),
    )
    one = Struct((Field("id", INTEGER),))
    assert schema.types == (
        TypeDeclaration("BlankEnum", Enum((EnumMember('""'),))),
        TypeDeclaration("DeleteTasksIdArgs", one),
        TypeDeclaration("StatusEnum", Enum((EnumMember('"open"'), EnumMember('"done"'))), "* `open`"),
        TypeDeclaration("Task", Struct(task)),
        TypeDeclaration("TasksListArgs", Struct((Field("page", INTEGER, required=False),))),
        TypeDeclaration("TasksRetrieveArgs", one),
        TypeDeclaration("TasksUpdateArgs", Struct((Field("id", INTEGER), *task))),
    )


def test_a_document_of_fastapi() -> None:
    """
    No tags, unions instead of nullable, an upload; a component whose fields were taken over is no type of its own.
    """
    schema = translate(FASTAPI)

    assert schema.base_path == "/"
    assert schema.functions == (
        Function(
            "update_item_items__item_id__put",
            "items/{item_id}",
            Scalar("any"),
            method="put",
            input="UpdateItemItemsItemIdPutArgs",
            doc="Update Item",
        ),
        Function("upload", "upload", STRING, input="Body_upload", uploads=True),
    )
    assert schema.types == (
        TypeDeclaration("Body_upload", Struct((Field("file", Scalar("file")),))),
        TypeDeclaration(
            "UpdateItemItemsItemIdPutArgs",
            Struct(
                (
                    Field("item_id", INTEGER),
                    Field("q", Nullable(STRING), required=False),
                    Field("name", STRING),
                    Field("price", OneOf((Scalar("number", None, (Constraint("gt", 0),)), STRING))),
                )
            ),
        ),
    )


@pytest.mark.parametrize("source", [DRF, FASTAPI])
def test_foreign_documents_are_sound(source: dict[str, Any]) -> None:
    """
    What is inferred contradicts nothing and can be written.
    """
    schema = translate(source)

    assert check(schema) == ()
    assert read(write(schema)) == schema


def foreign(**operations: Any) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "0"},
        "paths": {
            f"/{name}": {"get": {"responses": {"204": {}}} | operation} for name, operation in operations.items()
        },
    }


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            foreign(a={"parameters": [{"in": "query", "name": "x"}], "requestBody": json_of({"type": "array"})}),
            "has parameters and a body, and their fields cannot stand side by side.",
        ),
        (
            foreign(a={"parameters": [{"in": "query", "name": "x"}], "requestBody": json_of({"required": ["x"]})}),
            "has parameters and a body, and their fields cannot stand side by side.",
        ),
        (
            foreign(a={"parameters": [{"in": "query", "name": "x"}], "requestBody": json_of(False)}),
            "is the schema false, which no value fits.",
        ),
        (foreign(a={"parameters": [{"in": "header", "name": "x"}]}), "is a parameter in 'header'."),
        (
            foreign(
                a={"parameters": [{"in": "query", "name": "x", "schema": {"type": "string"}}]},
                b={"parameters": [{"in": "query", "name": "x", "schema": {"type": "integer"}}]},
            ),
            "is of another type than the same parameter elsewhere in the context 'default'.",
        ),
        (
            foreign(a={"requestBody": {"content": {"application/x-www-form-urlencoded": {}}}}),
            "has the media types application/x-www-form-urlencoded.",
        ),
    ],
)
def test_what_cannot_be_inferred_is_a_finding(source: dict[str, Any], message: str) -> None:
    """
    Of another server's document as of our own.
    """
    assert findings_of(source)[0].message == message


def test_names_and_tags_are_made_where_there_are_none() -> None:
    """
    The method and the words of the path; a writer without readers affects nothing.
    """
    source = foreign(a={})
    source["paths"]["/b/{id}.json"] = {"post": {"tags": ["b"], "responses": {"204": {}}}}

    schema = translate(source)

    assert [(item.name, item.context, item.affects) for item in schema.functions] == [
        ("get_a", "default", ()),
        ("post_b_id_json", None, ()),
    ]
