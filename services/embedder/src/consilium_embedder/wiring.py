"""Everything the embedder opens and closes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from consilium_common.bus.connection import connect
from consilium_common.service import Running
from consilium_embedder.answering import Answering
from consilium_embedder.batching import Batcher
from consilium_embedder.model import Encode, load_model
from consilium_embedder.settings import EmbedderSettings


@asynccontextmanager
async def build(settings: EmbedderSettings, load: Callable[[int, str], Encode] = load_model) -> AsyncIterator[Running]:
    """Load the model, open the bus, and answer from then on: no request reaches a replica that is not warm."""
    encode = await asyncio.to_thread(load, settings.threads, settings.device)
    batcher = Batcher(encode, settings.queue_limit, settings.cache_size)
    async with connect(settings, "embedder") as bus:
        answering = Answering(bus, batcher)

        async def bus_up() -> bool:
            return bus.ping()

        yield Running(
            tasks=[batcher.run()],
            ready=answering.start,
            drain=answering.drain,
            checks={"bus": bus_up},
            lost=bus.lost,
        )
