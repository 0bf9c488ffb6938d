"""Runs all parts: starts them as their needs are met, says what changes, stops them in order."""

import asyncio
import itertools
from collections.abc import Callable, Sequence

from consilium_cli.stack.nursery import Nursery
from consilium_cli.stack.part import Part, Plan
from consilium_cli.stack.status import Status


class Supervisor:
    """Runs the plans until `stop` is called. `on_status` gets the whole status, and the part that changed, at every change."""

    def __init__(self, plans: Sequence[Plan], nursery: Nursery, on_status: Callable[[Status, Part], None]) -> None:
        self.parts = {plan.name: Part(plan, self._changed) for plan in plans}
        self._nursery = nursery
        self._on_status = on_status
        self._stop = asyncio.Event()

    @property
    def status(self) -> Status:
        """Return how everything is."""
        return Status(parts=tuple(part.status for part in self.parts.values()))

    @property
    def stopping(self) -> bool:
        """Return whether it was asked to stop."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask `run` to stop everything and return; safe in a signal handler of the event loop."""
        self._stop.set()

    async def run(self) -> None:
        """Run everything until `stop` is called, then stop it, services before servers."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._nursery.warm())
                for part in self.parts.values():
                    group.create_task(part.run(self.parts))
                await self._stop.wait()
                await self._stop_all()
        finally:
            await self._nursery.close()

    async def _stop_all(self) -> None:
        """Stop stage after stage; the parts of one stage at the same time."""
        in_order = sorted(self.parts.values(), key=lambda part: part.plan.stop_stage)
        for _, stage in itertools.groupby(in_order, key=lambda part: part.plan.stop_stage):
            await asyncio.gather(*(part.stop() for part in stage))

    def _changed(self, part: Part) -> None:
        self._on_status(self.status, part)
