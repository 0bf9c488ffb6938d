"""Dead letters: what could not be handled is kept for 30 days, sealed as it came, with the reason beside it."""

import logging

import nats.errors
from nats.aio.msg import Msg

from consilium_common import telemetry
from consilium_common.bus.connection import Bus
from consilium_common.contracts import subjects

log = logging.getLogger(__name__)

REASON = "Consilium-Reason"
SUBJECT = "Consilium-Subject"
DELIVERIES = "Consilium-Deliveries"


async def bury(bus: Bus, msg: Msg, reason: str) -> bool:
    """Copy a message to `DEAD`. Its id is stream and sequence, so that burying it twice keeps one.

    Returns False when the bus did not take it; it is then not to be terminated, and comes again.
    """
    meta = msg.metadata
    headers = {
        "Nats-Msg-Id": f"{meta.stream}:{meta.sequence.stream}",
        REASON: reason,
        SUBJECT: msg.subject,
        DELIVERIES: str(meta.num_delivered),
    }
    log.error("a message is dead", extra={"reason": reason, "subject": msg.subject, "deliveries": meta.num_delivered})
    try:
        ack = await bus.js.publish(subjects.dead(bus.service), msg.data, headers=headers)
    except (nats.errors.Error, TimeoutError) as error:
        log.warning("a dead message could not be stored yet", extra={"error": type(error).__name__})
        return False
    if not ack.duplicate:
        telemetry.BURIED.labels(bus.service, reason).inc()
    return True
