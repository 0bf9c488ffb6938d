"""Services inside a test: built as in production, in the test's own loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from consilium_common.service import Running
from consilium_embedder.model import Encode
from consilium_embedder.settings import EmbedderSettings
from consilium_embedder.wiring import build


@asynccontextmanager
async def serving(build_service: AbstractAsyncContextManager[Running]) -> AsyncIterator[Running]:
    """Run what `build` gives, as the lifecycle does, without its probes and signals."""
    async with build_service as running:
        tasks = [asyncio.create_task(part) for part in running.tasks]
        try:
            if running.ready is not None:
                await running.ready()
            yield running
            if running.drain is not None:
                await running.drain(10)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def embedder_running(settings: EmbedderSettings, encode: Encode) -> AsyncIterator[Running]:
    """Run an embedder with a model that is loaded already."""
    async with serving(build(settings, lambda _threads, _device: encode)) as running:
        yield running
