"""
Contexts over HTTP: all readers of one context in one answer, each with its own permissions and its own failure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
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
from mizan.dispatch.calls import acall, call, isolated
from mizan.dispatch.endpoints import ContextEndpoint
from mizan.dispatch.failures import INTERNAL_ERROR, Failure, failure_of
from mizan.dispatch.reading import Reading
from mizan.protocol.names import ERRORS_KEY, HEADER_CACHE, ONLY_PARAMETER
from mizan.rest import short
from mizan.rest.authentication import CookieAuthentication
from mizan.rest.bodies import QueryForm, query_arguments
from mizan.rest.described import Described
from mizan.rest.views import FunctionView, MizanView, let_async_code_see_the_user

Way = Callable[[str, Callable[[], bytes]], bytes]
AsyncWay = Callable[[str, Callable[[], Awaitable[bytes]]], Awaitable[bytes]]

_MOST_REMEMBERED = 1000
_LONGEST_REMEMBERED = 200


@dataclass(slots=True)
class Question:
    """
    Which functions of a context are asked for, with which of its parameters.

    *keywords* are the validated arguments by function, of those that were validated before. They are for looking at.
    """

    names: list[str]
    arguments: dict[str, Any]
    keywords: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Begun:
    """
    A request for a context as its thread hands it to the event loop: what is known by now, the arguments of what is *missing*,
    and the names to compute *now*, before waiting for anybody.
    """

    question: Question
    slots: dict[str, bytes | Failure]
    missing: dict[str, dict[str, Any]]
    reading: Reading
    now: list[str]


class ContextView(MizanView):
    """
    One context. Subclasses are made by `mizan.rest.routes`.
    """

    schema = Described("ContextSchema")
    context: ClassVar[ContextEndpoint]
    readers: ClassVar[dict[str, type[FunctionView]]]
    query_forms: ClassVar[dict[str, QueryForm]]
    permission_classes = []
    throttle_classes = []
    http_method_names = ["get", "head", "options"]
    cache_control = "private, no-cache"
    questions: ClassVar[dict[str, Question]] = {}
    is_short: ClassVar[bool] = False
    knows_sessions_only: ClassVar[bool] = False
    open_readers: ClassVar[frozenset[str]] = frozenset()

    @classonlymethod
    def as_view(cls, **initkwargs: Any) -> Any:  # noqa: N805 - as Django spells it
        cls.questions = {}
        cls.is_short = not initkwargs and short.may_be_short(cls, ContextView)
        cls.knows_sessions_only = short.authenticates_without_failing(cls) and CookieAuthentication in (
            cls.authentication_classes
        )
        cls.open_readers = frozenset(
            name for name, reader in cls.readers.items() if short.is_open(reader) and not reader.throttle_classes
        )
        view: Any = super().as_view(**initkwargs)
        view._non_atomic_requests = set(connections)  # each function has a transaction of its own, see `isolated`
        return view

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        slots, reading = self._read_all(request, self._asked(request))
        return self._bundle(request, slots, reading.status)

    head = get

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.is_short and request.method == "GET":
            media_type = short.accepted_json(type(self), request)
            if media_type is not None:
                return self._dispatch_short(request, media_type)
        return super().dispatch(request, *args, **kwargs)

    def _dispatch_short(self, request: HttpRequest, media_type: str) -> Any:
        self.args, self.kwargs, self.format_kwarg = (), {}, None
        self.request = drf_request = short.short_request(request, media_type, self.get_authenticators(), self)
        try:
            if self.knows_sessions_only and short.take_session_user(drf_request):
                let_async_code_see_the_user(drf_request)
            else:
                self.perform_authentication(drf_request)
            response = self.get(drf_request)
        except Exception as exc:
            response = self.handle_exception(exc)
        return self.finished(response, "GET, HEAD, OPTIONS")

    def _asked(self, request: Request) -> Question:
        """What is asked for. The same text asks the same, so it is read once; a browser's form leaves inputs empty."""
        text = request._request.META.get("QUERY_STRING", "")
        if self.wants_page or len(text) > _LONGEST_REMEMBERED:
            return self._read_query(request)
        question = self.questions.get(text)
        if question is None:
            question = self._read_query(request)
            if len(self.questions) < _MOST_REMEMBERED:
                self.questions[text] = question
        return question

    def _read_query(self, request: Request) -> Question:
        query = dict(request._request.GET.lists())
        names = self._only(query.pop(ONLY_PARAMETER, None))
        if self.wants_page:  # a browser sends the empty inputs of a form too
            query = {name: texts for name, texts in query.items() if texts != [""]}
        unknown = sorted(set(query) - set(self.context.parameter_names))
        if unknown:
            raise InvalidInput({name: ["The context has no such parameter"] for name in unknown})
        return Question(names, query_arguments(query, self.query_forms))

    def _only(self, texts: list[str] | None) -> list[str]:
        if texts is None:
            return list(self.readers)
        names = sorted({name for text in texts for name in text.split(",") if name})
        unknown = [name for name in names if name not in self.readers]
        if unknown or not names:
            raise InvalidInput({ONLY_PARAMETER: [f"The context has: {', '.join(self.readers)}"]})
        return names

    def _read_all(self, request: Request, question: Question) -> tuple[dict[str, bytes | Failure], Reading]:
        """What each function answers, in a thread."""
        slots, missing, reading = self._look_up(request, question)
        with closing(reading):
            for name in reading.depart(missing):
                slots[name] = self._run(reading, name, missing[name], reading.compute)
            reading.settle()
            for name in missing.keys() - slots.keys():
                slots[name] = self._run(reading, name, missing[name], reading.read)
        return {name: slots[name] for name in question.names}, reading

    def _look_up(
        self, request: Request, question: Question
    ) -> tuple[dict[str, bytes | Failure], dict[str, dict[str, Any]], Reading]:
        """
        Who may not read, what is cached, and, with their arguments, the functions that must be run.
        """
        slots: dict[str, bytes | Failure] = {}
        admitted: dict[str, dict[str, Any]] = {}
        for name in question.names:
            try:
                if name not in self.open_readers:
                    self._require_access(request, name)
                keywords = question.keywords.get(name)
                if keywords is None:
                    keywords = question.keywords[name] = self._validated(name, question)
                admitted[name] = keywords
            except Exception as error:
                slots[name] = self._failed(name, error)
        reading = Reading(self.context, request)
        if admitted:
            slots.update(reading.look_up(admitted))
        # A function may change what it is given, and what is remembered names slots.
        missing = {name: self._validated(name, question) for name in admitted if name not in slots}
        return slots, missing, reading

    def _run(self, reading: Reading, name: str, keywords: dict[str, Any], way: Way) -> bytes | Failure:
        endpoint = self.context.readers[name]
        run = call if not endpoint.spec.is_async else async_to_sync(acall)

        def compute() -> bytes:
            with isolated():
                return run(endpoint, reading.request, keywords).result

        try:
            return way(name, compute)
        except Exception as error:
            return self._failed(name, error)

    def _require_access(self, request: Request, name: str) -> None:
        gate = self.readers[name]()
        gate.request, gate.args, gate.kwargs, gate.format_kwarg = request, (), {}, None
        gate.admit_reader(request)

    def _validated(self, name: str, question: Question) -> dict[str, Any]:
        """The arguments of one function: those of the context's parameters that it takes."""
        endpoint = self.context.readers[name]
        own = {key: value for key, value in question.arguments.items() if key in endpoint.signature.names}
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
        return self._read_all(self.request, Question(list(self.readers), dict(arguments)))[0]

    def _bundle(self, request: Request, slots: dict[str, bytes | Failure], status: str) -> HttpResponseBase:
        failures = [slot for slot in slots.values() if isinstance(slot, Failure)]
        if failures and len(failures) == len(slots):
            return self.refuse(failures[0])
        body = self.joined(slots)
        etag = f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
        headers = {"ETag": etag, HEADER_CACHE: status}
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
    _reading: Reading | None = None
    _has_left = False

    async def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]  # async
        try:
            begun = await sync_to_async(self._begin, thread_sensitive=True)(request, *args, **kwargs)
            if isinstance(begun, HttpResponseBase):
                return begun
            await self._finish(begun)
        finally:
            # Also where the task is cancelled while its thread goes on, which looks here when it is done.
            self._has_left = True
            if self._reading is not None:
                self._reading.close()
        slots = {name: begun.slots[name] for name in begun.question.names}
        response = self._bundle(self.request, slots, begun.reading.status)
        if isinstance(response, Response):  # a page, which reads templates
            return await sync_to_async(self.finalize_response)(self.request, response, *args, **kwargs)
        return self.finalize_response(self.request, response, *args, **kwargs)

    def _begin(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase | Begun:
        """
        DRF's dispatch up to the handler, the cache, and every sync reader: all that needs a thread, in one hop.

        Returns:
            A finished response, or what the event loop goes on from.
        """
        self.args, self.kwargs = args, kwargs
        self.request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        method = (request.method or "").lower()
        try:
            self.initial(self.request, *args, **kwargs)
            if method in ("get", "head"):
                return self._started()
            handler = self.options if method == "options" else self.http_method_not_allowed
            response = handler(self.request, *args, **kwargs)
        except Exception as exc:
            response = self.handle_exception(exc)
        finished: HttpResponseBase = self.finalize_response(self.request, response, *args, **kwargs)
        return finished

    def _started(self) -> Begun:
        question = self._asked(self.request)
        slots, missing, reading = self._look_up(self.request, question)
        self._reading = reading
        begun = Begun(question, slots, missing, reading, reading.depart(missing))
        for name in begun.now:
            if not self._is_async(name):
                slots[name] = self._run(reading, name, missing[name], reading.compute)
        if not any(map(self._is_async, begun.now)):
            self._settle(begun)
        if self._has_left:
            reading.close()
        return begun

    def _settle(self, begun: Begun) -> None:
        """Store what was computed, and then read the sync functions that others may be computing."""
        begun.reading.settle()
        for name in begun.missing.keys() - begun.slots.keys():
            if not self._is_async(name):
                begun.slots[name] = self._run(begun.reading, name, begun.missing[name], begun.reading.read)

    async def _finish(self, begun: Begun) -> None:
        """What `_begin` left: the async functions."""
        now = [name for name in begun.now if self._is_async(name)]
        for name in now:
            begun.slots[name] = await self._awaited(name, begun.missing[name], begun.reading.acompute)
        if now:
            await sync_to_async(self._settle)(begun)
        for name in begun.missing.keys() - begun.slots.keys():
            begun.slots[name] = await self._awaited(name, begun.missing[name], begun.reading.aread)

    def _is_async(self, name: str) -> bool:
        return self.context.readers[name].spec.is_async

    async def _awaited(self, name: str, keywords: dict[str, Any], way: AsyncWay) -> bytes | Failure:
        async def compute() -> bytes:
            return (await acall(self.context.readers[name], self.request, keywords)).result

        try:
            return await way(name, compute)
        except Exception as error:
            return await sync_to_async(self._failed)(name, error)


def _matches(request: HttpRequest, etag: str) -> bool:
    header = request.META.get("HTTP_IF_NONE_MATCH")
    if not header:
        return False
    wanted = parse_etags(header)
    return "*" in wanted or etag in [tag.removeprefix("W/") for tag in wanted]
