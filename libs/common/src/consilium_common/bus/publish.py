"""Publishing: acknowledged, with an id, and where it matters at most once."""

import asyncio
from datetime import datetime

import nats.errors
from nats.js.errors import APIError, NoStreamResponseError

from consilium_common import telemetry
from consilium_common.bus import read
from consilium_common.bus.connection import Bus, BusError
from consilium_common.contracts import subjects
from consilium_common.contracts.base import Message
from consilium_common.contracts.envelope import Envelope
from consilium_common.contracts.events import Final

# Error codes of nats-server (server/errors.json).
SUBJECT_IS_TAKEN = 10077  # discard_new_per_subject: there is a message already
WRONG_LAST_SEQUENCE = 10071
TRY_AGAIN = 10164  # an expected-sequence publish is still in flight on another replica
FENCED_TRIES = 20
AGAIN_FIRST_S, AGAIN_LIMIT_S = 0.01, 0.25  # replicas agree within milliseconds, after a change of leader within seconds
LOST_ACKS_MAX = 1  # each costs the timeout of a request; who has lost two is better tried again from the start


async def publish(
    bus: Bus, subject: str, envelope: Envelope, *, ttl_s: int | None = None, headers: dict[str, str] | None = None
) -> None:
    """Store one message and wait for the acknowledgement. A repeated envelope id is stored once.

    Raises:
        BusError: when it was refused or not acknowledged in time.
    """
    await _publish(bus, subject, envelope, {"Nats-Msg-Id": envelope.id, **(headers or {})}, ttl_s)


async def publish_first(bus: Bus, subject: str, envelope: Envelope) -> bool:
    """Store a message where only one may stand. Returns False when one is there already."""
    try:
        await _publish(bus, subject, envelope, {})
    except _RefusedError as error:
        if error.err_code == SUBJECT_IS_TAKEN:
            return False
        raise
    return True


async def publish_after(bus: Bus, stream: str, subject: str, envelope: Envelope, under: str, sequence: int) -> bool:
    """Store a message if what was stored last under the filter `under` has this sequence; 0 means that nothing was.

    Returns False when something newer stands there; the server decides. What an earlier try stored counts as stored, although
    its acknowledgement was lost.

    Raises:
        BusError: when it was refused for another reason, or replicas did not agree in time.
    """
    headers = {"Nats-Expected-Last-Subject-Sequence": str(sequence), "Nats-Expected-Last-Subject-Sequence-Subject": under}
    lost = 0
    for number in range(FENCED_TRIES):
        try:
            await _publish(bus, subject, envelope, headers)
        except _RefusedError as error:
            if error.err_code == WRONG_LAST_SEQUENCE:
                return number > 0 and await _stands(bus, stream, under, envelope)
            if error.err_code != TRY_AGAIN:
                raise
            await asyncio.sleep(min(AGAIN_FIRST_S * 2**number, AGAIN_LIMIT_S))
        except BusError:
            lost += 1
            if lost > LOST_ACKS_MAX:
                raise
        else:
            return True
    raise BusError("The replicas of a stream did not agree on what comes next; it is tried again.")


async def publish_final(bus: Bus, gateway: str, envelope: Envelope) -> bool:
    """Store the one final of a consult. Returns False when somebody else was first; the server decides.

    Raises:
        BusError: when it was refused for another reason, or replicas did not agree in time.
    """
    consult = envelope.correlation_id
    final = subjects.final(gateway, consult)
    return await publish_after(bus, subjects.EVENTS, final, envelope, subjects.any_final(consult), 0)


async def _stands(bus: Bus, stream: str, under: str, envelope: Envelope) -> bool:
    newest = await read.last(bus, stream, under)
    return newest is not None and newest.id == envelope.id


async def emit(bus: Bus, cause: Envelope, gateway: str, message: Message, part: str = "") -> None:
    """Publish what a service has done for a consult, as an event that its client sees.

    The id follows from consult, attempt, service and type, so that a handler that runs twice says it once; `part` tells
    apart several events of one type.
    """
    if isinstance(message, Final):
        raise TypeError("a final goes through publish_final")
    identity = f"{cause.correlation_id}:{cause.attempt}:{bus.service}:{message.TYPE}:{part}"
    await publish(
        bus,
        subjects.step(gateway, cause.correlation_id, bus.service),
        cause.caused(message, bus.service, id=identity),
    )


async def schedule(bus: Bus, subject: str, target: str, at: datetime, envelope: Envelope) -> None:
    """Have the server publish a message on `target` at a time in UTC, even if every service is dead by then."""
    when = at.isoformat().replace("+00:00", "Z")
    await publish(bus, subject, envelope, headers={"Nats-Schedule": f"@at {when}", "Nats-Schedule-Target": target})


async def say(bus: Bus, subject: str) -> None:
    """Publish a bare word to whoever listens now; it is not kept.

    Raises:
        BusError: when the bus is away.
    """
    try:
        await bus.nc.publish(subject, b"")
    except nats.errors.Error as error:
        raise BusError(f"The bus is away ({type(error).__name__}).") from error


class _RefusedError(BusError):
    def __init__(self, error: APIError) -> None:
        super().__init__(f"The bus refused a message: {error.description} ({error.err_code}).")
        self.err_code = error.err_code


async def _publish(bus: Bus, subject: str, envelope: Envelope, headers: dict[str, str], ttl_s: int | None = None) -> None:
    # A fresh dict: js.publish changes the one that it is given.
    parent = telemetry.traceparent() or envelope.traceparent
    sent = {**headers, **({"traceparent": parent} if parent else {})}
    if parent and parent != envelope.traceparent:
        envelope = envelope.model_copy(update={"traceparent": parent})
    try:
        ack = await bus.js.publish(subject, bus.codec.encode(envelope), headers=sent, msg_ttl=ttl_s)
    except APIError as error:
        raise _RefusedError(error) from None
    except (nats.errors.Error, NoStreamResponseError, TimeoutError) as error:
        raise BusError(f"The bus did not acknowledge a message in time ({type(error).__name__}).") from error
    telemetry.PUBLISHED.labels(bus.service, ack.stream).inc()
