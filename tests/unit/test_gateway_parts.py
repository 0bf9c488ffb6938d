"""Cursors, frames and bodies of the gateway: what a client sends and sees."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from consilium_common.contracts.commands import AssessCase
from consilium_common.contracts.envelope import wrap
from consilium_common.contracts.events import AgentStarted, ConsultFailed
from consilium_common.errors import ConsiliumError
from consilium_common.stores.errors import ConflictError, StoreError
from consilium_gateway.body import MESSAGE_LIMIT, Ask, ChatAsk, read_body
from consilium_gateway.cursor import Cursors
from consilium_gateway.frames import event_of, frame_of, is_final
from consilium_gateway.problems import RequestError, problem_of

CURSORS = Cursors(b"k" * 32)


@given(st.integers(1, 2**31 - 1))
def test_a_cursor_is_read_at_every_replica_with_the_same_key(seq):
    assert Cursors(b"k" * 32).read("c_1", CURSORS.make("c_1", seq)) == seq


@given(st.text(max_size=60))
def test_garbage_is_no_cursor(text):
    with pytest.raises(RequestError) as refused:
        CURSORS.read("c_1", text)
    assert refused.value.status == 400


@pytest.mark.parametrize(
    "cursor", [CURSORS.make("c_2", 5), Cursors(b"x" * 32).make("c_1", 5), CURSORS.make("c_1", 5).replace("5-", "6-")]
)
def test_a_cursor_of_another_consult_key_or_place_is_refused(cursor):
    with pytest.raises(RequestError, match="not an id of this consult"):
        CURSORS.read("c_1", cursor)


def event(message, seq=1, **more):
    envelope = wrap(message, "test", correlation_id="c_1", traceparent="00-" + "a" * 32 + "-" + "b" * 16 + "-01", **more)
    return event_of(orjson.loads(envelope.model_dump_json()), seq)


def test_a_frame_has_id_type_and_one_line_of_json():
    lines = frame_of(event(AgentStarted(agent="gp"), 7), CURSORS).decode().split("\n")
    assert lines[0] == f"id: {CURSORS.make('c_1', 7)}"
    assert lines[1] == "event: agent.started"
    assert lines[3:] == ["", ""]
    data = orjson.loads(lines[2].removeprefix("data: "))
    assert data["schema"] == "consilium.event.v1"
    assert (data["type"], data["consult_id"], data["seq"], data["agent"]) == ("agent.started", "c_1", 7, "gp")
    assert data["trace_id"] == "a" * 32


def test_newlines_in_data_stay_inside_their_line():
    frame = frame_of(event(AgentStarted(agent="a\nb\r\nc")), CURSORS)
    assert frame.count(b"\n") == 4


def test_only_finals_end_a_consult():
    assert is_final(event(ConsultFailed()))
    assert not is_final(event(AgentStarted(agent="gp")))
    assert not is_final(event(AssessCase(specialist="gp", gateway="g", view_id="v", snapshot_id="s")))


def request(body, content_type="application/json"):
    sent = [
        {"type": "http.request", "body": body[i : i + 65536], "more_body": i + 65536 < len(body)}
        for i in range(0, len(body) or 1, 65536)
    ]

    async def receive():
        return sent.pop(0)

    headers = [(b"content-type", content_type.encode())] if content_type else []
    return Request({"type": "http", "method": "POST", "path": "/", "headers": headers}, receive)


@pytest.mark.parametrize(
    ("body", "content_type", "status", "says"),
    [
        (b'{"message": "x"}', "text/plain", 415, "'text/plain'"),
        (b'{"message": "x"}', "", 415, "says nothing"),
        (b'{"message": ', "application/json", 400, "line 1"),
        (b"", "application/json", 400, "empty"),
        (b'{"message": "\xff"}', "application/json", 400, "not JSON"),
        (b"[]", "application/json", 422, "body"),
        (b"{}", "application/json", 422, "message"),
        (b'{"message": "  \\n "}', "application/json", 422, "is empty"),
        (b'{"message": 5}', "application/json", 422, "message"),
        (b'{"message": "x\\u0001"}', "application/json", 422, "no text"),
        (b'{"message": "x", "surprise": 1}', "application/json", 422, "surprise"),
        (orjson.dumps({"message": "a" * (MESSAGE_LIMIT + 1)}), "application/json", 422, "40,001 characters"),
        (orjson.dumps({"message": "a" * 300_000}), "application/json", 413, "256 KiB"),
    ],
)
async def test_a_body_that_cannot_be_used_is_refused_with_its_reason(body, content_type, status, says):
    with pytest.raises(RequestError) as refused:
        await read_body(request(body, content_type), Ask)
    assert refused.value.status == status
    assert says in refused.value.message


async def test_a_refusal_never_quotes_what_was_sent():
    with pytest.raises(RequestError) as refused:
        await read_body(request(b'{"message": "x", "audience": "my name is Zebulon"}'), Ask)
    assert "Zebulon" not in refused.value.message


async def test_a_good_body_is_read_with_its_charset():
    ask = await read_body(
        request('{"message": "fièvre 38,5", "stream": false}'.encode(), "Application/JSON; charset=utf-8"), ChatAsk
    )
    assert (ask.message, ask.stream) == ("fièvre 38,5", False)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ConsiliumError("token_expired", "m"), 401),
        (ConflictError("m"), 409),
        (StoreError("documents", "m"), 503),
        (ConsiliumError("odd", "m"), 500),
        (RequestError(418, "t", "c", "m"), 418),
    ],
)
def test_every_error_has_its_status(error, status):
    assert problem_of(error).status == status
