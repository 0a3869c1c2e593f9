"""
What the API page of a function and that of a context show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import RawPostDataException, UnreadablePostError
from django.utils.safestring import SafeString
from pydantic_core import to_json
from rest_framework.request import Request

from mizan.drf.renderers import indented
from mizan.drf.serializers import input_serializer
from mizan.pages import snippets
from mizan.pages.examples import sample
from mizan.pages.form_fields import PackagedFormRenderer, blank, filled, other_messages, takes_files
from mizan.pages.shapes import constraints_of, shape_of
from mizan.pages.summaries import annotation_of, badges, caller_of, default_of, first_line, signature_of
from mizan.protocol.references import resolved
from mizan.protocol.signature import MISSING, Parameter
from mizan.service.endpoints import ContextEndpoint, Endpoint
from mizan.wire.components import UNDESCRIBABLE, Entry, build_components
from mizan.wire.types import Arguments

_CSRF = "csrfmiddlewaretoken"


@dataclass(frozen=True, slots=True)
class _Form:
    """A form's fields as HTML, and the messages above them."""

    fields: SafeString
    messages: list[str]
    takes_files: bool


def function_page(request: Request, endpoint: Endpoint, failure: Any, prefix: str) -> dict[str, Any]:
    """The context of ``function.html``; *failure* is the failure envelope of the last call, or None."""
    spec = endpoint.spec
    url = f"{prefix}call/{endpoint.name}/"
    serializer_class = input_serializer(endpoint.name, endpoint.arguments)
    described = _described(endpoint.arguments)
    examples, files = described.examples, described.files
    sent = getattr(request, "_full_data", None)
    form = _form(serializer_class, sent if hasattr(sent, "getlist") else None, failure, endpoint.signature.parameters)
    absolute = request.build_absolute_uri(url)
    react = (
        snippets.call_in_react(endpoint.name, examples, files)
        if spec.context is None
        else snippets.read_in_react(endpoint.name, spec.context, examples)
    )
    return {
        "endpoint": endpoint,
        "url": url,
        "badges": badges(endpoint, prefix),
        "signature": signature_of(endpoint),
        "arguments": _rows(endpoint.signature.parameters, described.constraints),
        "form": form,
        "example_json": _raw_json(request) or indented(to_json(examples), 2).decode(),
        "takes_files": bool(files),
        "curl": _curl(request, endpoint, absolute, described),
        "result": _result_shape(endpoint),
        "react": react,
    }


def context_page(request: Request, context: ContextEndpoint, failure: Any, prefix: str) -> dict[str, Any]:
    """The context of ``context.html``."""
    parameters = context.group.parameters
    arguments = Arguments(f"{context.name}_context", parameters)
    described = _described(arguments)
    examples = described.examples
    query = request._request.GET
    required = {parameter.name: examples.get(parameter.name) for parameter in parameters if parameter.is_required}
    url = f"{prefix}ctx/{context.name}/"
    return {
        "context": context,
        "url": url,
        "readers": [
            {
                "name": name,
                "url": f"{prefix}call/{name}/",
                "summary": first_line(reader.spec.doc),
                "signature": signature_of(reader),
                "badges": [badge for badge in badges(reader, prefix) if badge.kind != "context"],
            }
            for name, reader in context.readers.items()
        ],
        "arguments": _rows(parameters, described.constraints),
        "form": _form(input_serializer(context.name, arguments), query or None, failure, parameters),
        "curl": snippets.fetch_by_curl(request.build_absolute_uri(url), _sent_query(query) or required),
        "react": snippets.provider_in_react(context.name, list(context.readers), required),
    }


def _rows(parameters: tuple[Parameter, ...], constraints: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": parameter.name,
            "type": annotation_of(parameter.annotation),
            "required": parameter.is_required,
            "constraints": constraints.get(parameter.name, ""),
            "default": "" if parameter.default is MISSING else default_of(parameter.default),
        }
        for parameter in parameters
    ]


def _form(serializer_class: Any, sent: Any, failure: Any, parameters: tuple[Parameter, ...]) -> _Form:
    errors = _field_errors(failure)
    try:
        serializer = blank(serializer_class) if sent is None else filled(serializer_class, sent, errors)
        fields = PackagedFormRenderer().render_fields(serializer) if parameters else SafeString()
        return _Form(fields, other_messages(errors, serializer), takes_files(serializer))
    except UNDESCRIBABLE as error:
        # The system check names the annotation. The page must open all the same.
        return _Form(SafeString(), [f"No form can be made of these arguments: {error}"], takes_files=False)


def _field_errors(failure: Any) -> Mapping[str, list[str]]:
    details = failure.get("details", {}) if isinstance(failure, Mapping) else {}
    fields: Mapping[str, list[str]] = details.get("fields", {})
    return fields


def _raw_json(request: Request) -> str:
    """The JSON that was posted, to be sent again."""
    raw = request._request
    if raw.method != "POST" or raw.content_type != "application/json":
        return ""
    try:
        return raw.body.decode(errors="replace")
    except (RequestDataTooBig, RawPostDataException, UnreadablePostError):
        return ""  # the body cannot be read, and the answer on the page says why


@dataclass(frozen=True, slots=True)
class _Arguments:
    """
    What JSON Schema says of the arguments of a function.

    Args:
        examples: A sample of every argument that must be sent, or of all, where none must.
        files: Which of the arguments are files.
        constraints: What each argument must fulfil besides its type, in words.
    """

    examples: dict[str, Any]
    files: tuple[str, ...]
    constraints: dict[str, str]


def _described(arguments: Arguments) -> _Arguments:
    try:
        components = build_components([Entry("page", "validation", arguments.core)])
    except UNDESCRIBABLE:
        return _Arguments({}, (), {})
    definitions = components.definitions
    schema = resolved(components.schemas["page", "validation"], definitions)
    properties = schema.get("properties", {})
    names = schema.get("required") or list(properties)
    return _Arguments(
        {name: sample(properties[name], definitions) for name in names if name in properties},
        tuple(name for name in properties if _is_file(properties[name])),
        {name: constraints_of(inner, definitions) for name, inner in properties.items()},
    )


def _result_shape(endpoint: Endpoint) -> str:
    """The shape of the result, where it has more to it than the signature shows."""
    if endpoint.signature.returns is MISSING:
        return ""
    try:
        components = build_components([Entry("page", "serialization", endpoint.result.core)])
    except UNDESCRIBABLE:
        return ""
    shape = shape_of(components.schemas["page", "serialization"], components.definitions)
    return shape if "\n" in shape else ""


def _curl(request: Request, endpoint: Endpoint, url: str, described: _Arguments) -> str:
    """The call in a shell: with what was sent, where something was, and with a place for credentials, where it needs any."""
    credentials = () if caller_of(endpoint.spec).endswith("open to everybody") else snippets.credentials()
    sent: Any = getattr(request, "_full_data", None)
    if raw := _raw_json(request):
        return snippets.send_by_curl(url, raw, credentials)
    if sent is not None and hasattr(sent, "getlist") and not described.files:
        pairs = [(name, text) for name, texts in sent.lists() if name != _CSRF for text in texts]
        return snippets.send_form_by_curl(url, pairs, credentials)
    return snippets.call_by_curl(url, described.examples, described.files, credentials)


def _sent_query(query: Any) -> dict[str, str]:
    return {name: text for name, text in query.items() if text}


def _is_file(schema: Mapping[str, Any]) -> bool:
    choices = schema.get("anyOf", [schema])
    return any(choice.get("format") == "binary" for choice in choices)
