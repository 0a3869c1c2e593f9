"""
`Caller`: the in-process surface, for the tests of a project.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.core.files import File
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import translation
from pydantic_core import to_json, to_jsonable_python
from rest_framework.request import Request
from rest_framework.test import force_authenticate

from mizan.dispatch.calls import serving
from mizan.dispatch.contexts import question_to, reading
from mizan.dispatch.failures import failure_of
from mizan.dispatch.gates import admit
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
            user: Who calls; an anonymous visitor where it is None or inactive.
            language: Active during each call; the project's default where it is None.
            session: What ``request.session`` holds; the same session in each call.
            headers: Sent with each call.
        """
        self.user = user if user is not None and user.is_active else None
        self.language = language
        self.session = session if isinstance(session, SessionBase) else _session(session or {})
        self.headers = dict(headers or {})

    def call(self, function: Callable[..., Any] | str, /, **arguments: Any) -> Envelope:
        """
        Call *function* with *arguments*, which are sent as JSON; a file is sent as it is.

        Raises:
            LookupError: clients know no such function.
        """
        with self._in_language():
            return drive(self._calling(_endpoint(function), arguments))

    async def acall(self, function: Callable[..., Any] | str, /, **arguments: Any) -> Envelope:
        """`call` on the event loop."""
        with self._in_language():
            return await adrive(self._calling(_endpoint(function), arguments))

    def read(self, context: str | ReactContext, /, only: Iterable[str] | None = None, **params: Any) -> Envelope:
        """
        Read *context*, or *only* some of its readers.

        Raises:
            LookupError: there is no such context.
        """
        with self._in_language():
            return drive(self._reading(_context(context), only, params))

    async def aread(self, context: str | ReactContext, /, only: Iterable[str] | None = None, **params: Any) -> Envelope:
        """`read` on the event loop."""
        with self._in_language():
            return await adrive(self._reading(_context(context), only, params))

    def _calling(self, endpoint: Endpoint, arguments: Mapping[str, Any]) -> Steps[Envelope]:
        request = self._request("POST")
        try:
            admit(endpoint, request)
            outcome = yield from serving(endpoint, request, _sent(arguments), opens_transaction=True)
        except Exception as error:
            yield THREAD
            return Envelope.of_failure(failure_of(error, where=endpoint.where, request=request))
        return Envelope(outcome.envelope)

    def _reading(
        self, context: ContextEndpoint, only: Iterable[str] | None, params: Mapping[str, Any]
    ) -> Steps[Envelope]:
        request = self._request("GET")
        try:
            question = question_to(context, to_jsonable_python(params), only)
        except Exception as error:
            return Envelope.of_failure(failure_of(error, where=f"the context {context.name!r}", request=request))
        answer = yield from reading(context, request, question)
        failure = answer.failure
        return Envelope(answer.body()) if failure is None else Envelope.of_failure(failure)

    def _request(self, method: str) -> Request:
        request: HttpRequest = RequestFactory().generic(method, "/", headers=self.headers)
        request.session = self.session
        request.user = AnonymousUser() if self.user is None else self.user
        request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
        if self.user is not None:
            force_authenticate(request, self.user)
        return request_of(request)

    @contextmanager
    def _in_language(self) -> Iterator[None]:
        with translation.override(self.language or settings.LANGUAGE_CODE):
            yield


def _session(values: Mapping[str, Any]) -> SessionBase:
    session: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore()
    session.update(values)
    return session


def _sent(arguments: Mapping[str, Any]) -> Any:
    if _holds_file(arguments):
        return dict(arguments)
    return RawJson(to_json(arguments, bytes_mode="base64"))


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
