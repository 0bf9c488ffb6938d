"""Redis: values that can be made again, and counters for rate limits. Losing it loses nothing, so nothing here fails.

When Redis is away, `get` finds nothing, `put` does nothing and `count` says 0, which lets a caller pass.
"""

import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import redis.asyncio as aioredis
from redis.exceptions import RedisError

from consilium_common.guard import Guard
from consilium_common.settings import CacheSettings
from consilium_common.stores.errors import StoreError

log = logging.getLogger(__name__)

TIMEOUT_S = 0.25  # a cache that is slower than what it caches is none
PREFIX = "consilium:"

Answer = TypeVar("Answer")


class Cache:
    """Small JSON values and counters."""

    def __init__(self, client: aioredis.Redis) -> None:
        self._client = client
        self._guard = Guard("cache", lambda message: StoreError("cache", message))

    async def ping(self) -> bool:
        """Return whether Redis answers."""
        return bool(await self._ask(self._client.ping))

    async def get(self, key: str) -> Any | None:
        """Return a JSON value, or None when it is not there or Redis is away."""
        value = await self._ask(lambda: self._client.get(PREFIX + key))
        return None if value is None else json.loads(value)

    async def put(self, key: str, value: Any, ttl_s: int) -> None:
        """Keep a JSON value for a while."""
        await self._ask(lambda: self._client.set(PREFIX + key, json.dumps(value), ex=ttl_s))

    async def delete(self, key: str) -> None:
        """Forget a value."""
        await self._ask(lambda: self._client.delete(PREFIX + key))

    async def count(self, key: str, window_s: int) -> int:
        """Count one more use of a key and return how many there were in its current window; 0 when Redis is away.

        The window begins with the first use.
        """

        async def used() -> int:
            async with self._client.pipeline(transaction=True) as pipe:
                pipe.set(PREFIX + key, 0, ex=window_s, nx=True)
                pipe.incr(PREFIX + key)
                _, used = await pipe.execute()
                return int(used)

        return await self._ask(used) or 0

    async def _ask(self, call: Callable[[], Awaitable[Answer]]) -> Answer | None:
        try:
            with self._guard.call():
                return await call()
        except (RedisError, StoreError) as error:
            log.warning("cache does not answer", extra={"error": type(error).__name__})
            return None


@asynccontextmanager
async def open_cache(settings: CacheSettings) -> AsyncIterator[Cache]:
    """Open the client; it connects with the first use.

    Raises:
        StoreError: when REDIS_URL is not an address.
    """
    try:
        client = aioredis.Redis.from_url(
            settings.redis_url.get_secret_value(), socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S
        )
    except ValueError:
        raise StoreError("cache", "REDIS_URL is not usable; it begins with redis:// or rediss://.", False) from None
    async with client:
        yield Cache(client)
