"""Logs, metrics and traces. None of them ever holds what a patient said."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from opentelemetry import context, trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client import Counter, Gauge, Histogram

from consilium_common.safelog import SafeFormatter

# From 1 ms to 30 s: a rule answers in the first buckets, a consult at its deadline in the last.
BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

HANDLED = Counter("consilium_handled_total", "Messages handled.", ("service", "type", "outcome"))
HANDLE_SECONDS = Histogram("consilium_handle_seconds", "Time to handle a message.", ("service", "type"), buckets=BUCKETS_S)
BURIED = Counter("consilium_buried_total", "Messages that became dead letters.", ("service", "reason"))
PUBLISHED = Counter("consilium_published_total", "Messages published.", ("service", "stream"))
REFUSED = Counter("consilium_refused_total", "Questions not accepted, by reason.", ("reason",))
STALLED = Counter("consilium_stalled_readers_total", "Streams that were cut because their reader took nothing.")
IN_FLIGHT = Gauge("consilium_in_flight", "Consults in flight in the whole deployment.")
IN_FLIGHT_LIMIT = Gauge("consilium_in_flight_limit", "How many may be in flight before questions are refused.")
PASSED_OVER = Counter("consilium_passed_over_total", "Calls not made to a store that has failed lately.", ("store",))

# Libraries whose debug logs print payloads or commands.
_QUIET = ("pymongo", "neo4j", "pymilvus", "httpx", "httpcore", "uvicorn.access", "nats", "asyncio", "urllib3", "opentelemetry")

_propagator = TraceContextTextMapPropagator()


def setup_logging(service: str, instance: str, level: str) -> None:
    """Write one JSON object a line to standard error: time, level, service, instance, logger, message, extras; redacted."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        SafeFormatter(
            "%(asctime)s %(levelname)s %(name)s %(message)s",
            rename_fields={"asctime": "at", "levelname": "level", "name": "logger"},
            static_fields={"service": service, "instance": instance},
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def setup_traces(service: str, instance: str, endpoint: str | None) -> TracerProvider:
    """Make spans for this process; they leave it only when an OTLP endpoint is configured."""
    provider = TracerProvider(resource=Resource.create({"service.name": service, "service.instance.id": instance}))
    if endpoint:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
        provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=1000))
    trace.set_tracer_provider(provider)
    return provider


@contextmanager
def span(name: str, *, parent: str | None = None, kind: SpanKind = SpanKind.INTERNAL, **attributes: Any) -> Iterator[Span]:
    """Run a block inside a span that continues `parent`, a W3C traceparent. Attributes hold ids and counts only."""
    parent_context = _propagator.extract({"traceparent": parent}) if parent else None
    tracer = trace.get_tracer("consilium")
    with tracer.start_as_current_span(
        name, context=parent_context, kind=kind, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield current
        except BaseException as error:
            current.set_status(StatusCode.ERROR, type(error).__name__)  # the name only: a message may quote its input
            raise


def traceparent() -> str | None:
    """Return the W3C traceparent of the current span, if there is one."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier, context.get_current())
    return carrier.get("traceparent")


def trace_id_of(parent: str | None) -> str | None:
    """Return the trace id in a W3C traceparent."""
    return parent.split("-")[1] if parent and parent.count("-") == 3 else None
