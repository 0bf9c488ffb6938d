"""Following a consult wherever its events are: in memory, on the stream, or in the archive."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import orjson

from consilium_common.security.sealing import Sealer
from consilium_common.stores.consults import Consult, Consults
from consilium_gateway.consults import event_aad
from consilium_gateway.hub import ConsultLog, Hub
from consilium_gateway.problems import not_found


@dataclass(frozen=True)
class Replay:
    """Yields the log of a consult from its first event."""

    hub: Hub
    consults: Consults
    sealer: Sealer

    async def find(self, consult_id: str, owner: str) -> AbstractAsyncContextManager[ConsultLog]:
        """Return the log of a consult of this owner; one that was accepted here is found without asking MongoDB.

        Raises:
            RequestError: 404 when there is none.
        """
        own = self.hub.own(consult_id)
        if own is not None and own.owner == owner:
            return self.hub.follow(consult_id)
        consult = await self.consults.get(consult_id, owner)
        if consult is None:
            raise not_found("consult", consult_id)
        return self.follow(consult)

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
