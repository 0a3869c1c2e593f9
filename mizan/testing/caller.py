"""
`Caller`: the in-process surface, for the tests of a project.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.core.files import File
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from pydantic_core import PydanticSerializationError, to_jsonable_python
from rest_framework.request import Request
from rest_framework.test import force_authenticate

from mizan.dispatch.calls import serving
from mizan.dispatch.contexts import question_to, reading
from mizan.dispatch.failures import failure_of
from mizan.dispatch.gates import admit, for_readers_only
from mizan.drf.requests import request_of
from mizan.protocol.registry import default_registry
from mizan.protocol.specs import ReactContext
from mizan.service.current import current_service
from mizan.service.endpoints import ContextEndpoint, Endpoint
from mizan.steps import THREAD, Steps, adrive, drive
from mizan.testing.envelope import Envelope
from mizan.wire.validation import RawJson


class Caller:
    """
    Calls functions and reads contexts as one user would: with permissions, throttles, validation, cache and invalidation, and
    the same envelopes as over HTTP.

    ::

        ann = Caller(user=User.objects.get(username="ann"), language="de")
        assert ann.call(echo, text="hi").result == {"message": "hi"}
        assert ann.read("user", id=5)["user_profile"]["name"] == "Ann"
        assert Caller().call(rename, name="Bob")["code"] == "UNAUTHORIZED"
    """

    def __init__(
        self,
        user: Any = None,
        *,
        language: str | None = None,
        session: Mapping[str, Any] | SessionBase | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """
        Args:
            user: Who calls, as their row says at each call; a visitor where they are inactive. Where it is None the session
                says who calls, so a function that logs somebody in has logged the caller in.
            language: Active during each call; the project's default where it is None.
            session: What ``request.session`` holds; the same session in each call.
            headers: Sent with each call.
        """
        self.user = user
        self.language = language
        self.session = session if isinstance(session, SessionBase) else _session(session or {})
        self.headers = dict(headers or {})

    def call(self, function: Callable[..., Any] | str, /, **arguments: Any) -> Envelope:
        """
        Call *function* with *arguments*, which are sent as JSON; a file is sent as it is.

        Raises:
            LookupError: clients know no such function.
            TypeError: an argument has no JSON form.
            RuntimeError: an event loop is running here; await `acall`.
        """
        _require_no_loop("acall")
        with self._in_language():
            return drive(self._calling(_endpoint(function), _sent(arguments)))

    async def acall(self, function: Callable[..., Any] | str, /, **arguments: Any) -> Envelope:
        """`call` on the event loop."""
        with self._in_language():
            return await adrive(self._calling(_endpoint(function), _sent(arguments)))

    def read(self, context: str | ReactContext, only: Iterable[str] | None = None, /, **params: Any) -> Envelope:
        """
        Read *context*, or *only* some of its readers.

        Raises:
            LookupError: there is no such context.
            TypeError: a parameter has no JSON form.
            RuntimeError: an event loop is running here; await `aread`.
        """
        _require_no_loop("aread")
        with self._in_language():
            return drive(self._reading(_context(context), only, _as_json(params)))

    async def aread(self, context: str | ReactContext, only: Iterable[str] | None = None, /, **params: Any) -> Envelope:
        """`read` on the event loop."""
        with self._in_language():
            return await adrive(self._reading(_context(context), only, _as_json(params)))

    def _calling(self, endpoint: Endpoint, sent: Any) -> Steps[Envelope]:
        request = self._request("POST")
        try:
            admit(endpoint, request)
            outcome = yield from serving(endpoint, request, sent, opens_transaction=True)
        except Exception as error:
            yield THREAD
            return Envelope.of_failure(failure_of(error, where=endpoint.where, request=request))
        return Envelope(outcome.envelope)

    def _reading(
        self, context: ContextEndpoint, only: Iterable[str] | None, params: Mapping[str, Any]
    ) -> Steps[Envelope]:
        request = self._request("GET")
        try:
            with for_readers_only(context, request):
                question = question_to(context, params, only)
        except Exception as error:
            yield THREAD
            return Envelope.of_failure(failure_of(error, where=f"the context {context.name!r}", request=request))
        answer = yield from reading(context, request, question)
        failure = answer.failure
        if failure is not None:
            return Envelope.of_failure(failure)
        return Envelope(answer.body(), cache_status=answer.cache_status)

    def _request(self, method: str) -> Request:
        request: HttpRequest = RequestFactory().generic(method, "/", headers=self.headers)
        request.session = self.session
        request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
        user = _as_stored(self.user)
        if user is None:
            nobody: Any = SimpleLazyObject(lambda: get_user(request) if self.user is None else AnonymousUser())
            request.user = nobody
        else:
            request.user = user
            force_authenticate(request, user)
        return request_of(request)

    @contextmanager
    def _in_language(self) -> Iterator[None]:
        with translation.override(self.language or settings.LANGUAGE_CODE):
            yield


def _session(values: Mapping[str, Any]) -> SessionBase:
    session: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore()
    session.update(values)
    return session


def _as_stored(user: Any) -> Any:
    """*user* as another request would load them, without what was remembered of their permissions; None if inactive."""
    if user is None:
        return None
    stored = user if user.pk is None else type(user)._default_manager.filter(pk=user.pk).first()
    return stored if stored is not None and stored.is_active else None


def _require_no_loop(name: str) -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise RuntimeError(f"An event loop is running here: await caller.{name}(…).")


def _sent(arguments: Mapping[str, Any]) -> Any:
    return dict(arguments) if _holds_file(arguments) else RawJson(json.dumps(_as_json(arguments)).encode())


def _as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    try:
        found: dict[str, Any] = to_jsonable_python(dict(values), bytes_mode="base64")
    except PydanticSerializationError as error:
        raise TypeError(f"Send JSON values or files, as a client does: {error}") from None
    return found


def _holds_file(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_holds_file, value.values()))
    return isinstance(value, File) or (isinstance(value, list | tuple) and any(map(_holds_file, value)))


def _endpoint(function: Callable[..., Any] | str) -> Endpoint:
    service = current_service()
    if isinstance(function, str):
        name = function
    else:
        spec = default_registry.find(function)
        name = "" if spec is None else spec.name
    endpoint = service.functions.get(name)
    if endpoint is None:
        raise LookupError(
            f"Clients know no function {function!r}. They know: {', '.join(service.functions) or 'none'}."
        )
    return endpoint


def _context(context: str | ReactContext) -> ContextEndpoint:
    contexts = current_service().contexts
    endpoint = contexts.get(str(context))
    if endpoint is None:
        raise LookupError(f"There is no context {str(context)!r}. There are: {', '.join(contexts) or 'none'}.")
    return endpoint
