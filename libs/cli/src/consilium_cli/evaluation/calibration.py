"""Whether stated probabilities hold: of what is said with 70%, is 70% so? Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from consilium_cli.evaluation.scoring import Figure, mean, share

BINS = 10


@dataclass(frozen=True)
class Bin:
    """Statements of like probability: how many, the mean of what was stated, and the share that was so."""

    n: int
    stated: float
    hits: Figure


@dataclass(frozen=True)
class Calibration:
    """Reliability of stated probabilities in equal bins, without the empty ones.

    `error` is the expected calibration error (Naeini 2015): the mean distance of bins, weighted by their statements.
    `brier` is the mean squared distance of a statement from 0 or 1 (Brier 1950) with its bootstrap interval.
    """

    n: int
    bins: tuple[Bin, ...]
    error: float
    brier: Figure

    def as_json(self) -> dict[str, object]:
        """Return the curve and its two figures."""
        return {
            "n": self.n,
            "expected_calibration_error": round(self.error, 4),
            "brier": self.brier.as_json(),
            "bins": [{"n": each.n, "stated": round(each.stated, 4), "hits": each.hits.as_json()} for each in self.bins],
        }


def calibrate(statements: Iterable[tuple[float, bool]], bins: int = BINS) -> Calibration | None:
    """Return the calibration of pairs (stated probability, was it so), None of nothing.

    Raises:
        ValueError: when a probability is not between 0 and 1.
    """
    every = list(statements)
    if not every:
        return None
    sorted_in: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for stated, so in every:
        if not 0 <= stated <= 1:
            raise ValueError(f"a probability lies between 0 and 1, not at {stated}")
        sorted_in[min(int(stated * bins), bins - 1)].append((stated, so))
    filled = tuple(made for each in sorted_in if (made := _bin(each)) is not None)
    error = sum(each.n * abs(each.stated - each.hits.value) for each in filled) / len(every)
    brier = mean([(stated - so) ** 2 for stated, so in every])
    return Calibration(len(every), filled, error, brier) if brier is not None else None


def _bin(statements: Sequence[tuple[float, bool]]) -> Bin | None:
    hits = share(so for _, so in statements)
    return Bin(len(statements), fmean(stated for stated, _ in statements), hits) if hits is not None else None
