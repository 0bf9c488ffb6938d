"""Running something many times, some at once, and saying how long it took."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """What was measured: milliseconds of each run, in order of finishing, and the seconds that all of them took."""

    each_ms: tuple[float, ...]
    total_s: float

    @property
    def p50_ms(self) -> float:
        """Return the median."""
        return statistics.median(self.each_ms)

    @property
    def p95_ms(self) -> float:
        """Return the 95th percentile."""
        return statistics.quantiles(self.each_ms, n=20)[18] if len(self.each_ms) > 1 else self.each_ms[0]

    @property
    def per_s(self) -> float:
        """Return how many finished a second."""
        return len(self.each_ms) / self.total_s


async def repeat(work: Callable[[int], Awaitable[None]], count: int, at_once: int) -> Sample:
    """Run `work(lane)` `count` times, `at_once` at a time, each lane one after another."""
    each: list[float] = []
    left = iter(range(count))

    async def lane(number: int) -> None:
        for _ in left:
            began = time.perf_counter()
            await work(number)
            each.append((time.perf_counter() - began) * 1000)

    began = time.perf_counter()
    await asyncio.gather(*(lane(number) for number in range(at_once)))
    return Sample(tuple(each), time.perf_counter() - began)
