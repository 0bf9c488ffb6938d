"""How good an order of passages is, and how sure one may be that one order is better than another. Pure and seeded."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

from consilium_cli.evaluation.judged import Scale
from consilium_cli.evaluation.scoring import SEED, Figure, known, mean

DEPTH = 10
FAR = 100
FLIPS = 10_000


@dataclass(frozen=True)
class Measures:
    """How well one question was answered, each from 0 to 1."""

    p_at_1: float
    map_at_10: float
    ndcg_at_10: float
    recall: float
    recall_at_100: float


MEASURES = ("p_at_1", "map_at_10", "ndcg_at_10", "recall", "recall_at_100")


def measure(order: Sequence[str], grades: Mapping[str, int], scale: Scale) -> Measures:
    """Return the measures of an order of passage ids; what was not judged is not relevant.

    MAP@10 averages over the questions the precision at each relevant place among the first ten, summed and divided by the
    number of relevant passages, or by ten when there are more. nDCG@10 (Järvelin and Kekäläinen 2002) takes the gain of a
    passage undivided, as trec_eval does, and compares with the best order possible of all that was judged.

    Raises:
        ValueError: when no passage is relevant, so that nothing could be found.
    """
    relevant = {passage for passage, grade in grades.items() if scale.relevant(grade)}
    if not relevant:
        raise ValueError("nothing is relevant to this question")
    hits = [passage in relevant for passage in order[:DEPTH]]
    precision = [sum(hits[: at + 1]) / (at + 1) for at, hit in enumerate(hits) if hit]
    best = sorted((scale.gain(grade) for grade in grades.values()), reverse=True)
    ideal = _discounted(best)
    return Measures(
        p_at_1=float(bool(hits and hits[0])),
        map_at_10=sum(precision) / min(len(relevant), DEPTH),
        ndcg_at_10=_discounted([scale.gain(grades.get(passage, scale.worthless)) for passage in order]) / ideal
        if ideal
        else 0.0,
        recall=len(relevant.intersection(order[:DEPTH])) / len(relevant),
        recall_at_100=len(relevant.intersection(order[:FAR])) / len(relevant),
    )


def figures(every: Sequence[Measures]) -> dict[str, Figure]:
    """Return the mean of each measure over the questions, with its bootstrap interval."""
    return known(**{name: mean([getattr(each, name) for each in every]) for name in MEASURES})


@dataclass(frozen=True)
class Comparison:
    """By how much one system is better than another in one measure, question by question, and how likely that is by chance."""

    measure: str
    difference: Figure
    p: float
    better: int
    worse: int

    def as_json(self) -> dict[str, object]:
        """Return the comparison for programs."""
        figure = self.difference.as_json()
        return {
            "measure": self.measure,
            "difference": figure,
            "p": round(self.p, 4),
            "better": self.better,
            "worse": self.worse,
        }


def compare(name: str, one: Sequence[Measures], other: Sequence[Measures]) -> Comparison | None:
    """Return how one system differs from another over the same questions; `p` is two-sided, by flipping signs at random."""
    pairs = [getattr(a, name) - getattr(b, name) for a, b in zip(one, other, strict=True)]
    difference = mean(pairs)
    if difference is None:
        return None
    return Comparison(name, difference, _by_chance(pairs), sum(each > 0 for each in pairs), sum(each < 0 for each in pairs))


def _by_chance(differences: Sequence[float]) -> float:
    """Return how often random signs give a mean at least as far from 0 (the observed one is counted, so never 0)."""
    sizes = [abs(each) for each in differences if each]
    if not sizes:
        return 1.0
    chance = random.Random(SEED)  # noqa: S311 - resampling, no secret
    observed = abs(sum(differences)) - 1e-12
    far = sum(abs(sum(size if chance.random() < 0.5 else -size for size in sizes)) >= observed for _ in range(FLIPS))
    return (far + 1) / (FLIPS + 1)


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / log2(place + 2) for place, gain in enumerate(gains[:DEPTH]))
