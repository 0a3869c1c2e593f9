"""
Reading the functions of a context for one caller, through the cache.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from asgiref.sync import async_to_sync
from pydantic_core import to_json

from mizan.dispatch.calls import arun, isolated, run
from mizan.dispatch.failures import Failure, failure_of
from mizan.dispatch.gates import admit, ungated_readers
from mizan.freshness.cached_read import CachedRead
from mizan.protocol.names import ERRORS_KEY, ONLY_PARAMETER
from mizan.service.endpoints import ContextEndpoint, Endpoint
from mizan.steps import THREAD, Step, Steps, adrive, drive
from mizan.wire.problems import InvalidInput


@dataclass(slots=True)
class Question:
    """
    Which readers of a context are asked, with which values of its parameters as they were sent.

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

    @property
    def failures(self) -> dict[str, Failure]:
        return {name: result for name, result in self.results.items() if isinstance(result, Failure)}

    @property
    def failure(self) -> Failure | None:
        """The failure of the whole context, where no reader has answered."""
        failures = self.failures
        return next(iter(failures.values())) if failures and len(failures) == len(self.results) else None

    def body(self) -> bytes:
        """Results by name, failures under ``$errors``."""
        parts = [to_json(name) + b":" + result for name, result in self.results.items() if isinstance(result, bytes)]
        failures = self.failures
        if failures:
            bodies = {name: failure.body() for name, failure in failures.items()}
            parts.append(to_json(ERRORS_KEY) + b":" + to_json(bodies))
        return b"{" + b",".join(parts) + b"}"


def question_to(context: ContextEndpoint, params: Mapping[str, Any], only: Iterable[str] | None = None) -> Question:
    """
    The question to *context* with *params*, to all of its readers or to *only* some.

    Raises:
        InvalidInput: the context has no such parameter, or no such reader.
    """
    names = asked_readers(context, only)
    require_parameters(context, params)
    return Question(names, params)


def asked_readers(context: ContextEndpoint, only: Iterable[str] | None) -> list[str]:
    """
    The names of the readers that are asked.

    Raises:
        InvalidInput: the context has no such reader, or none is named.
    """
    if only is None:
        return list(context.readers)
    names = sorted(set(only))
    if not names or any(name not in context.readers for name in names):
        raise InvalidInput({ONLY_PARAMETER: [f"The context has: {', '.join(context.readers)}"]})
    return names


def require_parameters(context: ContextEndpoint, names: Iterable[str]) -> None:
    """
    Raises:
        InvalidInput: one of *names* is no parameter of the context.
    """
    unknown = sorted(set(names) - set(context.parameter_names))
    if unknown:
        raise InvalidInput({name: ["The context has no such parameter"] for name in unknown})


def read(context: ContextEndpoint, request: Any, question: Question) -> Answer:
    """
    What the readers of *context* answer to *question*. A failure of one is its own; nothing is raised.

    Args:
        request: DRF's request, of a caller who is known.
    """
    return drive(reading(context, request, question))


async def aread(context: ContextEndpoint, request: Any, question: Question) -> Answer:
    """`read` on the event loop, where ``async def`` readers are awaited."""
    return await adrive(reading(context, request, question))


def reading(context: ContextEndpoint, request: Any, question: Question) -> Steps[Answer]:
    """The steps of `read` and `aread`, for a surface that has more steps around them."""
    yield THREAD
    results: dict[str, bytes | Failure] = {}
    admitted = _admitted(context, request, question, results)
    cached = CachedRead(context, request)
    if admitted:
        results |= cached.look_up(admitted)
    # Not the arguments that the entries are named by: a function may change what it is given.
    readers = [
        _Reader(cached, endpoint, request, _arguments(endpoint, question))
        for endpoint in map(context.readers.__getitem__, admitted)
        if endpoint.name not in results
    ]
    if readers:
        with closing(cached):
            yield from _compute(cached, readers, results)
    return Answer({name: results[name] for name in question.names}, cached.status)


def _admitted(
    context: ContextEndpoint, request: Any, question: Question, results: dict[str, bytes | Failure]
) -> dict[str, dict[str, Any]]:
    """The validated arguments of the readers that the caller may read. The failures of the others are put in *results*."""
    ungated = context.derive(ungated_readers)
    admitted: dict[str, dict[str, Any]] = {}
    for name in question.names:
        endpoint = context.readers[name]
        try:
            if name not in ungated:
                admit(endpoint, request)
            arguments = question.arguments.get(name)
            if arguments is None:
                arguments = question.arguments[name] = _arguments(endpoint, question)
            admitted[name] = arguments
        except Exception as error:
            results[name] = failure_of(error, where=endpoint.where, request=request)
    return admitted


def _arguments(endpoint: Endpoint, question: Question) -> dict[str, Any]:
    """The arguments of one reader: those of the context's parameters that it takes."""
    own = {name: value for name, value in question.params.items() if name in endpoint.parameter_names}
    return endpoint.arguments.read(own)


def _compute(cached: CachedRead, readers: list[_Reader], results: dict[str, bytes | Failure]) -> Steps[None]:
    """
    Compute what is missing: first the readers that wait for nobody, those in threads before those on the event loop, then the
    readers that somebody else may be computing.
    """
    now = set(cached.begin([reader.endpoint.name for reader in readers]))
    leading = sorted((one for one in readers if one.endpoint.name in now), key=lambda one: one.endpoint.is_async)
    for reader in leading:
        results[reader.endpoint.name] = yield from reader.computed()
    if leading:
        yield THREAD
        cached.store()
    for reader in readers:
        if reader.endpoint.name not in now:
            results[reader.endpoint.name] = yield from reader.followed()


class _Reader:
    """One reader that has to be computed for one request."""

    def __init__(self, cached: CachedRead, endpoint: Endpoint, request: Any, arguments: dict[str, Any]) -> None:
        self.cached = cached
        self.endpoint = endpoint
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
            body = yield from self.cached.follow(self.endpoint.name)
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
        work = run if not self.endpoint.is_async else async_to_sync(arun)
        with self.cached.computing(self.endpoint.name) as computed, isolated():
            computed.body = work(self.endpoint, self.request, self.arguments)
        return computed.body

    async def _computed_on_loop(self) -> bytes:
        with self.cached.computing(self.endpoint.name) as computed:
            computed.body = await arun(self.endpoint, self.request, self.arguments)
        return computed.body
