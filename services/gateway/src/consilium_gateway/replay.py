"""Following a consult wherever its events are: in memory, on the stream, or in the archive."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import orjson

from consilium_common.security.sealing import Sealer
from consilium_common.stores.consults import Consult, Consults
from consilium_gateway.consults import event_aad
from consilium_gateway.hub import ConsultLog, Hub


@dataclass(frozen=True)
class Replay:
    """Yields the log of a consult from its first event."""

    hub: Hub
    consults: Consults
    sealer: Sealer

    @asynccontextmanager
    async def follow(self, consult: Consult) -> AsyncIterator[ConsultLog]:
        """Yield a consult's log; the archive serves what has ended and is no longer in memory."""
        if self.hub.own(consult.id) is None and consult.final_type is not None:
            yield await self._archived(consult)
            return
        async with self.hub.follow(consult.id) as log:
            yield log

    async def _archived(self, consult: Consult) -> ConsultLog:
        log = ConsultLog()
        sealed = await self.consults.events(consult.id) or []
        for seq, event in enumerate(sealed, start=1):
            frame = self.sealer.open(event, event_aad(consult.id, seq))
            last = seq == len(sealed)
            log.add(frame, orjson.loads(frame.partition(b"\ndata: ")[2]) if last else None)
        return log
