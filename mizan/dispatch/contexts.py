"""
Reading the functions of a context for one caller, through the cache.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from mizan.dispatch.calls import arun, run_isolated
from mizan.dispatch.failures import Failure, failure_of
from mizan.dispatch.gates import admit, ungated_readers
from mizan.freshness.cached_read import CachedRead
from mizan.protocol.names import ERRORS_KEY, GLOBAL_CONTEXT, ONLY_PARAMETER
from mizan.service.endpoints import ContextEndpoint, Endpoint
from mizan.steps import THREAD, Step, Steps, drive
from mizan.wire.problems import InvalidInput, grouped
from mizan.wire.validation import RawJson

REFUSALS = frozenset({"UNAUTHORIZED", "FORBIDDEN"})
"""What a caller is told who may not read something."""

_UNCHANGEABLE = frozenset({bool, bytes, date, datetime, Decimal, float, int, str, time, timedelta, type(None), UUID})


@dataclass(slots=True)
class Question:
    """
    Which readers of a context are asked, with which values of its parameters, as they were sent: JSON data.

    *arguments* are the validated arguments by reader, of those that were validated before. A question may be kept and shared
    between requests, so they are read-only: functions get freshly validated copies.
    """

    names: list[str]
    params: Mapping[str, Any]
    arguments: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Answer:
    """
    What each reader answered, JSON or its failure, in the order of the question. *cache_status* is HIT, MISS or BYPASS.
    """

    results: dict[str, bytes | Failure]
    cache_status: str
    is_for_visitors: bool = False
    """Whether it is an answer that the caller may read nothing: a page asks the global context before anybody has logged in."""
    failures: dict[str, Failure] = field(init=False)
    failure: Failure | None = field(init=False)
    """The failure of the whole context, where no reader has answered."""

    def __post_init__(self) -> None:
        self.failures = {name: result for name, result in self.results.items() if isinstance(result, Failure)}
        is_whole = bool(self.failures) and len(self.failures) == len(self.results)
        if self.is_for_visitors and all(failure.code in REFUSALS for failure in self.failures.values()):
            is_whole = False
        self.failure = _gravest(self.failures.values()) if is_whole else None

    def body(self) -> bytes:
        """Results by name, failures under ``$errors``."""
        parts = [to_json(name) + b":" + result for name, result in self.results.items() if isinstance(result, bytes)]
        if self.failures:
            bodies = {name: failure.body() for name, failure in self.failures.items()}
            parts.append(to_json(ERRORS_KEY) + b":" + to_json(bodies))
        return b"{" + b",".join(parts) + b"}"


def _gravest(failures: Iterable[Failure]) -> Failure:
    """The failure that says most: a bug before a bad question, and that before a refusal. Of equals the first."""
    return max(failures, key=lambda failure: (failure.status >= 500, failure.code not in REFUSALS))


def question_to(context: ContextEndpoint, params: Mapping[str, Any], only: Iterable[str] | None = None) -> Question:
    """
    The question to *context* with *params*, to all of its readers or to *only* some.

    Raises:
        InvalidInput: the context has no such parameter, or no such reader.
    """
    names = asked_readers(context, params, only)
    return Question(names, {**dict.fromkeys(context.null_names), **params})


def asked_readers(context: ContextEndpoint, params: Iterable[str], only: Iterable[str] | None) -> list[str]:
    """
    The names of the readers that are asked.

    Args:
        params: The names of the parameters that are given.

    Raises:
        InvalidInput: the context has no such parameter or no such reader, or no reader is named.
    """
    names = list(context.readers) if only is None else sorted(set(only))
    if not names or any(name not in context.readers for name in names):
        raise InvalidInput({ONLY_PARAMETER: [f"The context has: {', '.join(context.readers)}"]})
    unknown = sorted(set(params).difference(context.parameter_names))
    if unknown:
        raise InvalidInput(grouped((name, "The context has no such parameter") for name in unknown))
    return names


def read(context: ContextEndpoint, request: Any, question: Question) -> Answer:
    """
    What the readers of *context* answer to *question*. A failure of one is its own; nothing is raised.

    Args:
        request: DRF's request, of a caller who is known.
    """
    begun = _Read(context, request, question)
    if begun.missing:
        drive(begun.computed())
    return begun.answer()


def reading(context: ContextEndpoint, request: Any, question: Question) -> Steps[Answer]:
    """The steps of `read`, for a surface that has more steps around them or an event loop."""
    begun = _Read(context, request, question)
    if begun.missing:
        yield from begun.computed()
    return begun.answer()


class _Read:
    """
    One question being answered. When it is made, everything that needs no function is done: gates, validation, the cache.
    """

    def __init__(self, context: ContextEndpoint, request: Any, question: Question) -> None:
        self.context = context
        self.request = request
        self.question = question
        self.results: dict[str, bytes | Failure] = {}
        admitted = self._admitted()
        self.cached = CachedRead.look_up(context, request, question.params, admitted)
        self.results |= self.cached.found
        # Not the arguments that the entries are named by: a function may change what it is given.
        self.missing = [
            _Reader(self.cached, context.readers[name], request, _fresh(context.readers[name], question, arguments))
            for name, arguments in admitted.items()
            if name not in self.results
        ]

    def answer(self) -> Answer:
        results = {name: self.results[name] for name in self.question.names}
        return Answer(results, self.cached.status, self.context.name == GLOBAL_CONTEXT)

    def _admitted(self) -> dict[str, dict[str, Any]]:
        """The validated arguments of the readers that the caller may read. The failures of the others are results."""
        ungated = self.context.derive(ungated_readers)
        question = self.question
        admitted: dict[str, dict[str, Any]] = {}
        for name in question.names:
            endpoint = self.context.readers[name]
            try:
                if name not in ungated:
                    admit(endpoint, self.request)
                arguments = question.arguments.get(name)
                if arguments is None:
                    arguments = question.arguments[name] = _arguments(endpoint, question)
                admitted[name] = arguments
            except Exception as error:
                self.results[name] = failure_of(error, where=endpoint.where, request=self.request)
        return admitted

    def computed(self) -> Steps[None]:
        """
        Compute what is missing: first the readers that wait for nobody, those in threads before those on the event loop, then
        the readers that somebody else may be computing.
        """
        with closing(self.cached) as cached:
            now = set(cached.begin([reader.name for reader in self.missing]))
            leading = sorted((one for one in self.missing if one.name in now), key=lambda one: one.endpoint.is_async)
            for reader in leading:
                self.results[reader.name] = yield from reader.computed()
            if leading:
                if leading[-1].endpoint.is_async:
                    yield THREAD
                cached.store()
            for reader in self.missing:
                if reader.name not in now:
                    self.results[reader.name] = yield from reader.followed()


def _arguments(endpoint: Endpoint, question: Question) -> dict[str, Any]:
    """The arguments of one reader: those of the context's parameters that it takes."""
    own = {name: value for name, value in question.params.items() if name in endpoint.parameter_names}
    # Validated as the body of a call is: `date | str` takes a date for a date.
    return endpoint.arguments.read(RawJson(json.dumps(own).encode()))


def _fresh(endpoint: Endpoint, question: Question, arguments: dict[str, Any]) -> dict[str, Any]:
    """*arguments* in a form that the function may change."""
    if all(type(value) in _UNCHANGEABLE for value in arguments.values()):
        return dict(arguments)
    return _arguments(endpoint, question)


class _Reader:
    """One reader that has to be computed for one request."""

    def __init__(self, cached: CachedRead, endpoint: Endpoint, request: Any, arguments: dict[str, Any]) -> None:
        self.cached = cached
        self.endpoint = endpoint
        self.name = endpoint.name
        self.request = request
        self.arguments = arguments

    def computed(self) -> Steps[bytes | Failure]:
        """What the function answers. Ends on the event loop where the function is asynchronous."""
        try:
            if not self.endpoint.is_async:
                return self._computed_in_thread()
            body: bytes = yield Step(self._computed_in_thread, self._computed_on_loop)
        except Exception as error:
            yield THREAD
            return failure_of(error, where=self.endpoint.where, request=self.request)
        return body

    def followed(self) -> Steps[bytes | Failure]:
        """What somebody else computes, or in the end this caller. Ends in a thread."""
        try:
            body = yield from self.cached.follow(self.name)
        except Exception as error:
            yield THREAD
            return failure_of(error, where=self.endpoint.where, request=self.request)
        if body is not None:
            return body
        yield THREAD
        result = yield from self.computed()
        yield THREAD
        self.cached.store()
        return result

    def _computed_in_thread(self) -> bytes:
        with self.cached.computing(self.name) as computed:
            computed.body = run_isolated(self.endpoint, computed.request, self.arguments)
        return computed.body

    async def _computed_on_loop(self) -> bytes:
        with self.cached.computing(self.name) as computed:
            computed.body = await arun(self.endpoint, computed.request, self.arguments)
        return computed.body
