"""The cache on a real Redis, and without one: then it finds nothing and refuses nobody."""

import pytest

from consilium_common.settings import CacheSettings
from consilium_common.stores.cache import Cache, open_cache
from consilium_common.stores.errors import StoreError
from consilium_common.testing.servers import free_port


async def test_a_value_is_there_until_it_is_deleted(cache: Cache, tag: str) -> None:
    assert await cache.ping()
    assert await cache.get(tag) is None
    await cache.put(tag, {"a": [1, None, "ü"]}, ttl_s=60)
    assert await cache.get(tag) == {"a": [1, None, "ü"]}
    await cache.delete(tag)
    assert await cache.get(tag) is None


async def test_uses_are_counted_in_a_window_that_ends(cache: Cache, tag: str) -> None:
    assert [await cache.count(tag, window_s=60) for _ in range(3)] == [1, 2, 3]
    assert 0 < await cache._client.ttl(f"consilium:{tag}") <= 60


async def test_without_redis_nothing_is_found_and_nobody_is_refused(servers_vanish: None) -> None:
    async with open_cache(CacheSettings(redis_url=f"redis://127.0.0.1:{free_port()}/0")) as cache:  # type: ignore[arg-type]
        assert not await cache.ping()
        await cache.put("a", 1, ttl_s=60)
        assert await cache.get("a") is None
        await cache.delete("a")
        assert await cache.count("a", window_s=60) == 0


async def test_an_address_of_something_else_is_refused() -> None:
    with pytest.raises(StoreError, match="REDIS_URL"):
        async with open_cache(CacheSettings(redis_url="http://x")):  # type: ignore[arg-type]
            pass
