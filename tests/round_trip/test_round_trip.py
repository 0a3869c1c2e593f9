"""
The law of the whole line: whatever is declared, the document is valid, the IR is equal after a round trip, the client
compiles, and a value crosses Python, JSON and the TypeScript type unchanged.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate
from pydantic_core import to_jsonable_python

from mizan import ir
from mizan.client import client
from mizan.codegen.generator import build_client, read_schema
from mizan.export.document import build_document
from mizan.protocol.registry import default_registry
from mizan.protocol.specs import spec_of
from mizan.service.current import current_service
from mizan.translate import translate
from tests.round_trip.declarations import Declared, declarations

TYPESCRIPT = Path(__file__).parent.parent / "typescript"
KERNEL = Path(__file__).parents[2] / "mizan" / "codegen" / "kernel"
BATCH = 25


def serve(declared: list[Declared]) -> None:
    """A function for each declaration that returns what it is given."""
    for index, one in enumerate(declared):

        def same(request: Any, value: Any) -> Any:
            return value

        same.__annotations__ = {"request": Any, "value": one.annotation, "return": one.annotation}
        spec = spec_of(client(auth=False, name=f"same_{index}")(same))
        assert spec is not None
        default_registry.add(spec, by_hand=True)


@st.composite
def batches(draw: st.DrawFn) -> list[tuple[Declared, Any]]:
    found = draw(st.lists(declarations(), min_size=BATCH, max_size=BATCH))
    return [(one, draw(one.values)) for one in found]


@settings(max_examples=4, suppress_health_check=list(HealthCheck))
@given(batch=batches())
def test_every_declaration_keeps_the_law(
    batch: list[tuple[Declared, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A batch at a time, because a compiler start is slow and a type is not."""
    with default_registry.isolated():
        serve([one for one, _ in batch])
        document = build_document()
        validate(document)
        schema = translate(json.loads(json.dumps(document)))
        text = ir.write(schema)
        assert ir.read(text) == schema

        sent = [to_jsonable_python(_written(index, value)) for index, (_, value) in enumerate(batch)]
        for index, value in enumerate(sent):
            assert _called(index, value) == value

        _compile(text, sent)


def _written(index: int, value: Any) -> Any:
    """*value* as the server itself writes it."""
    endpoint = current_service().functions[f"same_{index}"]
    return json.loads(endpoint.result.written(value))


def _called(index: int, value: Any) -> Any:
    response = Client().post(
        f"/api/mizan/call/same_{index}/", json.dumps({"value": value}), content_type="application/json"
    )
    assert response.status_code == 200, response.content
    return json.loads(response.content)["result"]


def _compile(text: str, sent: list[Any]) -> None:
    """Every value is of the generated type, in both directions, under every strict flag."""
    compiler = TYPESCRIPT / "node_modules" / ".bin" / "tsc"
    if not compiler.exists():
        if os.environ.get("CI"):
            pytest.fail("tests/typescript is not installed")
        pytest.skip("Run npm ci in tests/typescript first.")
    build = TYPESCRIPT / f"round-trip-build-{os.getpid()}"
    shutil.rmtree(build, ignore_errors=True)
    try:
        for file in build_client(read_schema(text, "the test")):
            (build / file.path).parent.mkdir(parents=True, exist_ok=True)
            (build / file.path).write_text(file.text, encoding="utf-8")
        (build / "values.ts").write_text(_values(sent), encoding="utf-8")
        options = '{"extends": "../tsconfig.json", "compilerOptions": {"paths": {}}, "include": ["."]}'
        (build / "tsconfig.json").write_text(options)
        done = subprocess.run([compiler, "--project", build], capture_output=True, text=True, check=False)  # noqa: S603 - our own
        assert done.returncode == 0, done.stdout[:3000]
    finally:
        shutil.rmtree(build, ignore_errors=True)


def _values(sent: list[Any]) -> str:
    lines = ['import * as api from "./functions"']
    for index, value in enumerate(sent):
        # In parentheses and computed, so that "__proto__" is a key like any other.
        literal = _literal(value)
        lines.append(f"export const result{index}: Awaited<ReturnType<typeof api.callSame{index}>> = {literal}")
        lines.append(
            f"export const argument{index}: Parameters<typeof api.callSame{index}>[0] = {{ value: {literal} }}"
        )
    return "\n".join(lines) + "\n"


def _literal(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"[{json.dumps(key)}]: {_literal(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return json.dumps(value)
