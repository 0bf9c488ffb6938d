"""Following a consult wherever its events are: in memory, on the stream, or in the archive."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from consilium_common.stores.consults import Consult, Consults
from consilium_gateway.archive import Archive
from consilium_gateway.hub import ConsultLog, Hub
from consilium_gateway.leaving import Leaving
from consilium_gateway.problems import not_found


@dataclass(frozen=True)
class Replay:
    """Yields the log of a consult from its first event."""

    hub: Hub
    consults: Consults
    archive: Archive
    leaving: Leaving

    async def find(self, consult_id: str, owner: str) -> AbstractAsyncContextManager[ConsultLog]:
        """Return the log of a consult of this owner; one that was accepted here is found without asking MongoDB.

        Raises:
            RequestError: 404 when there is none.
        """
        own = self.hub.own(consult_id)
        if own is not None and own.owner == owner:
            return self._reading(consult_id, own.ends_unread)
        consult = await self.consults.get(consult_id, owner)
        if consult is None:
            raise not_found("consult", consult_id)
        return self.follow(consult)

    @asynccontextmanager
    async def follow(self, consult: Consult) -> AsyncIterator[ConsultLog]:
        """Yield a consult's log; the archive serves what has ended and is no longer in memory."""
        if self.hub.own(consult.id) is None and consult.final_type is not None:
            yield await self.archive.log(consult.id)
            return
        async with self._reading(consult.id, consult.on_disconnect == "cancel") as log:
            yield log

    @asynccontextmanager
    async def _reading(self, consult_id: str, ends_unread: bool) -> AsyncIterator[ConsultLog]:
        async with self.hub.follow(consult_id) as log:
            if not ends_unread or log.ended:
                yield log
                return
            async with self.leaving.reading(consult_id, log):
                yield log
