"""The simulated nats-server: streams with the semantics of `bus/streams.py`, and what the server enforces on a publish."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from nats.js.api import DiscardPolicy, PubAck, RetentionPolicy, StreamConfig
from nats.js.errors import APIError, BadRequestError, NotFoundError

from consilium_common.bus.streams import DUPLICATE_WINDOW_S, STREAMS

WRONG_LAST_SEQUENCE, SUBJECT_IS_TAKEN = 10071, 10077


@lru_cache(maxsize=200_000)
def matches(pattern: str, subject: str) -> bool:
    """Return whether a subject falls under a filter, as NATS reads `*` and `>`."""
    if pattern == subject:
        return True
    wanted, tokens = pattern.split("."), subject.split(".")
    if wanted[-1] == ">":
        wanted = wanted[:-1]
        if len(tokens) <= len(wanted):
            return False
        tokens = tokens[: len(wanted)]
    return len(wanted) == len(tokens) and all(w in {"*", t} for w, t in zip(wanted, tokens, strict=True))


@dataclass(eq=False)
class Stored:
    """One message as a stream keeps it. `by` is who published it: process and delivery."""

    seq: int
    subject: str
    data: bytes
    headers: dict[str, str]
    at: float
    by: tuple[str, int] = ("", 0)
    time: datetime | None = None


@dataclass(eq=False)
class Stream:
    """One stream. `log` holds all that was ever stored, for looking at a history afterwards."""

    config: StreamConfig
    messages: dict[int, Stored] = field(default_factory=dict)
    log: list[Stored] = field(default_factory=list)
    heard: list[Callable[[Stored], None]] = field(default_factory=list)
    _ids: dict[str, tuple[int, float]] = field(default_factory=dict)

    @property
    def work_queue(self) -> bool:
        return bool(self.config.retention == RetentionPolicy.WORK_QUEUE)

    def under(self, pattern: str) -> Iterator[Stored]:
        """Yield what stands under a filter, the oldest first."""
        return (stored for stored in self.messages.values() if matches(pattern, stored.subject))

    def last(self, pattern: str) -> Stored:
        """Return the newest message under a filter."""
        for stored in reversed(self.messages.values()):
            if matches(pattern, stored.subject):
                return stored
        raise NotFoundError(code=404, err_code=10037, description="no message found")

    def purge(self, pattern: str) -> None:
        for stored in list(self.under(pattern)):
            del self.messages[stored.seq]

    def publish(self, message: Stored) -> tuple[PubAck, Stored | None]:
        """Store a message, or say why not. A message id of the last two minutes is stored once."""
        identity = message.headers.get("Nats-Msg-Id")
        if identity in self._ids and message.at - self._ids[identity][1] < DUPLICATE_WINDOW_S:
            return PubAck(self.config.name, self._ids[identity][0], duplicate=True), None
        self._check_sequence(message)
        if self.config.discard == DiscardPolicy.NEW and any(each.subject == message.subject for each in self.messages.values()):
            raise APIError(code=503, err_code=SUBJECT_IS_TAKEN, description="maximum messages per subject exceeded")
        if "Nats-Schedule" in message.headers:
            self.purge(message.subject)  # a subject holds one schedule, the newest
        message.seq = len(self.log) + 1
        self.log.append(message)
        self.messages[message.seq] = message
        if identity:
            self._ids[identity] = (message.seq, message.at)
        for hear in self.heard:
            hear(message)
        return PubAck(self.config.name, message.seq), message

    def _check_sequence(self, message: Stored) -> None:
        expected = message.headers.get("Nats-Expected-Last-Subject-Sequence")
        if expected is None:
            return
        pattern = message.headers.get("Nats-Expected-Last-Subject-Sequence-Subject", message.subject)
        standing = next((stored.seq for stored in reversed(self.messages.values()) if matches(pattern, stored.subject)), 0)
        if standing != int(expected):
            raise BadRequestError(code=400, err_code=WRONG_LAST_SEQUENCE, description=f"wrong last sequence: {standing}")


def fresh_streams() -> dict[str, Stream]:
    """Return the streams of the design, empty."""
    return {config.name: Stream(config) for config in STREAMS}


@lru_cache(maxsize=200_000)
def name_of_stream(subject: str) -> str:
    """Return the name of the stream that takes a subject."""
    return next(config.name for config in STREAMS if any(matches(each, subject) for each in config.subjects))
