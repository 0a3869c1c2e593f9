"""
Running one function for one caller who was let in, and what its success makes stale.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from asgiref.sync import sync_to_async
from django.core.exceptions import SynchronousOnlyOperation
from django.db import connections, transaction
from pydantic_core import to_json

from mizan.bridge.drf_annotations import serializer_context
from mizan.dispatch.endpoints import Endpoint
from mizan.dispatch.stale import Stale
from mizan.dispatch.staleness import announce
from mizan.protocol.envelope import invalidation_header
from mizan.telemetry import Counter, span

calls = Counter("calls", "Functions that were run")


class Outcome:
    """
    A success: its result as JSON, the contexts that it made stale, and the slots that it replaces.
    """

    __slots__ = ("invalidate", "merged", "result")

    def __init__(self, result: bytes, stale: Sequence[Stale] = (), merged: Sequence[Stale] = ()) -> None:
        self.result = result
        exact = [change for change in merged if change.is_spelled_one_way]
        doubtful = [change for change in merged if not change.is_spelled_one_way]  # to be fetched instead
        self.invalidate = [change.entry() for change in (*stale, *doubtful)]
        self.merged = [change.entry() for change in exact]

    def envelope(self) -> bytes:
        """The success body."""
        if not self.invalidate and not self.merged:
            return b'{"result":' + self.result + b"}"
        parts = [b'{"result":' + self.result]
        if self.invalidate:
            parts.append(b'"invalidate":' + to_json(self.invalidate))
        parts.append(b'"event":"' + secrets.token_hex(8).encode() + b'"')
        if self.merged:
            slots = [to_json(slot)[:-1] + b',"value":' + self.result + b"}" for slot in self.merged]
            parts.append(b'"merge":[' + b",".join(slots) + b"]")
        return b",".join(parts) + b"}"

    def header(self) -> str:
        """
        ``X-Mizan-Invalidate``, or an empty string.

        It names the merged slots too: a cache between server and client holds the old ones and sees no body.
        """
        stale = [*self.invalidate, *self.merged]
        return invalidation_header(stale) if stale else ""


def call(endpoint: Endpoint, request: Any, arguments: Mapping[str, Any]) -> Outcome:
    """
    Run *endpoint* and write its result.

    Args:
        arguments: As validated by the endpoint's own types.

    Raises:
        OutputMismatch: the result is not of the declared type.
        Exception: whatever the function raises.
    """
    with _running(endpoint, request):
        value = endpoint.spec.function(request, **arguments)
        return succeed(endpoint, arguments, _written(endpoint, value))


async def acall(endpoint: Endpoint, request: Any, arguments: Mapping[str, Any]) -> Outcome:
    """`call` for an ``async def`` function, awaited where it is."""
    with _running(endpoint, request):
        value = await endpoint.spec.function(request, **arguments)
        if endpoint.result.needs_thread:
            result = await sync_to_async(_written)(endpoint, value)
        else:
            try:
                result = _written(endpoint, value)
            except SynchronousOnlyOperation:  # a queryset, which asks the database only now
                result = await sync_to_async(_written)(endpoint, value)
        if endpoint.affects or endpoint.merges:  # a transaction and the cache belong to a thread
            return await sync_to_async(succeed)(endpoint, arguments, result)
        return succeed(endpoint, arguments, result)


def succeed(endpoint: Endpoint, arguments: Mapping[str, Any], result: bytes) -> Outcome:
    """What follows from a success: what it makes stale becomes so when its transaction commits."""
    if not endpoint.affects and not endpoint.merges:
        return Outcome(result)
    stale, merged = endpoint.made_stale(arguments), endpoint.merged(arguments)
    announce([*stale, *merged])
    return Outcome(result, stale, merged)


@contextmanager
def isolated() -> Iterator[None]:
    """
    Keep a failure of one function to itself: what it wrote is taken back, and the database serves the functions beside it.

    The transaction that ATOMIC_REQUESTS asks for is opened here and not around the request. Versions of what is cached are
    read before it, so that it cannot show a state older than they are.
    """
    with ExitStack() as stack:
        for alias in connections:
            connection = connections[alias]
            if connection.in_atomic_block or connection.settings_dict["ATOMIC_REQUESTS"]:
                stack.enter_context(transaction.atomic(using=alias))
        yield


@contextmanager
def _running(endpoint: Endpoint, request: Any) -> Iterator[None]:
    token = serializer_context.set({"request": request})
    try:
        calls.add(function=endpoint.name)
        with span("call", function=endpoint.name):
            yield
    finally:
        serializer_context.reset(token)


def _written(endpoint: Endpoint, value: Any) -> bytes:
    if not endpoint.result.needs_thread:
        return endpoint.written(value)
    token = serializer_context.set({**serializer_context.get(), "is_output": True})
    try:
        return endpoint.written(value)
    finally:
        serializer_context.reset(token)
