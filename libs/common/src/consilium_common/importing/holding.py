"""One import of a source at a time, and patience with stores that are away for a moment."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from consilium_common.contracts.base import new_id
from consilium_common.errors import ConsiliumError
from consilium_common.importing.errors import ImportStoppedError
from consilium_common.stores.imports import Imports

log = logging.getLogger(__name__)

LEASE_S = 15.0
RENEW_S = 4.0
LOOK_S = 0.5
TRIES = 5
PAUSE_S = 1.0  # times the number of the try: a store that restarts is back by the fourth

Result = TypeVar("Result")


@asynccontextmanager
async def held(imports: Imports, source: str) -> AsyncIterator[str]:
    """Hold a source while the block runs and give the name of the holder; waits for the lease of one that was killed.

    Raises:
        ImportStoppedError: when somebody else goes on holding it.
        StoreError: when MongoDB does not answer.
    """
    holder = new_id("import")
    loop = asyncio.get_running_loop()
    ends = loop.time() + LEASE_S + RENEW_S
    while not await imports.lease(source, holder, LEASE_S):
        if loop.time() > ends:
            raise ImportStoppedError(f"{source} is being imported by somebody else; run this again when that has ended.")
        await asyncio.sleep(LOOK_S)
    renewing = asyncio.create_task(_renew(imports, source, holder))
    try:
        yield holder
    finally:
        renewing.cancel()
        await imports.release(source, holder)


async def _renew(imports: Imports, source: str, holder: str) -> None:
    while True:
        await asyncio.sleep(RENEW_S)
        try:
            await imports.lease(source, holder, LEASE_S)
        except ConsiliumError as error:  # if somebody else takes it over meanwhile, the next save says so
            log.warning("lease not renewed", extra={"code": error.code})


async def patiently(work: Callable[[], Awaitable[Result]]) -> Result:
    """Do something again when a store was away or busy for a moment; for work that may be done twice.

    Raises:
        ConsiliumError: what it raised the last time, or when trying again is no use.
    """
    for attempt in range(1, TRIES):
        try:
            return await work()
        except ConsiliumError as error:
            if not error.retryable:
                raise
            log.warning("tried again", extra={"code": error.code, "error": error.message, "attempt": attempt})
            await asyncio.sleep(attempt * PAUSE_S)
    return await work()
