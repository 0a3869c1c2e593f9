"""
Contexts over HTTP: ``GET ctx/<name>/`` asks all readers of one context at once.
"""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from django.db import connections
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.decorators import classonlymethod
from rest_framework.request import Request

from mizan.dispatch.contexts import Answer, Question, asked_readers, question_to, read, reading
from mizan.dispatch.gates import for_readers_only, permit_any
from mizan.drf.authentication import CookieAuthentication
from mizan.openapi.described import Described
from mizan.protocol.names import HEADER_CACHE, ONLY_PARAMETER
from mizan.rest.async_dispatch import AsyncDispatch
from mizan.rest.fast_path import FastPath, take_session_user
from mizan.rest.query import QueryForm, query_arguments
from mizan.rest.views import MizanView
from mizan.service.endpoints import ContextEndpoint
from mizan.steps import Steps

_MOST_REMEMBERED = 1000
_LONGEST_REMEMBERED = 200


class ContextView(FastPath, MizanView):
    """
    One context. Subclasses are made by `mizan.rest.factory`.
    """

    schema = Described("contexts", "ContextSchema")
    context: ClassVar[ContextEndpoint]
    query_forms: ClassVar[dict[str, QueryForm]]
    permission_classes = []  # each reader has its own
    throttle_classes = []
    http_method_names = ["get", "head", "options"]
    cache_control = "private, no-cache"
    fast_method = "GET"
    fast_allow = "GET, HEAD, OPTIONS"
    knows_sessions: ClassVar[bool] = False
    questions: ClassVar[dict[str, Question]] = {}

    @classonlymethod
    def as_view(cls, **initkwargs: Any) -> Any:  # noqa: N805 - as Django spells it
        cls.questions = {}
        cls.prepare_fast_path(ContextView, initkwargs)
        cls.knows_sessions = CookieAuthentication in cls.authentication_classes
        view: Any = super().as_view(**initkwargs)
        view._non_atomic_requests = set(connections)  # each reader has a transaction of its own, see `calls.isolated`
        return view

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return self._response(request, read(self.context, request, self._question(request, is_page=self.wants_page)))

    head = get

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        permit_any(self.context, request)
        return super().options(request, *args, **kwargs)

    def handle_fast(self, request: Request, *, has_credentials: bool) -> HttpResponseBase:
        if has_credentials or not self.knows_sessions:
            self.perform_authentication(request)
        else:
            take_session_user(request)
        return self._response(request, read(self.context, request, self._question(request, is_page=False)))

    def answering(self, request: Request) -> Steps[HttpResponseBase]:
        """The steps from a caller who is known to the response."""
        answer = yield from reading(self.context, request, self._question(request, is_page=self.wants_page))
        return self._response(request, answer)

    def _question(self, request: Request, *, is_page: bool) -> Question:
        """What is asked. Equal texts ask the same, so each is read once."""
        text = request._request.META.get("QUERY_STRING", "")
        if is_page or len(text) > _LONGEST_REMEMBERED:
            return self._read_query(request, is_page=is_page)
        question = self.questions.get(text)
        if question is None:
            question = self._read_query(request, is_page=False)
            if len(self.questions) < _MOST_REMEMBERED:
                self.questions[text] = question
        return question

    def _read_query(self, request: Request, *, is_page: bool) -> Question:
        query = dict(request._request.GET.lists())
        with for_readers_only(self.context, request):
            return self._question_in(query, is_page=is_page)

    def _question_in(self, query: dict[str, list[Any]], *, is_page: bool) -> Question:
        only = query.pop(ONLY_PARAMETER, None)
        if is_page:  # a browser sends the empty inputs of a form too
            query = {name: texts for name, texts in query.items() if texts != [""]}
        wanted = None if only is None else [name for text in only for name in text.split(",") if name]
        asked_readers(self.context, query, wanted)  # what is unknown has no form to be read by
        return question_to(self.context, query_arguments(query, self.query_forms), wanted)

    def _response(self, request: Request, answer: Answer) -> HttpResponseBase:
        failure = answer.failure
        if failure is not None:
            return self.refuse(failure)
        body = answer.body()
        headers = {
            "ETag": f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"',
            HEADER_CACHE: answer.cache_status,
        }
        response = self.answer(body, headers)
        return _not_modified(request, response) or response


class AsyncContextView(AsyncDispatch, ContextView):
    """A context with an ``async def`` reader."""

    awaited_methods = ("get", "head")


def _not_modified(request: Request, response: Any) -> HttpResponseBase | None:
    """Django's 304, where the client has this answer already."""
    if "HTTP_IF_NONE_MATCH" not in request._request.META:
        return None
    known = get_conditional_response(request._request, etag=response.headers["ETag"], response=response)
    if known is None or known.status_code != 304:
        return None
    known.headers[HEADER_CACHE] = response.headers[HEADER_CACHE]
    return known
