"""
Calling one function for a caller who was let in, and what its success invalidates.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from functools import partial
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.core.exceptions import SynchronousOnlyOperation
from django.db import connections, transaction
from pydantic_core import to_json

from mizan.drf.annotations import serializer_context
from mizan.freshness.commit import announce
from mizan.protocol.envelope import invalidation_header
from mizan.service.endpoints import Endpoint
from mizan.service.invalidations import Invalidation
from mizan.steps import THREAD, Steps, awaited, drive
from mizan.telemetry import function_span
from mizan.wire.policy import MAX_INTEGER
from mizan.wire.problems import OutputMismatch

logger = logging.getLogger("mizan")


class Outcome:
    """
    A success: its *result* as JSON, what it invalidates and what it merges, and the id of the *event*, which is the same for
    everybody who is told of it. Where nothing changes there is no event.
    """

    __slots__ = ("envelope", "event", "header", "invalidate", "merge", "result")

    def __init__(
        self,
        result: bytes,
        invalidated: Sequence[Invalidation] = (),
        merged: Sequence[Invalidation] = (),
        event: str | None = None,
    ) -> None:
        self.result = result
        exact = [one for one in merged if one.is_spelled_one_way]
        doubtful = [one for one in merged if not one.is_spelled_one_way]  # to be fetched instead
        self.invalidate = [one.body() for one in (*invalidated, *doubtful)]
        self.merge = [one.body() for one in exact]
        self.event = event
        self.envelope = b'{"result":' + result + b"}" if event is None else self._changed(event)
        """The success body."""
        self.header = "" if event is None else invalidation_header([*self.invalidate, *self.merge])
        """
        ``X-Mizan-Invalidate``, or an empty string. It names the merged readers too: a cache between server and client holds
        their old values and sees no body.
        """

    def _changed(self, event: str) -> bytes:
        parts = [b'{"result":' + self.result]
        if self.invalidate:
            parts.append(b'"invalidate":' + to_json(self.invalidate))
        parts.append(b'"event":"' + event.encode() + b'"')
        if self.merge:
            merged = [to_json(item)[:-1] + b',"value":' + self.result + b"}" for item in self.merge]
            parts.append(b'"merge":[' + b",".join(merged) + b"]")
        return b",".join(parts) + b"}"


def serve(endpoint: Endpoint, request: Any, sent: Any) -> Outcome:
    """
    Call *endpoint* with what a client sent.

    Args:
        request: What the function gets: DRF's request, of a caller whom `gates.admit` let in.
        sent: `RawJson`, or Python data.

    Raises:
        MalformedInput, InvalidInput: what was sent is refused.
        OutputMismatch: the result is not of the declared type.
        Exception: whatever the function raises.
    """
    if endpoint.is_async:
        return drive(serving(endpoint, request, sent))
    return _serve(endpoint, request, sent)


def serving(endpoint: Endpoint, request: Any, sent: Any, *, opens_transaction: bool = False) -> Steps[Outcome]:
    """
    The steps of `serve`, for a surface that has more steps around them or an event loop.

    Args:
        opens_transaction: Obey ATOMIC_REQUESTS here. Around a view Django does.
    """
    if not endpoint.is_async:
        with _transaction_per_request(endpoint) if opens_transaction else nullcontext():
            return _serve(endpoint, request, sent)
    arguments = endpoint.arguments.read(sent)
    try:
        result = yield awaited(partial(arun, endpoint, request, arguments))
    except OutputMismatch:
        yield THREAD
        succeed(endpoint, arguments, b"null")
        raise
    if endpoint.affects or endpoint.merges:
        yield THREAD  # a transaction and the cache belong to a thread
    return succeed(endpoint, arguments, result)


def _serve(endpoint: Endpoint, request: Any, sent: Any) -> Outcome:
    arguments = endpoint.arguments.read(sent)
    try:
        result = run(endpoint, request, arguments)
    except OutputMismatch:  # the function has done its work all the same, and where nothing rolls it back it is there
        succeed(endpoint, arguments, b"null")
        raise
    return succeed(endpoint, arguments, result)


def succeed(endpoint: Endpoint, arguments: Mapping[str, Any], result: bytes) -> Outcome:
    """What follows from a success: it is announced, and told to others when its transaction commits."""
    if not endpoint.affects and not endpoint.merges:
        return Outcome(result)
    try:
        invalidated, merged = endpoint.changed(arguments)
        return Outcome(result, invalidated, merged, announce([*invalidated, *merged]))
    except Exception:  # what was written is written, so nothing may keep anybody from hearing of it
        logger.exception("What %s changed could not be said exactly; whole contexts are invalidated", endpoint.where)
        whole = [
            Invalidation(context) for context in sorted({one.context for one in (*endpoint.affects, *endpoint.merges)})
        ]
        return Outcome(result, whole, (), announce(whole))


def run(endpoint: Endpoint, request: Any, arguments: Mapping[str, Any]) -> bytes:
    """The result of a function as JSON. Raises what `serve` raises, but for the refusals of what was sent."""
    with _running(endpoint, request):
        return _written(endpoint, endpoint.spec.function(request, **arguments))


def run_isolated(endpoint: Endpoint, request: Any, arguments: Mapping[str, Any]) -> bytes:
    """`run` inside of `isolated`, an ``async def`` function too."""
    with isolated(endpoint):
        return (async_to_sync(arun) if endpoint.is_async else run)(endpoint, request, arguments)


async def arun(endpoint: Endpoint, request: Any, arguments: Mapping[str, Any]) -> bytes:
    """`run` for an ``async def`` function."""
    with _running(endpoint, request):
        value = await endpoint.spec.function(request, **arguments)
        if endpoint.result.needs_thread or isinstance(value, Iterator):  # which can be gone through only once
            return await sync_to_async(_written)(endpoint, value)
        try:
            return _written(endpoint, value)
        except (SynchronousOnlyOperation, OutputMismatch) as error:
            if not _asked_the_database(error):
                raise
            return await sync_to_async(_written)(endpoint, value)


def _asked_the_database(error: Exception) -> bool:
    """Whether writing failed because a queryset, a relation or a property asks the database only now."""
    return isinstance(error, SynchronousOnlyOperation) or SynchronousOnlyOperation.__name__ in str(error)


@contextmanager
def isolated(endpoint: Endpoint) -> Iterator[None]:
    """
    Keep a failure of *endpoint* to itself: what it wrote is rolled back, and the database serves the functions beside it.

    The transaction that ATOMIC_REQUESTS asks for is opened here and not around the request. Tag versions are read before it,
    so that it cannot show data that is older than they are. ``@transaction.non_atomic_requests`` is obeyed.
    """
    exempt = non_atomic_databases(endpoint)
    with ExitStack() as stack:
        for alias in connections:
            connection = connections[alias]
            is_asked_for = connection.settings_dict["ATOMIC_REQUESTS"] and alias not in exempt
            if connection.in_atomic_block or is_asked_for:
                stack.enter_context(transaction.atomic(using=alias))
        yield


def non_atomic_databases(endpoint: Endpoint) -> set[str]:
    """The databases for which the function asks for no transaction around it, by ``@transaction.non_atomic_requests``."""
    return set(getattr(endpoint.spec.function, "_non_atomic_requests", ()))


@contextmanager
def _transaction_per_request(endpoint: Endpoint) -> Iterator[None]:
    """What ATOMIC_REQUESTS asks for."""
    exempt = non_atomic_databases(endpoint)
    with ExitStack() as stack:
        for alias in connections:
            if connections[alias].settings_dict["ATOMIC_REQUESTS"] and alias not in exempt:
                stack.enter_context(transaction.atomic(using=alias))
        yield


@contextmanager
def _running(endpoint: Endpoint, request: Any) -> Iterator[None]:
    token = serializer_context.set({"request": request})
    try:
        with function_span(endpoint.name):
            yield
    finally:
        serializer_context.reset(token)


def _written(endpoint: Endpoint, value: Any) -> bytes:
    try:
        text = endpoint.result.written(value)
    except OutputMismatch as error:
        raise OutputMismatch(f"{endpoint.where} returned what its type does not allow: {error}") from error.__cause__
    if settings.DEBUG:
        _require_exact_integers(text, endpoint.where)
    return text


def _require_exact_integers(text: bytes, where: str) -> None:
    """Tell a developer, while DEBUG is on, of integers that would change on their way into JavaScript."""

    def check(digits: str) -> int:
        value = int(digits)
        if abs(value) > MAX_INTEGER:
            raise OutputMismatch(
                f"{where} returned {value}, which JavaScript cannot hold exactly. Declare it BigInt (from mizan.types)."
            )
        return value

    json.loads(text, parse_int=check)
