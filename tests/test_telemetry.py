"""
What OpenTelemetry sees of a call, and that nobody needs it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from mizan.client import client
from tests.api import CachedApi


class Seen:
    """What has reached the exporters since the test began."""

    def __init__(self, spans: InMemorySpanExporter, reader: InMemoryMetricReader) -> None:
        self._spans, self._reader = spans, reader
        self._before = self._counts()

    def spans(self, name: str) -> list[ReadableSpan]:
        return [span for span in self._spans.get_finished_spans() if span.name == name]

    def counts(self) -> dict[str, float]:
        """How far each metric has grown."""
        return {name: now - self._before.get(name, 0) for name, now in self._counts().items()}

    def _counts(self) -> dict[str, float]:
        data: Any = self._reader.get_metrics_data()
        if data is None:
            return {}
        return {
            metric.name: sum(point.value for point in metric.data.data_points)
            for resource in data.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }


@pytest.fixture(scope="session")
def exporters() -> tuple[InMemorySpanExporter, InMemoryMetricReader]:
    """One of each for the process: OpenTelemetry takes no second provider."""
    spans, reader = InMemorySpanExporter(), InMemoryMetricReader()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    trace.set_tracer_provider(provider)
    metrics.set_meter_provider(MeterProvider([reader]))
    return spans, reader


@pytest.fixture
def seen(exporters: tuple[InMemorySpanExporter, InMemoryMetricReader]) -> Iterator[Seen]:
    """An exporter that has seen nothing yet."""
    exporters[0].clear()
    yield Seen(*exporters)
    exporters[0].clear()


def test_calls_reads_and_invalidations_are_seen(cached: CachedApi, seen: Seen) -> None:
    """A miss, a hit and a mutation: spans with the names of functions and contexts, and counts."""

    @client(auth=False, context="count")
    def number(request: Any) -> int:
        return 1

    @client(auth=False, affects="count")
    def change(request: Any) -> None: ...

    cached.serve(number, change)
    cached.read("count/")
    cached.read("count/")
    cached.call("change")

    assert [span.attributes for span in seen.spans("mizan.call")] == [
        {"mizan.function": "number"},
        {"mizan.function": "change"},
    ]
    assert [span.attributes for span in seen.spans("mizan.cache.look_up")] == [
        {"mizan.context": "count", "mizan.hits": 0, "mizan.misses": 1},
        {"mizan.context": "count", "mizan.hits": 1, "mizan.misses": 0},
    ]
    assert [span.attributes for span in seen.spans("mizan.invalidate")] == [{"mizan.tags": 1, "mizan.owed": False}]
    counts = seen.counts()
    assert {name: counts[f"mizan.{name}"] for name in ("calls", "cache.hits", "cache.misses", "cache.stores")} == {
        "calls": 2,
        "cache.hits": 1,
        "cache.misses": 1,
        "cache.stores": 1,
    }
    assert counts["mizan.cache.invalidations"] == 1


def test_a_failure_is_seen_by_its_type_alone(cached: CachedApi, seen: Seen) -> None:
    """What a caller sent may be in the message, and does not belong in a trace."""

    @client(auth=False)
    def fail(request: Any, text: str) -> None:
        raise ValueError(text)

    cached.serve(fail)
    cached.call("fail", text="my password")

    [span] = seen.spans("mizan.call")
    assert span.attributes == {"mizan.function": "fail", "error.type": "ValueError"}
    assert not span.status.is_ok
    assert "my password" not in span.to_json()


def test_nobody_needs_it() -> None:
    """Without the package the same code runs and says nothing."""
    program = (
        "import sys; sys.modules['opentelemetry'] = None\n"
        "from mizan.telemetry import counter, function_span, span\n"
        "assert counter('calls', 'text') is None\n"
        "with function_span('x'), span('call', function='x') as current: assert current is None\n"
        "print('ran')"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("ran\n", "")
