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
from mizan.pages.summaries import annotation_of, badges, default_of, first_line, signature_of
from mizan.protocol.references import resolved
from mizan.protocol.signature import MISSING, Parameter
from mizan.service.endpoints import ContextEndpoint, Endpoint
from mizan.wire.components import UNDESCRIBABLE, Entry, build_components
from mizan.wire.types import Arguments


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
    examples, files = _examples(endpoint.arguments)
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
        "arguments": _rows(endpoint.signature.parameters),
        "form": form,
        "example_json": _raw_json(request) or indented(to_json(examples), 2).decode(),
        "takes_files": bool(files),
        "curl": snippets.call_by_curl(absolute, examples, files),
        "react": react,
    }


def context_page(request: Request, context: ContextEndpoint, failure: Any, prefix: str) -> dict[str, Any]:
    """The context of ``context.html``."""
    parameters = context.group.parameters
    arguments = Arguments(f"{context.name}_context", parameters)
    examples, _ = _examples(arguments)
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
        "arguments": _rows(parameters),
        "form": _form(input_serializer(context.name, arguments), query or None, failure, parameters),
        "curl": snippets.fetch_by_curl(request.build_absolute_uri(url), required),
        "react": snippets.provider_in_react(context.name, list(context.readers), required),
    }


def _rows(parameters: tuple[Parameter, ...]) -> list[dict[str, Any]]:
    return [
        {
            "name": parameter.name,
            "type": annotation_of(parameter.annotation),
            "required": parameter.is_required,
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


def _examples(arguments: Arguments) -> tuple[dict[str, Any], tuple[str, ...]]:
    """A sample of every argument that must be sent (or of all, where none must), and which of them are files."""
    try:
        components = build_components([Entry("page", "validation", arguments.core)])
    except UNDESCRIBABLE:
        return {}, ()
    schema = resolved(components.schemas["page", "validation"], components.definitions)
    properties = schema.get("properties", {})
    names = schema.get("required") or list(properties)
    examples = {name: sample(properties[name], components.definitions) for name in names if name in properties}
    files = tuple(name for name in properties if _is_file(properties[name]))
    return examples, files


def _is_file(schema: Mapping[str, Any]) -> bool:
    choices = schema.get("anyOf", [schema])
    return any(choice.get("format") == "binary" for choice in choices)
