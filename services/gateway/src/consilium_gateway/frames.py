"""An event of the bus as the bytes that a client reads."""

from typing import Any

import orjson

from consilium_common.contracts.events import FINAL_NAMES, client_type
from consilium_common.telemetry import trace_id_of
from consilium_gateway.cursor import Cursors

SCHEMA = "consilium.event.v1"
RETRY = b"retry: 2000\n\n"
KEEP_ALIVE = b": keep-alive\n\n"
COME_BACK = b": this gateway stops; come back with Last-Event-ID\nretry: 250\n\n"


def event_of(envelope: dict[str, Any], seq: int) -> dict[str, Any]:
    """Return what a client sees of an event. `seq` counts from 1 within its consult."""
    data = envelope["data"]
    event = {
        "schema": SCHEMA,
        "type": client_type(envelope["type"]),
        "consult_id": envelope["correlation_id"],
        "seq": seq,
        "at": envelope["occurred_at"],
        "attempt": envelope["attempt"],
        "trace_id": trace_id_of(envelope.get("traceparent")),
        "data": data,
    }
    return {**event, "agent": data["agent"]} if "agent" in data else event


def frame_of(event: dict[str, Any], cursors: Cursors) -> bytes:
    """Return the SSE frame of an event: id, type and one line of JSON."""
    cursor = cursors.make(event["consult_id"], event["seq"])
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (cursor.encode(), event["type"].encode(), orjson.dumps(event))


def is_final(event: dict[str, Any]) -> bool:
    """Return whether a consult ends with this event."""
    return event["type"] in FINAL_NAMES
