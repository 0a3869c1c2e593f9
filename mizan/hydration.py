"""
Contexts inside a page: the readers run in this process, for this request's user, and the browser needs no request for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from pydantic_core import PydanticSerializationError, to_json, to_jsonable_python
from rest_framework.request import Request

from mizan.dispatch.contexts import Answer, question_to, read
from mizan.drf.requests import request_of
from mizan.protocol.names import GLOBAL_CONTEXT
from mizan.service.current import current_service
from mizan.service.endpoints import ContextEndpoint

PAYLOAD_VERSION = 1

_REFUSALS = frozenset({"UNAUTHORIZED", "FORBIDDEN"})

# What could end the script element or start a comment in it.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def hydration_json(request: HttpRequest, contexts: Mapping[str, Mapping[str, Any]]) -> str:
    """
    The payload that ``<MizanContext>`` starts from: the CSRF token and the answers of contexts.

    The global context is always among them. Left out are contexts of which this user may see nothing, and contexts with a
    reader that fails for another reason: the browser fetches them, and shows what the server answers then.

    Args:
        contexts: Parameters by context name.

    Returns:
        JSON that is inert inside ``<script type="application/json">``.

    Raises:
        LookupError: there is no context of that name.
    """
    drf_request = request_of(request)
    parts = []
    for name, params in {GLOBAL_CONTEXT: {}, **contexts}.items():
        context = current_service().contexts.get(name)
        if context is None:
            if name == GLOBAL_CONTEXT:
                continue
            raise LookupError(f"There is no context {name!r}. Declare one with @client(context={name!r}).")
        part = _hydrated(drf_request, context, params)
        if part is not None:
            parts.append(part)
    token = to_json(get_token(request))
    payload = b'{"v":%d,"csrfToken":%s,"contexts":[%s]}' % (PAYLOAD_VERSION, token, b",".join(parts))
    return payload.decode().translate(_ESCAPES)


def _hydrated(request: Request, context: ContextEndpoint, params: Mapping[str, Any]) -> bytes | None:
    """A context as the payload holds it, or None where the page does without."""
    try:
        known = {name: value for name, value in params.items() if name in context.parameter_names}
        sent = to_jsonable_python(known, bytes_mode="base64")
    except PydanticSerializationError as error:
        raise LookupError(f"The context {context.name!r} cannot be asked with {dict(params)!r}: {error}") from None
    answer = read(context, request, question_to(context, sent))
    if not _is_worth_it(answer, context.name):
        return None
    key = to_json(_as_in_react(context, params), bytes_mode="base64")
    return b'{"name":' + to_json(context.name) + b',"params":' + key + b',"data":' + answer.body() + b"}"


def _is_worth_it(answer: Answer, name: str) -> bool:
    if {failure.code for failure in answer.failures.values()} - _REFUSALS:
        return False
    return name == GLOBAL_CONTEXT or answer.failure is None


def _as_in_react(context: ContextEndpoint, params: Mapping[str, Any]) -> dict[str, Any]:
    """*params* as a provider in React would be given them: a template may have ``"5"`` out of an address."""
    known = {name: value for name, value in params.items() if name in context.parameter_names and value is not None}
    return {name: context.values.read(name, value) for name, value in known.items()}
