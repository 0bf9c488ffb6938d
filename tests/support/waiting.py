"""Waiting for a condition instead of sleeping."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

POLL_S = 0.02


async def eventually(look: Callable[[], Awaitable[T]], timeout_s: float = 30.0) -> T:
    """Return the first true thing that `look` returns; fail when none comes in time."""
    async with asyncio.timeout(timeout_s):
        while not (seen := await look()):  # noqa: ASYNC110
            await asyncio.sleep(POLL_S)  # what is waited for happens in another process
    return seen


async def until(look: Callable[[], T], timeout_s: float = 30.0) -> T:
    """Return the first true thing that `look`, which does not wait itself, returns; fail when none comes in time."""

    async def looked() -> T:
        return look()

    return await eventually(looked, timeout_s)
