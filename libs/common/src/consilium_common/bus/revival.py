"""What may be done with a dead letter, decided from the letter, the time and what is known of its consult. Nothing is asked."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from consilium_common.bus.codec import UnreadableError
from consilium_common.bus.streams import DAY_S, STREAMS
from consilium_common.contracts import subjects
from consilium_common.contracts.commands import TASK_SPARE_S
from consilium_common.contracts.envelope import Envelope

# Past this age the event stream may have let the consult's final go, and only it keeps a second final out.
CONSULT_KNOWN = timedelta(seconds=DAY_S - 600)

REASONS = {
    UnreadableError.CODE: "It is no envelope, or was not sealed with the key that the service has.",
    "tries-used-up": "It was delivered as often as a message may be, and never handled to the end: the handler failed each "
    "time, or its process ended. The log of the service says which.",
}


@dataclass(frozen=True)
class Letter:
    """One dead letter. `envelope` is None when it cannot be read with the key at hand; it and `payload` hold patient data."""

    sequence: int
    at: datetime
    service: str
    subject: str
    reason: str
    deliveries: int
    headers: dict[str, str] = field(default_factory=dict)
    payload: bytes = field(default=b"", repr=False)
    envelope: Envelope | None = field(default=None, repr=False)

    @property
    def stream(self) -> str | None:
        """Return the stream that takes its subject, or None when this version knows none."""
        found = (config.name for config in STREAMS for each in config.subjects or () if _matches(each, self.subject))
        return next(found, None)


@dataclass(frozen=True)
class Circumstances:
    """What is known around a letter: the time, whether its consult has its final, whether its task has been answered."""

    now: datetime
    ended: bool = False
    answered: bool = False


@dataclass(frozen=True)
class Verdict:
    """Whether a letter is handed to its service again, and why in plain words. `ttl_s`: how long it may wait there."""

    replay: bool
    why: str
    ttl_s: int | None = None


def explain(reason: str) -> str:
    """Return in plain words why a message was given up."""
    return REASONS.get(
        reason, f"The handler refused it with the code {reason or 'unknown'}, which says that trying again would not help."
    )


def judge(letter: Letter, known: Circumstances) -> Verdict:
    """Return what replaying a letter would do. Only work queues take a message again: elsewhere it never left its stream."""
    stream = letter.stream
    if stream in _STAYS:
        return Verdict(False, _STAYS[stream])
    if stream is None:
        return Verdict(False, "No stream of this version takes its subject, so nobody would handle it.")
    if letter.envelope is None:
        return Verdict(
            False,
            "It cannot be read with this CONSILIUM_BUS_KEY, so its service would bury it again. Give the services and this "
            "command the key that it was sealed with, and replay it then.",
        )
    if stream == subjects.INGEST:
        return Verdict(True, "Ingestion loads the pack again; what is loaded already stays as it is.")
    return _of_consult(stream, letter.envelope, known)


_STAYS = {
    subjects.EVENTS: "It still stands in the event stream, and a final is never published twice. What the recorder could not "
    "record, the gateway's sweeper records from there once MongoDB answers.",
    subjects.CASES: "It still stands in the case stream and is never published twice. The deadline has ended the consult, or "
    "ends it, with every opinion that stands there.",
    subjects.DEAD: "It is itself a dead letter.",
}


def _of_consult(stream: str, envelope: Envelope, known: Circumstances) -> Verdict:
    if known.ended:
        return Verdict(False, "Its consult has its final already; handling it again would change nothing.")
    if known.now - envelope.occurred_at >= CONSULT_KNOWN:
        return Verdict(False, "It is a day old: its consult ended long ago, and the bus does not know its final any more.")
    if stream == subjects.DEADLINES:
        return Verdict(True, "The aggregator ends the consult with what stands by now.")
    if known.answered:
        return Verdict(False, "The specialist's opinion, or its failure, stands for this attempt already and is not replaced.")
    left_s = (envelope.deadline_at - known.now).total_seconds() if envelope.deadline_at else None
    if left_s is not None and left_s <= 0:
        return Verdict(
            False,
            f"Its time was over at {envelope.deadline_at:%H:%M:%S} UTC. The deadline ends the consult without it, and what has "
            "no final the gateway's sweeper submits again by itself.",
        )
    if stream == subjects.CONSULTS:
        return Verdict(True, "The orchestrator conducts the consult; what it did before it does not do twice.")
    return Verdict(True, "The specialist answers the task.", None if left_s is None else int(left_s) + TASK_SPARE_S)


def _matches(pattern: str, subject: str) -> bool:
    """Return whether a subject falls under a pattern of NATS: `*` is one token, `>` all that follow."""
    wanted, tokens = pattern.split("."), subject.split(".")
    if wanted[-1] == ">":
        wanted.pop()
        if len(tokens) <= len(wanted):
            return False
        tokens = tokens[: len(wanted)]
    return len(wanted) == len(tokens) and all(w in {"*", t} for w, t in zip(wanted, tokens, strict=True))
