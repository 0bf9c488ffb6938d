"""Dead letters read back: listed, looked at, handed to their service again, removed."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import nats.errors
from nats.aio.msg import Msg
from nats.js.errors import NotFoundError

from consilium_common.bus import read
from consilium_common.bus.codec import UnreadableError
from consilium_common.bus.connection import Bus, BusError
from consilium_common.bus.dead import DELIVERIES, REASON, SUBJECT
from consilium_common.bus.ordered import OrderedReader
from consilium_common.bus.revival import Circumstances, Letter, Verdict, judge
from consilium_common.contracts import subjects
from consilium_common.contracts.commands import AssessCase
from consilium_common.contracts.envelope import Envelope
from consilium_common.errors import ConsiliumError

READ_LIMIT_S = 60.0  # a month of dead letters is read in seconds; longer means that the bus went away meanwhile


class NoLetterError(ConsiliumError):
    """There is no dead letter with this sequence: it was replayed, removed, or never was."""

    def __init__(self, sequence: int) -> None:
        super().__init__("no-dead-letter", f"There is no dead letter {sequence}; `consilium dead list` shows what there is.")


async def read_letters(bus: Bus, service: str | None, receive: Callable[[Letter], None]) -> None:
    """Hand every dead letter, of one service or of all, to `receive`, the oldest first.

    Raises:
        BusError: when the bus has no dead letters at all, or does not show them in time.
    """
    await _require_stream(bus)

    def on_message(msg: Msg) -> None:
        meta = msg.metadata
        receive(_letter(bus, meta.sequence.stream, meta.timestamp, msg.subject, msg.headers, msg.data))

    reader = OrderedReader(bus, subjects.DEAD, subjects.dead(service) if service else subjects.DEAD_ALL, on_message)
    task = asyncio.create_task(reader.run())
    try:
        await asyncio.wait_for(reader.caught_up.wait(), READ_LIMIT_S)
    except TimeoutError:
        raise BusError("The bus did not show its dead letters in time; try again when it answers.") from None
    finally:
        reader.stop()
        await task


async def read_letter(bus: Bus, sequence: int) -> Letter:
    """Return one dead letter.

    Raises:
        NoLetterError: when there is none with this sequence.
        BusError: when the bus does not answer.
    """
    try:
        found = await bus.js.get_msg(subjects.DEAD, sequence)
    except NotFoundError:
        raise NoLetterError(sequence) from None
    except (nats.errors.Error, TimeoutError) as error:
        raise BusError(f"The bus did not answer for dead letter {sequence} ({type(error).__name__}).") from error
    return _letter(bus, sequence, found.time, found.subject or "", found.headers, found.data or b"")


async def verdict_on(bus: Bus, letter: Letter) -> Verdict:
    """Return what replaying a letter would do now.

    Raises:
        BusError: when the bus does not answer.
    """
    envelope, now = letter.envelope, datetime.now(UTC)
    if envelope is None or not envelope.correlation_id:
        return judge(letter, Circumstances(now))
    ended, answered = await asyncio.gather(read.has_final(bus, envelope.correlation_id), _answered(bus, envelope))
    return judge(letter, Circumstances(now, ended, answered))


async def hand_back(bus: Bus, letter: Letter, verdict: Verdict) -> None:
    """Publish a letter on its subject again, sealed as it is, and remove it when the bus has taken it.

    Its message id follows from its place among the dead, since the bus may still remember the first one: what is handed back
    twice, as after a crash in between, is stored once.

    Raises:
        BusError: when the bus does not take it; the letter stays.
    """
    try:
        await bus.js.publish(
            letter.subject,
            letter.payload,
            stream=letter.stream,
            headers={"Nats-Msg-Id": f"{subjects.DEAD}:{letter.sequence}:{letter.at.timestamp():.0f}"},
            msg_ttl=verdict.ttl_s,
        )
    except (nats.errors.Error, TimeoutError) as error:
        raise BusError(f"The bus did not take dead letter {letter.sequence} ({type(error).__name__}); it stays.") from error
    await drop(bus, letter.sequence)


async def drop(bus: Bus, sequence: int) -> None:
    """Remove a dead letter; one that is gone already is no error.

    Raises:
        BusError: when the bus does not answer.
    """
    try:
        await bus.js.delete_msg(subjects.DEAD, sequence)
    except nats.errors.Error as error:
        if await _is_there(bus, sequence):
            raise BusError(f"The bus did not remove dead letter {sequence} ({type(error).__name__}).") from error
    except TimeoutError as error:
        raise BusError(f"The bus did not remove dead letter {sequence} in time.") from error


async def _is_there(bus: Bus, sequence: int) -> bool:
    try:
        await read_letter(bus, sequence)
    except NoLetterError:
        return False
    return True


async def _answered(bus: Bus, envelope: Envelope) -> bool:
    """Return whether a task's opinion stands for its attempt."""
    specialist = envelope.data.get("specialist")
    if envelope.type != AssessCase.TYPE or not isinstance(specialist, str):
        return False
    subject = subjects.opinion(envelope.correlation_id, envelope.attempt, specialist)
    return await read.last(bus, subjects.CASES, subject) is not None


async def _require_stream(bus: Bus) -> None:
    try:
        await bus.js.stream_info(subjects.DEAD)
    except NotFoundError:
        raise BusError("This bus has no dead letters, and no stream for them: no service of Consilium has run on it.") from None
    except (nats.errors.Error, TimeoutError) as error:
        raise BusError(f"The bus did not say what {subjects.DEAD} holds ({type(error).__name__}).") from error


def _letter(
    bus: Bus, sequence: int, at: datetime | None, subject: str, headers: dict[str, str] | None, payload: bytes
) -> Letter:
    headers = headers or {}
    deliveries = headers.get(DELIVERIES, "")
    return Letter(
        sequence=sequence,
        at=at or datetime.fromtimestamp(0, UTC),
        service=subject.removeprefix(subjects.dead("")),
        subject=headers.get(SUBJECT, ""),
        reason=headers.get(REASON, ""),
        deliveries=int(deliveries) if deliveries.isdigit() else 0,
        headers=headers,
        payload=payload,
        envelope=_opened(bus, payload),
    )


def _opened(bus: Bus, payload: bytes) -> Envelope | None:
    try:
        return bus.codec.decode(payload)
    except UnreadableError:
        return None
