"""Reading single messages back from a stream, from its leader: what was stored is seen."""

import json
from dataclasses import dataclass
from datetime import datetime

import nats.errors
from nats.js.api import RawStreamMsg, StreamState
from nats.js.errors import NotFoundError

from consilium_common.bus.connection import REQUEST_TIMEOUT_S, Bus, BusError
from consilium_common.contracts import subjects
from consilium_common.contracts.envelope import Envelope


async def last(bus: Bus, stream: str, subject: str) -> Envelope | None:
    """Return the newest message on a subject, which may hold wildcards, or None.

    Raises:
        BusError: when the bus does not answer in time.
    """
    found = await _last(bus, stream, subject)
    return bus.codec.decode(found.data or b"") if found else None


@dataclass(frozen=True)
class Standing:
    """A message as it stands on a stream. `age_s` is by the server's clock alone, so that no other clock has to be right."""

    envelope: Envelope
    subject: str
    sequence: int
    age_s: float


async def standing(bus: Bus, stream: str, subject: str) -> Standing | None:
    """Return the newest message on a subject, which may hold wildcards, with its age, or None.

    Raises:
        BusError: when the bus does not answer in time.
    """
    found = await _last(bus, stream, subject)
    if found is None:
        return None
    age_s = (await _server_time(bus, stream) - found.time).total_seconds()
    return Standing(bus.codec.decode(found.data or b""), found.subject or "", found.seq or 0, age_s)


async def has_final(bus: Bus, consult: str) -> bool:
    """Return whether the consult has ended."""
    return await _last(bus, subjects.EVENTS, subjects.any_final(consult)) is not None


async def subjects_with_messages(bus: Bus, stream: str, subject: str) -> frozenset[str]:
    """Return the subjects under a filter that hold a message."""
    try:
        info = await bus.js.stream_info(stream, subjects_filter=subject)
    except (nats.errors.Error, TimeoutError) as error:
        raise BusError(f"The bus did not say what {stream} holds ({type(error).__name__}).") from error
    return frozenset(info.state.subjects or ())


async def held(bus: Bus, stream: str) -> StreamState:
    """Return how many messages a stream holds and how many it has ever taken.

    Raises:
        BusError: when the bus does not answer in time.
    """
    try:
        return (await bus.js.stream_info(stream)).state
    except (nats.errors.Error, TimeoutError) as error:
        raise BusError(f"The bus did not say how much {stream} holds ({type(error).__name__}).") from error


async def purge(bus: Bus, stream: str, subject: str) -> None:
    """Remove what stands on a subject.

    Raises:
        BusError: when the bus does not answer in time.
    """
    try:
        await bus.js.purge_stream(stream, subject=subject)
    except (nats.errors.Error, TimeoutError) as error:
        raise BusError(f"The bus did not purge {stream} ({type(error).__name__}).") from error


async def _last(bus: Bus, stream: str, subject: str) -> RawStreamMsg | None:
    try:
        return await bus.js.get_last_msg(stream, subject)
    except NotFoundError:
        return None
    except (nats.errors.Error, TimeoutError) as error:
        raise BusError(f"The bus did not answer for {stream} ({type(error).__name__}).") from error


async def _server_time(bus: Bus, stream: str) -> datetime:
    """Return what time it is at the server; nats-py does not pass it on, so the answer is read here."""
    try:
        answer = await bus.nc.request(f"$JS.API.STREAM.INFO.{stream}", b"", timeout=REQUEST_TIMEOUT_S)
        return datetime.fromisoformat(json.loads(answer.data)["ts"])
    except (nats.errors.Error, TimeoutError, KeyError) as error:
        raise BusError(f"The bus did not say what time it is ({type(error).__name__}).") from error
