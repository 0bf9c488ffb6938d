"""Logs, spans and metrics: where something failed and what kind of thing it was, never what a patient said."""

import io
import json
import logging

import pytest

from consilium_common import telemetry

CANARY = "my name is Zebulon"
SEEN: list[telemetry.Span] = []


@pytest.fixture
def logged(monkeypatch):
    """Set logging up as a service does, and return what it has written; put everything back afterwards."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    quiet = {name: logging.getLogger(name).level for name in telemetry._QUIET}
    written = io.StringIO()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(telemetry.sys, "stderr", written)
    telemetry.setup_logging("gateway", "gateway-1", "debug")
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    for handler in root.handlers:
        handler.close()
    root.handlers, root.level = before, level
    for name, was in quiet.items():
        logging.getLogger(name).setLevel(was)


def fail() -> None:
    try:
        {}[CANARY]
    except KeyError as error:
        raise ValueError(CANARY) from error


def work(parent: str) -> telemetry.Span:
    with telemetry.span("work", parent=parent, consult="c_1") as span:
        SEEN.append(span)
        assert telemetry.trace_id_of(telemetry.traceparent()) == "a" * 32
        fail()
    return span


def test_an_exception_is_logged_with_its_kind_and_place_and_without_its_message(logged):
    try:
        fail()
    except ValueError:
        logging.getLogger("consilium").exception("a handler failed", extra={"consult": "c_1"})
    (line,) = logged()
    assert CANARY not in json.dumps(line)
    assert line["exc_info"].startswith("ValueError at test_telemetry.py:")
    assert "fail" in line["exc_info"]
    assert (line["message"], line["consult"], line["service"], line["instance"], line["level"]) == (
        "a handler failed",
        "c_1",
        "gateway",
        "gateway-1",
        "ERROR",
    )


def test_drivers_that_print_commands_are_quiet_even_at_debug(logged):
    for name in ("pymongo.command", "neo4j.io", "httpx", "nats.aio", "uvicorn.access"):
        logging.getLogger(name).debug(CANARY)
        logging.getLogger(name).info(CANARY)
    logging.getLogger("consilium").debug("seen")
    assert [line["message"] for line in logged()] == ["seen"]


def test_a_span_names_the_kind_of_an_error_and_keeps_its_words_to_itself():
    provider = telemetry.setup_traces("test", "test-1", None)
    tracer = provider.get_tracer("consilium")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(telemetry.trace, "get_tracer", lambda _: tracer)
        parent = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
        with pytest.raises(ValueError, match="Zebulon"):
            work(parent)
    (span,) = SEEN
    assert span.status.description == "ValueError"
    assert CANARY not in span.to_json()
    provider.shutdown()


@pytest.mark.parametrize("parent", [None, "", "garbage", "00-1-2"])
def test_a_parent_that_is_none_has_no_trace_id(parent):
    assert telemetry.trace_id_of(parent) is None
