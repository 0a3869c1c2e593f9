"""
Reading arguments out of requests: JSON, forms and multipart, for one function or behind the RPC entry.
"""

from __future__ import annotations

import codecs
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from pydantic_core import from_json, to_json
from rest_framework import exceptions
from rest_framework.parsers import BaseParser, FormParser, MultiPartParser
from rest_framework.request import Request

from mizan.protocol.names import MAX_NAME_LENGTH
from mizan.wire.problems import InvalidInput, MalformedInput, invalid_text, malformed_json
from mizan.wire.validation import RawJson

JSON = "application/json"
MULTIPART = "multipart/form-data"
_PREPARED = "_mizan_arguments"
# Python's codecs for something else than forms. What is no text raises in spite of "replace", or comes out as surrogates.
_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
_MOST_DIGITS = 9
_MOST_DOTS = 100
_UTF8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


class RawJSONParser(BaseParser):
    """Leaves a JSON body unparsed: pydantic-core reads it once, with the function's own types."""

    media_type = JSON

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        return RawJson(stream.read())


PARSERS: list[type[BaseParser]] = [RawJSONParser, FormParser, MultiPartParser]


def read_arguments(request: Request) -> Any:
    """
    The arguments as sent: `RawJson`, or Python data of a form.

    Raises:
        MalformedInput: the JSON is in an encoding other than UTF-8, or a multipart body has no end.
        UnsupportedMediaType: the body is neither JSON nor a form.
    """
    raw = request._request
    prepared = getattr(raw, _PREPARED, None)
    if prepared is not None:
        return prepared
    if raw.content_type == JSON:
        require_utf8(raw)
        return RawJson(raw.body or b"{}")
    if not raw.content_type and not raw.body:
        return RawJson(b"{}")
    data = request.data
    require_whole(raw)
    return data


def require_utf8(request: HttpRequest) -> None:
    charset = (request.content_params or {}).get("charset", "utf-8").strip("\"'").lower()
    if charset not in _UTF8:
        raise MalformedInput("JSON bodies are UTF-8.")


def take_charset(request: HttpRequest) -> None:
    """
    Have forms and query strings decoded as UTF-8 where the charset that the request names cannot decode every text, as Django
    does where nobody knows it; before anybody reads them.
    """
    charset = (request.content_params or {}).get("charset")
    if charset and request.encoding != "utf-8" and not _decodes_everything(charset):
        vars(request)["_encoding"] = "utf-8"  # first: Django's setter reads the query string with what was there before
        request.encoding = "utf-8"


@lru_cache(maxsize=100)
def _decodes_everything(charset: str) -> bool:
    try:
        name = codecs.lookup(charset).name
        b"a-\xff".decode(name, "replace")
    except (LookupError, ValueError):  # it is no charset, but something else that Python has a codec for
        return False
    return name.replace("_", "-") not in _NO_CHARSETS


class _Multipart:
    """A body that remembers whether its closing boundary came by: Django takes what was cut short for the whole."""

    def __init__(self, stream: Any, boundary: bytes) -> None:
        self._stream = stream
        self._closing = b"--" + boundary + b"--"
        self._tail = b""
        self.is_whole = False

    def read(self, *size: int) -> bytes:
        chunk: bytes = self._stream.read(*size)
        if not self.is_whole:
            seen = self._tail + chunk
            self.is_whole = self._closing in seen
            self._tail = seen[-len(self._closing) :]
        return chunk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def watch_ending(request: HttpRequest) -> None:
    """Have `require_whole` know whether a multipart body came to its end; before anybody reads it."""
    own = vars(request)
    boundary = (request.content_params or {}).get("boundary")
    if request.content_type == MULTIPART and boundary and "_stream" in own and not getattr(request, "_read_started", 1):
        own["_stream"] = _Multipart(own["_stream"], boundary.encode())


def require_whole(request: HttpRequest) -> None:
    """
    Raises:
        MalformedInput: the multipart body that was read has no closing boundary.
    """
    stream = vars(request).get("_stream")
    if isinstance(stream, _Multipart) and not stream.is_whole:
        raise MalformedInput("The body is cut short: its closing boundary is missing.")


def prepare(request: HttpRequest, arguments: Any) -> None:
    """Give the function's view its arguments, read from the envelope of the RPC entry."""
    setattr(request, _PREPARED, arguments)


def read_call(request: HttpRequest) -> tuple[str, Any]:
    """
    The function's name and its arguments, out of the body of ``call/``.

    Raises:
        MalformedInput: the envelope is not ``{"fn": name, "args": {...}}``.
        UnsupportedMediaType: the body is neither JSON nor multipart with a ``payload`` part.
    """
    if request.content_type == JSON:
        require_utf8(request)
        name, arguments = _envelope(request.body)
        return name, RawJson(to_json(arguments, inf_nan_mode="constants"))
    if request.content_type == MULTIPART:
        take_charset(request)
        watch_ending(request)
        sent = request.POST
        require_whole(request)
        name, arguments = _envelope(sent.get("payload", "").encode("utf-8", "surrogatepass"))
        for path, files in request.FILES.lists():
            _place(arguments, path.split("."), files[0])
        return name, arguments
    raise exceptions.UnsupportedMediaType(request.content_type or "")


def _envelope(text: bytes) -> tuple[str, dict[str, Any]]:
    try:
        envelope = from_json(text)
    except ValueError as error:
        refused = invalid_text(text)
        if refused is None:
            raise malformed_json(str(error)) from None
        raise InvalidInput({path.removeprefix("args."): said for path, said in refused.fields.items()}) from None
    if not isinstance(envelope, dict):
        raise MalformedInput("The body must be a JSON object.")
    name, arguments = envelope.get("fn"), envelope.get("args", {})
    if not isinstance(name, str):
        raise MalformedInput('The body must name a function: {"fn": "echo", "args": {…}}.')
    if len(name) > MAX_NAME_LENGTH:
        raise MalformedInput("The function's name is too long.")
    if not isinstance(arguments, dict):
        raise MalformedInput("The arguments must be a JSON object.")
    return name, arguments


def _place(arguments: Any, path: list[str], file: Any) -> None:
    """Put *file* where its dotted path points; the payload holds a null there."""
    place = _place_of_null(arguments, path)
    if place is None:
        raise MalformedInput("A file's part must be named by the path of a null in the payload.")
    node, key = place
    node[key] = file


def _place_of_null(node: Any, path: list[str]) -> tuple[Any, Any] | None:
    """The container and the key of the null at *path*. A key may have dots of its own, as the names of files do."""
    if isinstance(node, list):
        index = int(path[0]) if len(path[0]) <= _MOST_DIGITS and path[0].isdecimal() else len(node)
        keys: list[tuple[Any, int]] = [(index, 1)] if index < len(node) else []
    elif isinstance(node, dict):
        names = [(".".join(path[:length]), length) for length in range(1, min(len(path), _MOST_DOTS) + 1)]
        keys = [(name, length) for name, length in names if name in node]
    else:
        return None
    for key, length in keys:
        rest = path[length:]
        if not rest and node[key] is None:
            return node, key
        place = _place_of_null(node[key], rest) if rest else None
        if place is not None:
            return place
    return None
