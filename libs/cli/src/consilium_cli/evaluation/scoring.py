"""Statistics of an evaluation, each figure with its 95% interval. Pure; resampling is seeded, so that a run can be repeated."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

Z_95 = 1.959964
RESAMPLES = 2000
SEED = 20260


@dataclass(frozen=True)
class Figure:
    """A measured value between the ends of its 95% interval."""

    value: float
    low: float
    high: float

    def as_json(self) -> dict[str, float]:
        """Return value and interval, rounded to what the number of cases can carry."""
        return {"value": round(self.value, 4), "low": round(self.low, 4), "high": round(self.high, 4)}


def share(outcomes: Iterable[bool]) -> Figure | None:
    """Return the share of true outcomes with its Wilson score interval (Wilson 1927), None of nothing."""
    every = list(outcomes)
    if not every:
        return None
    n, hits = len(every), sum(every)
    p, z2 = hits / n, Z_95 * Z_95
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    # All or none reach the end of the scale exactly, which floating point misses by a hair.
    return Figure(p, 0.0 if hits == 0 else middle - half, 1.0 if hits == n else middle + half)


def mean(values: Sequence[float]) -> Figure | None:
    """Return the mean with its bootstrap percentile interval, None of nothing."""
    if not values:
        return None
    chance = random.Random(SEED)  # noqa: S311 - resampling, no secret
    means = sorted(fmean(chance.choices(values, k=len(values))) for _ in range(RESAMPLES))
    return Figure(fmean(values), means[int(RESAMPLES * 0.025)], means[int(RESAMPLES * 0.975) - 1])


def detection(truth_and_found: Iterable[tuple[bool, bool]]) -> dict[str, Figure]:
    """Return sensitivity and specificity of pairs (there, found); one without a case is left out."""
    pairs = list(truth_and_found)
    return known(
        sensitivity=share(found for there, found in pairs if there),
        specificity=share(not found for there, found in pairs if not there),
    )


def known(**figures: Figure | None) -> dict[str, Figure]:
    """Return the figures that could be measured, by name."""
    return {name: figure for name, figure in figures.items() if figure is not None}
