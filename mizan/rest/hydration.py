"""
Contexts inside a page: the readers run in this process, for this request's user, and the browser needs no request for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from pydantic_core import to_json

from mizan.dispatch.endpoints import current_service
from mizan.protocol.names import GLOBAL_CONTEXT
from mizan.rest.context_views import ContextView
from mizan.rest.factory import current_views

PAYLOAD_VERSION = 1

_REFUSALS = frozenset({"UNAUTHORIZED", "FORBIDDEN"})

# What could end the script element or start a comment in it.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def hydration_json(request: HttpRequest, contexts: Mapping[str, Mapping[str, Any]]) -> str:
    """
    The payload that ``<MizanContext>`` starts from: the CSRF token and the answers of contexts.

    The global context is always among them. A context of which this user may see nothing is left out, and so is one with a
    reader that fails for any other reason: the browser asks for it and shows what the server says then.

    Args:
        contexts: Parameters by context name.

    Returns:
        JSON that is inert inside ``<script type="application/json">``.

    Raises:
        LookupError: there is no context of that name.
    """
    parts = []
    for name, params in {GLOBAL_CONTEXT: {}, **contexts}.items():
        answer = _answer(request, name, params)
        if answer is not None:
            told = to_json(_told(name, params), bytes_mode="base64")
            parts.append(b'{"name":' + to_json(name) + b',"params":' + told + b',"data":' + answer + b"}")
    token = to_json(get_token(request))
    payload = b'{"v":%d,"csrfToken":%s,"contexts":[%s]}' % (PAYLOAD_VERSION, token, b",".join(parts))
    return payload.decode().translate(_ESCAPES)


def _told(name: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """*params* as a provider in React would be given them: a template may have had ``"5"`` out of an address."""
    context = current_service().contexts[name]
    known = {key: value for key, value in params.items() if key in context.parameter_names and value is not None}
    return {key: context.values.read(key, value) for key, value in known.items()}


def _answer(request: HttpRequest, name: str, params: Mapping[str, Any]) -> bytes | None:
    """The bundle of a context as ``ctx/<name>/`` would answer it, or None where the page does without."""
    view_function = current_views().context(name)
    if view_function is None:
        if name == GLOBAL_CONTEXT:
            return None
        raise LookupError(f"There is no context {name!r}. Declare one with @client(context={name!r}).")
    view: ContextView = vars(view_function)["cls"]()
    slots = view.read_in_process(request, params)
    codes = {slot.code for slot in slots.values() if not isinstance(slot, bytes)}
    if codes - _REFUSALS or (name != GLOBAL_CONTEXT and not any(isinstance(slot, bytes) for slot in slots.values())):
        return None
    return view.joined(slots)
