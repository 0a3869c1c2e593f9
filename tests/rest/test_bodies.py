"""
Bodies: whatever a client sends, its arguments are read or it gets a 4xx of the one shape.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework import serializers

from mizan.client import client
from mizan.types import Upload
from tests.api import Api, code_of


def test_forms_and_files_are_bodies_too(api: Api) -> None:
    """URL-encoded, multipart fields at the function's address, and `payload` at the RPC entry."""

    @client(auth=False)
    def upload(request: Any, files: list[Upload], note: str = "", sizes: list[int] | None = None) -> dict[str, Any]:
        return {"read": [file.read().decode() for file in files], "note": note, "sizes": sizes}

    @client(auth=False)
    def add(request: Any, a: int, b: int = 1, tags: list[str] = []) -> list[Any]:  # noqa: B006 - copied by pydantic
        return [a + b, tags]

    api.serve(upload, add)
    payload = json.dumps({"fn": "upload", "args": {"files": [None, None], "note": "n"}})

    sent = api.http.post(
        "/api/mizan/call/",
        {"payload": payload, "files.0": SimpleUploadedFile("a", b"A"), "files.1": SimpleUploadedFile("b", b"B")},
    )
    form = api.post("call/add/", "a=2&b=&tags=%5B%22x%22%5D", content_type="application/x-www-form-urlencoded")

    assert sent.json()["result"] == {"read": ["A", "B"], "note": "n", "sizes": None}
    assert form.json()["result"] == [3, ["x"]]


@client(auth=False)
def take(request: Any, text: str = "", number: int = 0, ratio: float = 0.0) -> str:
    return text


BODIES = [
    pytest.param(b"[]", 400, "BAD_REQUEST", id="a list"),
    pytest.param(b"null", 400, "BAD_REQUEST", id="null"),
    pytest.param(b"1", 400, "BAD_REQUEST", id="a number"),
    pytest.param(b'"x"', 400, "BAD_REQUEST", id="a string"),
    pytest.param(b"{", 400, "BAD_REQUEST", id="cut short"),
    pytest.param(b"[" * 100_000, 400, "BAD_REQUEST", id="100,000 brackets"),
    pytest.param(b'{"text": "\xff"}', 400, "BAD_REQUEST", id="not UTF-8"),
    pytest.param(b"\xef\xbb\xbf{}", 400, "BAD_REQUEST", id="a byte order mark"),
    pytest.param('{"text": "x"}'.encode("utf-16"), 400, "BAD_REQUEST", id="UTF-16"),
]


ARGUMENTS = [
    pytest.param('{"ratio": NaN}', "ratio", id="NaN"),
    pytest.param('{"ratio": Infinity}', "ratio", id="Infinity"),
    pytest.param('{"ratio": 1e999}', "ratio", id="1e999"),
    pytest.param('{"number": 9007199254740992}', "number", id="2**53"),
    pytest.param('{"number": 9223372036854775808}', "number", id="2**63"),
    pytest.param('{"number": "x"}', "number", id="text for a number"),
    pytest.param('{"nope": 1}', "nope", id="an unknown argument"),
    pytest.param('{"text": "a\\u0000b"}', "text", id="a null character"),
    pytest.param('{"text": "\\ud800"}', "text", id="half a surrogate pair"),
    pytest.param('{"__proto__": {}}', "__proto__", id="__proto__"),
]


@pytest.mark.parametrize(("body", "status", "code"), BODIES)
@pytest.mark.parametrize("path", ["call/take/", "call/"])
def test_a_body_that_is_no_object_is_malformed(api: Api, path: str, body: bytes, status: int, code: str) -> None:
    """Cases 1, 3 and 4: the same answer from the function's own address and from the RPC entry."""
    api.serve(take)

    response = api.post(path, body)

    assert (response.status_code, code_of(response)) == (status, code)
    assert api.call("take", text="still here").json() == {"result": "still here"}


@pytest.mark.parametrize(("arguments", "field"), ARGUMENTS)
@pytest.mark.parametrize("is_rpc", [False, True], ids=["by name", "by RPC"])
def test_a_refused_argument_is_named(api: Api, arguments: str, field: str, is_rpc: bool) -> None:
    """Cases 5, 6, 9, 10 and 11."""
    api.serve(take)

    response = (
        api.post("call/", f'{{"fn": "take", "args": {arguments}}}') if is_rpc else api.post("call/take/", arguments)
    )

    assert (response.status_code, code_of(response)) == (422, "VALIDATION_ERROR")
    assert list(response.json()["details"]["fields"]) == [field]


@pytest.mark.parametrize(
    ("envelope", "status", "code"),
    [
        pytest.param({}, 400, "BAD_REQUEST", id="no name"),
        pytest.param({"fn": ["take"]}, 400, "BAD_REQUEST", id="a list as name"),
        pytest.param({"fn": {"a": 1}}, 400, "BAD_REQUEST", id="an object as name"),
        pytest.param({"fn": None}, 400, "BAD_REQUEST", id="null as name"),
        pytest.param({"fn": "x" * 5000}, 400, "BAD_REQUEST", id="5 kB of name"),
        pytest.param({"fn": "nothing"}, 404, "NOT_FOUND", id="an unknown name"),
        pytest.param({"fn": "take", "args": []}, 400, "BAD_REQUEST", id="a list as arguments"),
        pytest.param({"fn": "take", "args": None}, 400, "BAD_REQUEST", id="null as arguments"),
    ],
)
def test_a_bad_envelope_is_refused_and_not_echoed(api: Api, envelope: Any, status: int, code: str) -> None:
    """Case 2: what was sent as the name does not come back."""
    api.serve(take)

    response = api.post("call/", envelope)

    assert (response.status_code, code_of(response)) == (status, code)
    assert b"xxxx" not in response.content


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(f'{{"number": {"9" * 5000}}}', "too many digits", id="5,000 digits"),
        pytest.param(f'{{"text": {"[" * 500}{"]" * 500}}}', "nested too deep", id="500 levels"),
        pytest.param('{"text": }', "not valid JSON", id="a hole"),
    ],
)
def test_json_that_nobody_reads_says_why(api: Api, arguments: str, says: str) -> None:
    """Cases 3 and 6."""
    api.serve(take)

    for path, body in (("call/take/", arguments), ("call/", f'{{"fn": "take", "args": {arguments}}}')):
        response = api.post(path, body)
        assert code_of(response) == "BAD_REQUEST"
        assert says in response.json()["message"]


def test_the_last_of_two_equal_keys_counts(api: Api) -> None:
    """Case 12: one rule, at both addresses."""
    api.serve(take)

    assert api.post("call/take/", '{"text": "a", "text": "b"}').json() == {"result": "b"}
    assert api.post("call/", '{"fn": "take", "args": {"text": "a", "text": "b"}}').json() == {"result": "b"}


def test_lax_numbers_become_what_the_type_says(api: Api) -> None:
    """Case 8: "7", 7.0 and true are documented spellings of integers."""

    @client(auth=False)
    def number(request: Any, value: int) -> int:
        return value

    api.serve(number)

    assert [api.call("number", value=value).json()["result"] for value in ("7", 7.0, True)] == [7, 7, 1]


@pytest.mark.parametrize("path", ["call/need/", "call/"])
def test_a_multipart_body_ends_where_its_boundary_says(api: Api, path: str) -> None:
    """Whatever the chunks are that it is read in, and whatever follows it."""

    @client(auth=False)
    def need(request: Any, file: Upload) -> int:
        return file.size or 0

    api.serve(need)
    payload = '--b\r\nContent-Disposition: form-data; name="payload"\r\n\r\n{"fn":"need","args":{"file":null}}\r\n'
    head = '--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    for size in (1, 2**16 - len(head), 3 * 2**16):
        body = (payload if path == "call/" else "") + head + "x" * size + "\r\n--b--\r\nwhatever"
        response = api.post(path, body, content_type="multipart/form-data; boundary=b")
        assert response.json() == {"result": size}
        response = api.post(path, body.split("\r\n--b--")[0], content_type="multipart/form-data; boundary=b")
        assert (response.status_code, code_of(response)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("value", "says"),
    [("1e999", "finite"), ("-1e400", "finite"), ("9007199254740993", "9007199254740991"), ("[{}, 1e999]", "finite")],
)
def test_what_no_client_could_read_back_is_no_json_either(api: Api, value: str, says: str) -> None:
    """Cases 5 and 6, where the type is Any; out of a function it is the server's fault."""

    @client(auth=False)
    def same(request: Any, value: Any) -> Any:
        return value

    api.serve(same)

    for nested in (value, f"[{value}]", f'{{"a": [{value}]}}'):
        response = api.post("call/same/", f'{{"value": {nested}}}')
        assert (response.status_code, code_of(response)) == (422, "VALIDATION_ERROR")
        assert says in response.json()["details"]["fields"]["value"][0]
    assert api.call("same", value=[1, 2.5, None, True, "x", {"a": []}]).json() == {
        "result": [1, 2.5, None, True, "x", {"a": []}]
    }


def test_a_file_is_no_json(api: Api) -> None:
    """Where the type is Any, too."""

    @client(auth=False)
    def same(request: Any, value: Any) -> Any:
        return value

    api.serve(same)
    parts = {"payload": '{"fn": "same", "args": {"value": null}}', "value": SimpleUploadedFile("a", b"1")}

    response = api.http.post("/api/mizan/call/", parts)

    assert (response.status_code, code_of(response)) == (422, "VALIDATION_ERROR")
    assert list(response.json()["details"]["fields"]) == ["value"]


def test_a_moment_that_no_time_zone_has_is_refused(api: Api, settings: Any) -> None:
    """DRF moves a naive one into TIME_ZONE, where the year 1 may have begun a year earlier."""
    settings.TIME_ZONE = "Europe/Berlin"

    class Made(serializers.Serializer[Any]):
        made = serializers.DateTimeField()

    @client(auth=False)
    def make(request: Any, thing: Made) -> None: ...

    api.serve(make)

    response = api.call("make", thing={"made": "0001-01-01T00:00:00"})

    assert (response.status_code, code_of(response)) == (422, "VALIDATION_ERROR")


def test_a_body_over_the_limit_is_too_large(api: Api, settings: Any) -> None:
    """Case 14: over DATA_UPLOAD_MAX_MEMORY_SIZE."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    api.serve(take)

    for path in ("call/take/", "call/"):
        response = api.post(path, {"text": "x" * 200})
        assert (response.status_code, code_of(response)) == (413, "PAYLOAD_TOO_LARGE")


def test_too_many_parts_are_too_large(api: Api) -> None:
    """Case 14: ten thousand parts."""
    api.serve(take)
    body = b"".join(
        b'--b\r\nContent-Disposition: form-data; name="p%d"\r\n\r\nx\r\n' % number for number in range(10_000)
    )

    response = api.post("call/take/", body + b"--b--\r\n", content_type="multipart/form-data; boundary=b")

    assert (response.status_code, code_of(response)) == (413, "PAYLOAD_TOO_LARGE")


def test_a_misplaced_file_is_malformed(api: Api) -> None:
    """A file goes where the payload holds a null, and nowhere else."""
    api.serve(take)
    for path in ("text.x", "nope", "0", "__class__"):
        parts = {"payload": '{"fn": "take", "args": {"text": "x"}}', path: SimpleUploadedFile("a", b"1")}
        response = api.http.post("/api/mizan/call/", parts)
        assert (response.status_code, code_of(response)) == (400, "BAD_REQUEST")
