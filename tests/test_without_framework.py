"""
The core serves a second adapter too: a function is validated, called and described where neither Django nor DRF is installed.
"""

from __future__ import annotations

import json
import subprocess
import sys

PROGRAM = '''
import json, sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("django", "rest_framework", "drf_spectacular", "channels", "redis", "django_redis", "asgiref"):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Refuse())

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from mizan import ir
from mizan.client import client
from mizan.openapi.envelopes import ENVELOPES, FAILURE, JSON
from mizan.openapi.extension import context_extension, function_extension
from mizan.protocol.envelope import failure
from mizan.protocol.names import EXTENSION
from mizan.protocol.registry import FunctionRegistry
from mizan.protocol.specs import spec_of
from mizan.service.current import Service
from mizan.translate import translate
from mizan.wire.components import Entry, build_components
from mizan.wire.problems import InvalidInput
from mizan.wire.validation import RawJson


class Person(BaseModel):
    name: str
    born: date


@client(context="person", auth=False)
def person(request, id: Annotated[int, Field(ge=1)]) -> Person:
    """A person."""
    return Person(name=request["names"][id], born=date(2000, 1, 31))


@client(affects="person", auth=False)
def rename(request, id: int, name: str) -> None:
    """Give a person another name."""
    request["names"][id] = name


registry = FunctionRegistry()
for function in (person, rename):
    registry.add(spec_of(function), by_hand=True)
service = Service(registry)
request = {"names": {1: "Ann"}}


def call(name, body):
    endpoint = service.functions[name]
    try:
        arguments = endpoint.arguments.read(RawJson(body))
    except InvalidInput as problem:
        return failure("VALIDATION_ERROR", str(problem), {"fields": problem.fields})
    result = json.loads(endpoint.result.written(endpoint.spec.function(request, **arguments)))
    invalidated, _ = endpoint.changed(arguments)
    return {"result": result, "invalidate": [one.body() for one in invalidated]}


def document():
    endpoints = service.functions.values()
    components = build_components(
        [Entry(f"{one.name} arguments", "validation", one.arguments.core) for one in endpoints]
        + [Entry(f"{one.name} result", "serialization", one.result.core) for one in endpoints]
    )
    paths = {}
    for one in endpoints:
        result = components.schemas[f"{one.name} result", "serialization"]
        paths[f"/api/call/{one.name}/"] = {"post": {
            "operationId": one.name,
            "description": one.spec.doc,
            "requestBody": {"content": {JSON: {"schema": components.schemas[f"{one.name} arguments", "validation"]}}},
            "responses": {"200": {"description": "", "content": {JSON: {"schema": {
                "type": "object", "properties": {"result": result}, "required": ["result"],
            }}}}},
            EXTENSION: function_extension(one.spec, auth_level="open", affects=one.affects, merges=one.merges),
        }}
    for context in service.contexts.values():
        readers = {name: one.parameter_names for name, one in context.readers.items()}
        properties = {name: components.schemas[f"{name} result", "serialization"] for name in readers}
        paths[f"/api/ctx/{context.name}/"] = {"get": {
            "operationId": f"ctx.{context.name}",
            "parameters": [
                {"name": name, "in": "query", "required": True, "schema": {"type": "integer", "minimum": 1}}
                for name in context.parameter_names
            ],
            "responses": {"200": {"description": "", "content": {JSON: {"schema": {
                "type": "object", "properties": properties,
            }}}}},
            EXTENSION: context_extension(context.name, readers),
        }}
    return {
        "openapi": "3.1.1",
        "info": {"title": "Another adapter", "version": "1"},
        "paths": paths,
        "components": {"schemas": {**components.definitions, FAILURE: ENVELOPES[FAILURE]}},
        EXTENSION: {"version": 1, "basePath": "/api/", "errors": []},
    }


schema = translate(json.loads(json.dumps(document())))
print(json.dumps({
    "answers": [
        call("person", b'{"id": 1}'),
        call("rename", b'{"id": 1, "name": "Bob"}'),
        call("person", b'{"id": "1"}'),
        call("person", b'{"id": 0}'),
    ],
    "findings": [str(one) for one in (*service.graph.findings, *ir.check(schema))],
    "ir": ir.write(schema),
    "modules": sorted(sys.modules),
}))
'''


def test_a_function_is_validated_called_and_described_without_a_framework() -> None:
    """Everything that an adapter shares runs in an interpreter that has only pydantic and the IR's reader."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, encoding="utf-8", check=False)

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    read, renamed, read_again, refused = found["answers"]
    assert read["result"] == {"name": "Ann", "born": "2000-01-31"}
    assert renamed == {"result": None, "invalidate": [{"context": "person", "params": {"id": 1}}]}
    assert read_again["result"]["name"] == "Bob"
    assert refused["details"] == {"fields": {"id": ["Input should be greater than or equal to 1"]}}
    assert found["findings"] == []
    assert 'context "person"' in found["ir"]
    assert not {name for name in found["modules"] if name.partition(".")[0] in ("django", "rest_framework")}
