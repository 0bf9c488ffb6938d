"""The recorder: takes each final off the stream, once per deployment, and archives it with its events in MongoDB."""

import asyncio
import logging
from dataclasses import dataclass

from consilium_common.bus.connection import Bus
from consilium_common.bus.consume import Consumer, ConsumerSpec
from consilium_common.contracts import subjects
from consilium_common.contracts.envelope import Envelope
from consilium_common.contracts.events import client_type
from consilium_gateway.archive import Archive
from consilium_gateway.hub import Hub, NotReadYetError

log = logging.getLogger(__name__)

REPLAY_LIMIT_S = 5.0
# MongoDB may be away for minutes. What is given up after so many tries, about half an hour, the sweeper still finds.
MAX_DELIVER = 200


@dataclass(frozen=True)
class Recorder:
    """Archives finals idempotently: recording one twice changes nothing."""

    bus: Bus
    hub: Hub
    archive: Archive

    def consumer(self) -> Consumer:
        """Return the durable consumer that all gateways share."""
        spec = ConsumerSpec(subjects.EVENTS, "recorder", (subjects.FINALS_ALL,), concurrency=16, max_deliver=MAX_DELIVER)
        return Consumer(self.bus, spec, self.record)

    async def record(self, envelope: Envelope) -> None:
        """Archive one final.

        Raises:
            NotReadYetError: when its events could not be read back yet.
            StoppingError: when this gateway stops before they are.
            StoreError: when MongoDB does not answer.
        """
        consult = envelope.correlation_id
        frames = await self._frames(consult)
        first = await self.archive.keep(consult, client_type(envelope.type), frames)
        log.info("recorded", extra={"consult": consult, "events": len(frames), "first": first})

    async def _frames(self, consult: str) -> list[bytes]:
        own = self.hub.own(consult)
        if own is not None and own.ended:
            return own.frames
        try:
            async with asyncio.timeout(REPLAY_LIMIT_S), self.hub.follow(consult) as found:
                await found.end()
                return found.frames
        except TimeoutError:
            raise NotReadYetError from None
