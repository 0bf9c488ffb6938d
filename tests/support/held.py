"""A specialist that answers when it is told to."""

import asyncio
from dataclasses import dataclass, field

from consilium_common.contracts.case import CaseView
from consilium_common.contracts.opinion import Opinion
from consilium_common.specialist.tasks import Progress
from support.consilium import instantly


@dataclass
class Hanging:
    """A specialist that hangs until it is released, and tells whether it was cancelled."""

    released: asyncio.Event = field(default_factory=asyncio.Event)
    began: int = 0
    cancelled: int = 0

    async def assess(self, view: CaseView, vector: bytes | None, progress: Progress) -> Opinion:
        self.began += 1
        try:
            await self.released.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return await instantly(view, vector, progress)
