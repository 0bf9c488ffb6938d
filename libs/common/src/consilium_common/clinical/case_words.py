"""What words speak for which condition, learnt from the cases that a pack holds for it (ADR 0019).

Findings are what the vocabulary foresaw. Cases in many people's words know more: what hurts while combing one's hair, which job
it comes with. A word speaks for a condition as far as its cases hold it more often than other texts do; that is a logarithm
that can be added to those of the findings. No model is asked and nothing is fitted: whoever adds cases has taught the words.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import exp, log, sqrt

from consilium_common.clinical.terms import single_words

# Chosen on the cases of one wave of writers for those of another, and on half of the published cases (docs/evaluation.md).
# The strength of the belief, in cases, that a word is as common for this condition as elsewhere.
CAUTION = 5.0
LEAST_WEIGHT = 0.3
# Words of one illness come together, so a text says as much as the root of their number; a shorter one than this no more.
LEAST_WORDS = 30
MOST_SHOWN = 5


@dataclass(frozen=True)
class CaseWords:
    """How much the stem of each word speaks for which condition, and the share of cases that hold it. Empty, it is silent."""

    conditions: tuple[str, ...] = ()
    weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    shares: Mapping[str, float] = field(default_factory=dict)

    def speak_for(self, text: str) -> dict[str, float]:
        """Return for each condition how much a text speaks for it, as logarithm from 0 on; nothing where there are no cases."""
        sums = dict.fromkeys(self.conditions, 0.0)
        heard = sorted({stem for stem, _ in single_words(text)})
        for stem in heard:
            for condition, weight in self.weights.get(stem, {}).items():
                sums[condition] += weight
        length = sqrt(max(LEAST_WORDS, len(heard)))
        return {condition: each / length for condition, each in sums.items()}

    def telling(self, text: str, condition: str) -> tuple[str, ...]:
        """Return the words of a text that speak most for a condition, as they stand there."""
        found = {word: self.weights.get(stem, {}).get(condition, 0.0) for stem, word in single_words(text)}
        return tuple(sorted((word for word in found if found[word] > 0), key=lambda word: (-found[word], word))[:MOST_SHOWN])


NO_WORDS = CaseWords()


def learn(texts: Iterable[tuple[str, str]], rarity: Mapping[str, float]) -> CaseWords:
    """Return what is learnt from texts, each with the condition that it tells of. `rarity` is how rare stems are in all texts.

    A word that `rarity` does not know is left out: it may be a slip of the pen.
    """
    cases: Counter[str] = Counter()
    held: dict[str, Counter[str]] = defaultdict(Counter)  # by stem: in how many texts of each condition
    for condition, text in texts:
        cases[condition] += 1
        for stem in {stem for stem, _ in single_words(text)} & rarity.keys():
            held[stem][condition] += 1
    weights = {stem: _weights(by_condition, cases, exp(1 - rarity[stem])) for stem, by_condition in held.items()}
    shares = {stem: round(held[stem].total() / cases.total(), 5) for stem in sorted(held)}
    return CaseWords(tuple(sorted(cases)), weights, shares)


def _weights(held: Mapping[str, int], cases: Mapping[str, int], usual: float) -> dict[str, float]:
    """Return what a word that `usual` of all texts hold speaks for the conditions whose cases hold it."""
    spoken = {of: log((count + CAUTION * usual) / ((cases[of] + CAUTION) * usual)) for of, count in held.items()}
    return {of: weight for of, weight in spoken.items() if weight > LEAST_WEIGHT}
