"""
Forms: their charset, their odd fields, the models and files in them.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pydantic import BaseModel
from rest_framework import serializers

from mizan.client import client
from mizan.types import Upload
from tests.api import Api


@pytest.mark.parametrize(
    "charset", ["punycode", "idna", "unicode_escape", "undefined", "hex", "base64", "rot13", "klingon"]
)
def test_a_charset_that_is_none_is_taken_for_utf8(api: Api, charset: str) -> None:
    """Python has codecs that are no charsets, and a client may name them."""

    @client(auth=False)
    def say(request: Any, text: str) -> str:
        return text

    api.serve(say)
    form = f"application/x-www-form-urlencoded; charset={charset}"
    parts = f"multipart/form-data; boundary=b; charset={charset}"
    body = '--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n-é\r\n--b--\r\n'.encode()
    entry = (
        '--b\r\nContent-Disposition: form-data; name="payload"\r\n\r\n{"fn":"say","args":{"text":"-é"}}\r\n--b--\r\n'
    ).encode()

    answers = [
        api.post("call/say/", "text=-%C3%A9", content_type=form),
        api.post("call/say/", body, content_type=parts),
        api.post("call/", entry, content_type=parts),
    ]

    assert [answer.json() for answer in answers] == [{"result": "-é"}] * 3


class Line(BaseModel):
    items: list[int] = []


class LineSerializer(serializers.Serializer[Any]):
    items = serializers.ListField(child=serializers.IntegerField())
    rows = serializers.ListField(child=serializers.DictField(), required=False)


@pytest.mark.parametrize(
    "field",
    [
        "x=" + "[" * 5_000,
        "x=" + "{" * 5_000,
        "x=" + '{"a":' * 5_000,
        "x=" + "1" * 5_000,
        "x[" + "1" * 5_000 + "]=1",
        "x.items[" + "1" * 5_000 + "]=1",
        "x" + "[0]" * 5_000 + "=1",
        "x" + ".items" * 5_000 + "=1",
        "[" * 5_000 + "=1",
    ],
    ids=lambda field: field[:12],
)
def test_odd_forms_are_no_fault_of_the_server(api: Api, field: str) -> None:
    """Brackets that nest too deep for Python's own parser, and indexes of more digits than it reads."""

    @client(auth=False)
    def plain(request: Any, x: list[int]) -> None: ...

    @client(auth=False)
    def model(request: Any, x: Line) -> None: ...

    @client(auth=False)
    def serializer(request: Any, x: LineSerializer) -> None: ...

    @client(auth=False)
    def anything(request: Any, x: dict[str, Any]) -> None: ...

    api.serve(plain, model, serializer, anything)

    for name in ("plain", "model", "serializer", "anything"):
        answer = api.post(f"call/{name}/", field, content_type="application/x-www-form-urlencoded")

        assert answer.status_code < 500, (name, answer.content)


@pytest.mark.parametrize("text", ["nonsense", "[", "5", '"x"', "[1]", "{"])
def test_a_model_in_a_form_that_is_no_json_is_refused(api: Api, text: str) -> None:
    """It was dropped, and the default taken for what was meant."""

    @client(auth=False)
    def save(request: Any, line: Line = Line(items=[7]), other: Line | None = None) -> Any:  # noqa: B008 - copied by pydantic
        return [line.items, other and other.items]

    api.serve(save)

    for name in ("line", "other"):
        answer = api.http.post("/api/mizan/call/save/", {name: text})

        assert answer.status_code == 422, answer.content
        assert set(answer.json()["details"]["fields"]) == {name}


def test_a_model_in_a_form_may_be_json(api: Api) -> None:
    """In one field, as programs send it; an empty one is not sent."""

    @client(auth=False)
    def save(request: Any, line: Line, other: Line | None = None) -> Any:
        return [line.items, other and other.items]

    api.serve(save)

    answer = api.http.post("/api/mizan/call/save/", {"line": '{"items": [1]}', "other": ""})

    assert answer.json()["result"] == [[1], None]


@pytest.mark.parametrize("key", ["photo.jpg", "a", "a.b.c", ".", "", "..", "0", "0.1"])
def test_the_key_of_a_file_may_have_dots(api: Api, key: str) -> None:
    """The names of files are keys, and they have dots."""

    @client(auth=False)
    def store(request: Any, files: dict[str, Upload], more: dict[str, dict[str, Upload]] = {}) -> dict[str, str]:  # noqa: B006 - copied by pydantic
        return {name: file.read().decode() for name, file in {**files, **more.get("x.y", {})}.items()}

    api.serve(store)
    payload = json.dumps({"fn": "store", "args": {"files": {key: None}, "more": {"x.y": {f"{key}2": None}}}})

    answer = api.http.post(
        "/api/mizan/call/",
        {
            "payload": payload,
            f"files.{key}": SimpleUploadedFile("f", b"F"),
            f"more.x.y.{key}2": SimpleUploadedFile("g", b"G"),
        },
    )

    assert answer.json() == {"result": {key: "F", f"{key}2": "G"}}


def test_a_file_may_be_called_payload(api: Api) -> None:
    """Its part has the name of the part that holds the JSON; the one is a file, the other is not."""

    @client(auth=False)
    def store(request: Any, payload: Upload, note: str) -> str:
        return note + payload.read().decode()

    api.serve(store)
    body = json.dumps({"fn": "store", "args": {"payload": None, "note": "n"}})

    answer = api.http.post("/api/mizan/call/", {"payload": [body, SimpleUploadedFile("f", b"F")]})

    assert answer.json() == {"result": "nF"}
