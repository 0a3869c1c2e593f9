"""
Spans and metrics for OpenTelemetry. Without its API package nothing happens, and without an SDK next to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

try:
    from opentelemetry import metrics, trace
except ModuleNotFoundError:  # an optional dependency: pip install mizan[otel]
    metrics = trace = None  # type: ignore[assignment]

_NAME = "mizan"
# A proxy: it uses the project's tracer provider once there is one.
_tracer: Any = None if trace is None else trace.get_tracer(_NAME)
_NO_SPAN = nullcontext()


def span(name: str, **attributes: str | int | bool) -> AbstractContextManager[Any]:
    """
    A span ``mizan.<name>`` around the block, with its attributes as ``mizan.<attribute>``. Gives the span, or None where
    OpenTelemetry is not set up.

    An exception that leaves the block is recorded by its type alone: its message may hold what callers sent.
    """
    if trace is None or isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        return _NO_SPAN  # nobody has set OpenTelemetry up
    return _span(name, attributes)


@contextmanager
def _span(name: str, attributes: Mapping[str, str | int | bool]) -> Iterator[Any]:
    named = {f"mizan.{key}": value for key, value in attributes.items()}
    with _tracer.start_as_current_span(
        f"mizan.{name}", attributes=named, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield current
        except Exception as error:
            current.set_attribute("error.type", type(error).__qualname__)
            current.set_status(trace.StatusCode.ERROR)
            raise


def counter(name: str, description: str) -> Any:
    """OpenTelemetry's counter ``mizan.<name>``, or None without its API package."""
    return None if metrics is None else metrics.get_meter(_NAME).create_counter(f"mizan.{name}", "1", description)


_calls = counter("calls", "Functions that were run")


def function_span(function: str) -> AbstractContextManager[Any]:
    """The span ``mizan.call`` around one run of *function*, which is counted."""
    if _calls is not None:
        _calls.add(1, {"function": function})
    return span("call", function=function)
