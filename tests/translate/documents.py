"""
Short ways to write OpenAPI documents in tests.
"""

from __future__ import annotations

from typing import Any

from mizan.ir.findings import Finding
from mizan.ir.model import Shape
from mizan.translate import TranslationError, translate

Json = dict[str, Any]


def document(paths: Json, schemas: Json | None = None, **words: Any) -> Json:
    """
    A Mizan server's document.
    """
    return {
        "openapi": "3.1.1",
        "info": {"title": "Shop", "version": "1.2.0"},
        "paths": paths,
        "components": {"schemas": schemas or {}},
        "x-mizan": {"version": 1, "basePath": "/api/mizan/", **words},
    }


def call(name: str, result: Any = None, body: Any = None, media: str = "application/json", **words: Any) -> Json:
    """
    The path of one function.
    """
    envelope = {"type": "object", "properties": {"result": {"type": "null"} if result is None else result}}
    operation: Json = {
        "operationId": name,
        "responses": {"200": {"content": {"application/json": {"schema": envelope}}}},
        "x-mizan": {"kind": "function", "name": name, "module": "shop.clients", "auth": "open", **words},
    }
    if body is not None:
        operation["requestBody"] = {"content": {media: {"schema": body}}}
    return {f"/api/mizan/call/{name}/": {"post": operation}}


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def output_of(schema: Any, **schemas: Any) -> Shape:
    """
    The shape that a function's result has.
    """
    return translate(document(call("echo", schema), schemas)).functions[0].output


def findings_of(source: Json) -> tuple[Finding, ...]:
    """
    What is wrong with *source*.
    """
    try:
        translate(source)
    except TranslationError as error:
        return error.findings
    return ()


def messages_of(schema: Any, **schemas: Any) -> list[str]:
    """
    What is wrong with a function's result.
    """
    return [finding.message for finding in findings_of(document(call("echo", schema), schemas))]
