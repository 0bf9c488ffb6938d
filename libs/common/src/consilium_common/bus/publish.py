"""Publishing: acknowledged, with an id, and where it matters at most once."""

from datetime import datetime

import nats.errors
from nats.js.errors import APIError, NoStreamResponseError

from consilium_common import telemetry
from consilium_common.bus.connection import Bus, BusError
from consilium_common.contracts import subjects
from consilium_common.contracts.base import Message
from consilium_common.contracts.envelope import Envelope
from consilium_common.contracts.events import Final

# Error codes of nats-server (server/errors.json).
SUBJECT_IS_TAKEN = 10077  # discard_new_per_subject: there is a message already
WRONG_LAST_SEQUENCE = 10071
TRY_AGAIN = 10164  # an expected-sequence publish is still in flight on another replica
FINAL_TRIES = 20


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


async def publish_final(bus: Bus, gateway: str, envelope: Envelope) -> bool:
    """Store the one final of a consult. Returns False when somebody else was first; the server decides.

    Raises:
        BusError: when it was refused for another reason, or replicas did not agree in time.
    """
    consult = envelope.correlation_id
    headers = {
        "Nats-Expected-Last-Subject-Sequence": "0",
        "Nats-Expected-Last-Subject-Sequence-Subject": subjects.any_final(consult),
    }
    for _ in range(FINAL_TRIES):
        try:
            await _publish(bus, subjects.final(gateway, consult), envelope, headers)
        except _RefusedError as error:
            if error.err_code == WRONG_LAST_SEQUENCE:
                return False
            if error.err_code != TRY_AGAIN:
                raise
        else:
            return True
    raise BusError("The replicas of the event stream did not agree on a final; it is tried again.")


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
