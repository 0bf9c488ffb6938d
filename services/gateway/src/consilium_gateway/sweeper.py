"""The sweeper: submits again what was accepted and has no final. Every gateway runs one; a lease keeps them apart.

A final that stands on the bus and was not recorded, as when MongoDB was away for long, is recorded instead.
"""

import asyncio
import logging
from dataclasses import dataclass

from consilium_common.bus import read
from consilium_common.contracts import subjects
from consilium_common.errors import ConsiliumError
from consilium_common.stores.consults import Consults
from consilium_common.stores.documents import now_ms
from consilium_gateway.consults import ConsultService
from consilium_gateway.recorder import Recorder

log = logging.getLogger(__name__)

EVERY_S = 5.0
PATIENCE_S = 10.0  # beyond the deadline: by then a final exists unless something was lost


@dataclass(frozen=True)
class Sweeper:
    """Looks for accepted consults without a final."""

    service: ConsultService
    consults: Consults
    recorder: Recorder

    async def run(self) -> None:
        """Sweep until cancelled, whatever the stores do meanwhile."""
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.sweep()
            except ConsiliumError as error:
                log.warning("could not sweep", extra={"code": error.code})

    async def sweep(self) -> int:
        """Bring everything that is due to its end; returns how many were submitted again.

        Raises:
            ConsiliumError: when a store or the bus is away.
        """
        count = 0
        limit_s = self.service.deadline_s + PATIENCE_S
        while consult := await self.consults.lease_unfinished(now_ms() - round(limit_s * 1000), limit_s):
            final = await read.last(self.service.bus, subjects.EVENTS, subjects.any_final(consult.id))
            if final is not None:
                await self.recorder.record(final)
                continue
            log.warning("submitted again", extra={"consult": consult.id, "attempt": consult.attempts})
            await self.service.submit_again(consult)
            count += 1
        return count
