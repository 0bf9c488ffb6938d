"""How long each stage takes, over all cases. Never part of a report, which must be the same when it is made again."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median

Timings = dict[str, dict[str, float]]


class Stopwatch:
    """Takes the times of named stages; `clock` returns seconds."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._taken_s: dict[str, list[float]] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Take the time of a block."""
        began = self._clock()
        yield
        self._taken_s.setdefault(name, []).append(self._clock() - began)

    def timings(self) -> Timings:
        """Return count, median and 95th percentile (nearest rank, ms) of each stage, in the order of their first use."""
        return {name: _summary(taken) for name, taken in self._taken_s.items()}


def _summary(taken_s: list[float]) -> dict[str, float]:
    ordered = sorted(taken_s)
    p95 = ordered[-(-len(ordered) * 95 // 100) - 1]
    return {"n": len(ordered), "median_ms": round(median(ordered) * 1000, 3), "p95_ms": round(p95 * 1000, 3)}
