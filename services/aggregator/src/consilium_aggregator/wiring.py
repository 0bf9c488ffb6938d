"""Everything the aggregator opens and closes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from consilium_aggregator.case_file import CaseFiles
from consilium_aggregator.ending import Aggregator
from consilium_aggregator.settings import AggregatorSettings
from consilium_common.bus.connection import Bus, connect
from consilium_common.bus.consume import Consumer, ConsumerSpec
from consilium_common.bus.streams import ensure_streams
from consilium_common.contracts import subjects
from consilium_common.service import Running

# What wakes an aggregator may have to wait for the lease of one that died, or for a plan that is being written.
# The pauses between so many tries are 26 s together; by then the outer deadline has ended what this one could not.
MAX_DELIVER = 8


@asynccontextmanager
async def build(settings: AggregatorSettings) -> AsyncIterator[Running]:
    """Open the bus and consume plans, opinions and deadlines."""
    async with connect(settings, "aggregator") as bus:
        await ensure_streams(bus)
        consumers = consumers_of(bus, settings.concurrency)

        async def ready() -> None:
            await asyncio.gather(*(consumer.ready() for consumer in consumers))

        async def drain(timeout_s: float) -> None:
            await asyncio.gather(*(consumer.drain(timeout_s) for consumer in consumers))

        async def bus_up() -> bool:
            return bus.ping()

        yield Running(
            tasks=[consumer.run() for consumer in consumers],
            ready=ready,
            drain=drain,
            checks={"bus": bus_up},
            lost=bus.lost,
        )


def consumers_of(bus: Bus, concurrency: int) -> list[Consumer]:
    """Return what one aggregator consumes: plans and opinions, and deadlines that are due."""
    aggregator = Aggregator(bus, CaseFiles(bus))
    wakes = (subjects.PLANS_ALL, subjects.OPINIONS_ALL)
    cases = ConsumerSpec(subjects.CASES, "aggregator", wakes, concurrency, max_deliver=MAX_DELIVER)
    deadlines = ConsumerSpec(subjects.DEADLINES, "aggregator", (subjects.DEADLINES_DUE,), concurrency, max_deliver=MAX_DELIVER)
    return [Consumer(bus, cases, aggregator.on_case), Consumer(bus, deadlines, aggregator.on_deadline)]
