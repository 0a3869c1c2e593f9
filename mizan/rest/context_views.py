"""
Contexts over HTTP: all readers of one context in one answer, each with its own permissions and its own failure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, ClassVar

from asgiref.sync import async_to_sync, sync_to_async
from django.core.signals import got_request_exception
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import classonlymethod
from django.utils.http import parse_etags
from pydantic_core import to_json
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from mizan.bridge.problems import InvalidInput
from mizan.bridge.serializers import validated
from mizan.dispatch.calls import acall, call, savepoint
from mizan.dispatch.endpoints import ContextEndpoint
from mizan.dispatch.failures import INTERNAL_ERROR, Failure, failure_of
from mizan.protocol.names import ERRORS_KEY, HEADER_CACHE, ONLY_PARAMETER
from mizan.rest.bodies import QueryForm, query_arguments
from mizan.rest.schema import ContextSchema
from mizan.rest.views import FunctionView, MizanView


class ContextView(MizanView):
    """
    One context. Subclasses are made by `mizan.rest.routes`.
    """

    schema = ContextSchema()
    context: ClassVar[ContextEndpoint]
    readers: ClassVar[dict[str, type[FunctionView]]]
    query_forms: ClassVar[dict[str, QueryForm]]
    permission_classes = []
    throttle_classes = []
    http_method_names = ["get", "head", "options"]
    cache_control = "private, no-cache"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        arguments, names = self._asked(request)
        return self._bundle(request, {name: self._read(request, name, arguments) for name in names})

    head = get

    def _asked(self, request: Request) -> tuple[dict[str, Any], list[str]]:
        """The context's parameters as sent and the functions asked for."""
        query = dict(request._request.GET.lists())
        names = self._only(query.pop(ONLY_PARAMETER, None))
        if self.wants_page:  # a browser sends the empty inputs of a form too
            query = {name: texts for name, texts in query.items() if texts != [""]}
        unknown = sorted(set(query) - set(self.context.parameter_names))
        if unknown:
            raise InvalidInput({name: ["The context has no such parameter"] for name in unknown})
        return query_arguments(query, self.query_forms), names

    def _only(self, texts: list[str] | None) -> list[str]:
        if texts is None:
            return list(self.readers)
        names = sorted({name for text in texts for name in text.split(",") if name})
        unknown = [name for name in names if name not in self.readers]
        if unknown or not names:
            raise InvalidInput({ONLY_PARAMETER: [f"The context has: {', '.join(self.readers)}"]})
        return names

    def _read(self, request: Request, name: str, arguments: dict[str, Any]) -> bytes | Failure:
        try:
            with savepoint():
                return call(self.context.readers[name], request, self._admit(request, name, arguments)).result
        except Exception as error:
            return self._failed(name, error)

    def _admit(self, request: Request, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """
        Check the reader's own permissions and throttles and validate what it takes of the parameters.
        """
        endpoint = self.context.readers[name]
        gate = self.readers[name]()
        gate.request, gate.args, gate.kwargs, gate.format_kwarg = request, (), {}, None
        gate.admit_reader(request)
        own = {key: value for key, value in arguments.items() if key in endpoint.signature.names}
        return endpoint.arguments.keywords(validated(endpoint.arguments, own))

    def _failed(self, name: str, error: Exception) -> Failure:
        if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
            vars(error)["auth_header"] = self.get_authenticate_header(self.request)  # where DRF puts it
        failure = failure_of(error, where=self.context.readers[name].where)
        if failure.code == INTERNAL_ERROR:
            got_request_exception.send(sender=type(self), request=self.request._request)
        return failure

    def read_in_process(self, request: HttpRequest, arguments: Mapping[str, Any]) -> dict[str, bytes | Failure]:
        """What every reader answers to *request*'s user, for a page that is being rendered in a thread."""
        self.args, self.kwargs, self.format_kwarg = (), {}, None
        self.request = self.initialize_request(request)
        return {name: self._read_anyhow(name, dict(arguments)) for name in self.readers}

    def _read_anyhow(self, name: str, arguments: dict[str, Any]) -> bytes | Failure:
        endpoint = self.context.readers[name]
        if not endpoint.spec.is_async:
            return self._read(self.request, name, arguments)
        try:
            keywords = self._admit(self.request, name, arguments)
            return async_to_sync(acall)(endpoint, self.request, keywords).result
        except Exception as error:
            return self._failed(name, error)

    def _bundle(self, request: Request, slots: dict[str, bytes | Failure]) -> HttpResponseBase:
        failures = [slot for slot in slots.values() if isinstance(slot, Failure)]
        if failures and len(failures) == len(slots):
            return self.refuse(failures[0])
        body = self.joined(slots)
        etag = f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
        headers = {"ETag": etag, HEADER_CACHE: "BYPASS"}
        if _matches(request._request, etag):
            return HttpResponse(status=304, headers=headers)
        return self.answer(body, headers)

    def joined(self, slots: Mapping[str, bytes | Failure]) -> bytes:
        """The body of the answer: results by name, failures under ``$errors``."""
        failures = {name: slot for name, slot in slots.items() if isinstance(slot, Failure)}
        parts = [to_json(name) + b":" + slot for name, slot in slots.items() if isinstance(slot, bytes)]
        if failures:
            bodies = {name: failure.body() for name, failure in failures.items()}
            parts.append(to_json(ERRORS_KEY) + b":" + to_json(bodies))
        return b"{" + b",".join(parts) + b"}"


class AsyncContextView(ContextView):
    """A context with an ``async def`` reader: its gates and sync readers run in a thread, async readers on the loop."""

    view_is_async = True  # Django's classproperty looks at the handlers

    @classonlymethod
    def as_view(cls, **initkwargs: Any) -> Any:  # noqa: N805 - as Django spells it
        view: Any = super().as_view(**initkwargs)
        view._non_atomic_requests = set(connections)
        return view

    async def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]  # async
        slots = await sync_to_async(self._begin, thread_sensitive=True)(request, *args, **kwargs)
        if isinstance(slots, HttpResponseBase):
            return slots
        for name, slot in slots.items():
            if isinstance(slot, dict):
                slots[name] = await self._awaited(name, slot)
        response = self._bundle(self.request, slots)
        if isinstance(response, Response):  # a page, which reads templates
            return await sync_to_async(self.finalize_response)(self.request, response, *args, **kwargs)
        return self.finalize_response(self.request, response, *args, **kwargs)

    def _begin(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """
        DRF's dispatch up to the handler, and every sync reader: all that needs a thread, in one hop.

        Returns:
            A finished response, or the slots: what sync readers answered, and the arguments that async ones wait for.
        """
        self.args, self.kwargs = args, kwargs
        self.request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        method = (request.method or "").lower()
        try:
            self.initial(self.request, *args, **kwargs)
            if method in ("get", "head"):
                arguments, names = self._asked(self.request)
                return {name: self._started(name, arguments) for name in names}
            handler = self.options if method == "options" else self.http_method_not_allowed
            response = handler(self.request, *args, **kwargs)
        except Exception as exc:
            response = self.handle_exception(exc)
        return self.finalize_response(self.request, response, *args, **kwargs)

    def _started(self, name: str, arguments: dict[str, Any]) -> bytes | Failure | dict[str, Any]:
        if not self.context.readers[name].spec.is_async:
            return self._read(self.request, name, arguments)
        try:
            return self._admit(self.request, name, arguments)
        except Exception as error:
            return self._failed(name, error)

    async def _awaited(self, name: str, keywords: dict[str, Any]) -> bytes | Failure:
        try:
            return (await acall(self.context.readers[name], self.request, keywords)).result
        except Exception as error:
            return await sync_to_async(self._failed)(name, error)


def _matches(request: HttpRequest, etag: str) -> bool:
    header = request.META.get("HTTP_IF_NONE_MATCH")
    if not header:
        return False
    wanted = parse_etags(header)
    return "*" in wanted or etag in [tag.removeprefix("W/") for tag in wanted]
