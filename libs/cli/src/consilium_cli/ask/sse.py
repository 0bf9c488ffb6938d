"""Server-sent events, as far as a client of Consilium needs them (WHATWG HTML, section 9.2.6)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class SseEvent:
    """One event of a stream. `id` is what to send as Last-Event-ID to go on after it."""

    id: str
    event: str
    data: str


def parse(lines: Iterable[str]) -> Iterator[SseEvent]:
    """Yield the events in these lines (without line ends). Comments, `retry` and an unfinished last event are left out."""
    last_id, kind, data = "", "", list[str]()
    for line in lines:
        if not line:
            if data:
                yield SseEvent(last_id, kind or "message", "\n".join(data))
            kind, data = "", []
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            data.append(value)
        elif field == "event":
            kind = value
        elif field == "id" and "\0" not in value:
            last_id = value
