"""`consilium ask` as a client: it reads a stream, takes it up again where it was cut, and says plainly what was refused."""

import json
from collections.abc import Callable, Iterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium_cli.ask.client import TRIES_WITHOUT_NEWS, Accepted, ClientEvent, Gateway, GatewayError
from consilium_cli.ask.sse import SseEvent, parse

URL = "http://gateway.test"
ACCEPTED = Accepted(consult_id="c_1", events_url="/v1/consults/c_1/events?ticket=t")
one_line = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2028\u2029"), min_size=1)


def frame(number: int, type: str, data: dict[str, object] | None = None) -> str:
    """Return an event as the gateway writes it."""
    body = {"schema": "consilium.event.v1", "type": type, "seq": number, "data": data or {}}
    return f"id: {number}\nevent: {type}\ndata: {json.dumps(body)}\n\n"


def gateway(*answers: httpx.Response | Exception) -> tuple[Gateway, list[httpx.Request]]:
    """Return a gateway that gives these answers one after another, the last one for ever, and the requests that it got."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        given = answers[min(len(seen), len(answers)) - 1]
        if isinstance(given, Exception):
            raise given
        return given

    return Gateway(URL, "token", httpx.Client(transport=httpx.MockTransport(answer))), seen


def stream(*frames: str, cut: bool = False) -> httpx.Response:
    """Return a stream of events that ends, or breaks off."""

    def body() -> Iterator[bytes]:
        yield b"retry: 2000\n\n"
        yield from (piece.encode() for piece in frames)
        if cut:
            raise httpx.ReadError("cut")

    return httpx.Response(200, content=body())


def followed(given: Gateway) -> list[str]:
    """Return the types of all events."""
    return [event.type for event in given.events(ACCEPTED, retry_after_s=0)]


@given(st.lists(st.tuples(one_line, one_line, st.lists(one_line, min_size=1, max_size=3))))
def test_every_event_is_read_as_it_was_written(events: list[tuple[str, str, list[str]]]) -> None:
    lines = [
        line
        for event_id, kind, data in events
        for line in (f"id: {event_id}", ": a comment", f"event: {kind}", *(f"data: {part}" for part in data), "")
    ]
    assert list(parse(lines)) == [SseEvent(event_id, kind, "\n".join(data)) for event_id, kind, data in events]


def test_odd_lines_of_a_stream_are_read_as_the_standard_says() -> None:
    lines = ["data:no space", "", "event: only", "", "id: 7", "data: x", "", "data: kept id", "", "data: unfinished"]
    assert list(parse(lines)) == [
        SseEvent("", "message", "no space"),
        SseEvent("7", "message", "x"),
        SseEvent("7", "message", "kept id"),
    ]


def test_a_question_is_submitted_once_under_one_key() -> None:
    accepted = httpx.Response(202, json={"consult_id": "c_1", "events_url": "/e", "status_url": "/s"})
    given, seen = gateway(httpx.ConnectError("lost"), accepted)
    assert given.submit("my knee locks", ["orthopedics"]).consult_id == "c_1"
    assert json.loads(seen[1].content) == {"message": "my knee locks", "specialists": ["orthopedics"]}
    assert seen[0].headers["idempotency-key"] == seen[1].headers["idempotency-key"]
    assert seen[1].headers["authorization"] == "Bearer token"


def test_events_are_followed_to_the_final() -> None:
    given, seen = gateway(stream(frame(1, "consult.accepted"), frame(2, "consult.completed"), frame(3, "never.read")))
    assert followed(given) == ["consult.accepted", "consult.completed"]
    assert str(seen[0].url) == f"{URL}/v1/consults/c_1/events?ticket=t"
    assert "last-event-id" not in seen[0].headers


@pytest.mark.parametrize("cut", [True, False])
def test_a_lost_stream_is_taken_up_after_the_last_event(cut: bool) -> None:
    first = stream(frame(1, "consult.accepted"), frame(2, "triage.assessed"), cut=cut)
    given, seen = gateway(first, httpx.ConnectError("away"), httpx.Response(503), stream(frame(3, "consult.incomplete")))
    assert followed(given) == ["consult.accepted", "triage.assessed", "consult.incomplete"]
    assert [request.headers.get("last-event-id") for request in seen] == [None, "2", "2", "2"]


def test_a_gateway_that_stays_away_is_given_up() -> None:
    given, seen = gateway(stream(frame(1, "consult.accepted")), httpx.ConnectError("away"))
    with pytest.raises(GatewayError, match="did not come back"):
        followed(given)
    assert len(seen) == TRIES_WITHOUT_NEWS + 1


def problem(status: int, detail: str) -> httpx.Response:
    """Return a refusal as RFC 9457 has it."""
    return httpx.Response(status, json={"title": "No", "status": status, "detail": detail, "code": "no"})


@pytest.mark.parametrize(
    ("answer", "call", "words"),
    [
        (problem(401, "The token has expired."), lambda it: it.submit("x"), "The token has expired."),
        (httpx.Response(502, text="<html>"), lambda it: it.submit("x"), "answered 502 Bad Gateway"),
        (httpx.Response(200, text="hello"), lambda it: it.submit("x"), "not a Consilium gateway"),
        (httpx.ConnectError("nobody"), lambda it: it.submit("x"), f"No gateway answers at {URL}"),
        (problem(403, "Another consult's ticket."), followed, "Another consult's ticket."),
        (httpx.Response(204), followed, "no longer kept"),
        (httpx.Response(200, content=b"data: [1]\n\n"), followed, "not a consilium.event.v1"),
        (httpx.Response(200, content=b"data: {]\n\n"), followed, "not a consilium.event.v1"),
        (problem(409, "It has ended."), lambda it: it.cancel("c_1"), "It has ended."),
        (httpx.ReadTimeout("slow"), lambda it: it.cancel("c_1"), "could not be cancelled"),
    ],
)
def test_refusals_are_said_in_the_gateways_words(
    answer: httpx.Response | Exception, call: Callable[[Gateway], object], words: str
) -> None:
    given, _ = gateway(answer)
    with pytest.raises(GatewayError, match=words.replace(".", r"\.")):
        call(given)


def test_a_consult_can_be_taken_back() -> None:
    given, seen = gateway(httpx.Response(202))
    given.cancel("c_1")
    assert (seen[0].method, seen[0].url.path) == ("DELETE", "/v1/consults/c_1")


def test_the_four_finals_end_a_stream() -> None:
    ends = [
        ClientEvent(f"consult.{end}", {}, "").is_final for end in ("completed", "incomplete", "failed", "cancelled", "accepted")
    ]
    assert ends == [True, True, True, True, False]
