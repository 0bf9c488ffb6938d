"""What words speak for which condition, learnt from the cases that a pack holds for it (ADR 0019).

Findings are what the vocabulary foresaw. Cases in many people's words know more: what hurts while combing one's hair, which job
it comes with. A term speaks for a condition as far as its cases hold it more often than other texts do; that is a logarithm
that can be added to those of the findings. No model is asked and nothing is fitted: whoever adds cases has taught the words.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import exp, log, sqrt

from consilium_common.clinical.terms import terms

# Chosen on the cases of one wave of writers for those of another, and on half of the published cases (docs/evaluation.md).
TRUST = 1.0
PAIRS = 0.5  # how far pairs count, which repeat what their words say
# The strength of the belief, in cases, that a term is as common for this condition as elsewhere.
CAUTION = 5.0
LEAST_WEIGHT = 0.3
LEAST_TERMS = 30  # a text of fewer terms says no more for it
MOST_WORDS = 5


@dataclass(frozen=True)
class CaseWords:
    """Weights by term: `_places` says where in `_of` and `_weights` a term's conditions stand. Empty, it says nothing."""

    conditions: tuple[str, ...] = ()
    shares: Mapping[str, float] = field(default_factory=dict)
    _places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    _of: "array[int]" = field(default_factory=lambda: array("H"))
    _weights: "array[float]" = field(default_factory=lambda: array("f"))

    def speak_for(self, text: str) -> dict[str, float]:
        """Return for each condition how much a text speaks for it, as logarithm; nothing where there are no cases."""
        sums = [0.0] * len(self.conditions)
        heard = {term for term, _ in terms(text)}
        for term in sorted(heard):
            weigh = PAIRS if " " in term else 1.0
            for at in range(*self._places.get(term, (0, 0))):
                sums[self._of[at]] += weigh * self._weights[at]
        length = sqrt(max(LEAST_TERMS, len(heard)))
        return {condition: TRUST * each / length for condition, each in zip(self.conditions, sums, strict=True)}

    def telling(self, text: str, condition: str) -> tuple[str, ...]:
        """Return the single words of a text that speak most for a condition, as they stand there."""
        number = self.conditions.index(condition) if condition in self.conditions else -1
        found: dict[str, float] = {}
        for term, word in terms(text):
            if " " not in term:
                places = range(*self._places.get(term, (0, 0)))
                found[word] = next((self._weights[at] for at in places if self._of[at] == number), 0.0)
        return tuple(sorted((each for each in found if found[each] > 0), key=lambda each: (-found[each], each))[:MOST_WORDS])


NO_WORDS = CaseWords()


def learn(texts: Iterable[tuple[str, str]], rarity: Mapping[str, float]) -> CaseWords:
    """Return what is learnt from texts, each with the condition that it tells of. `rarity` is how rare terms are in all texts.

    `shares` is in what part of all texts each single word stands. A term that `rarity` does not know is left out: it may be a
    slip of the pen.
    """
    cases: Counter[str] = Counter()
    held: dict[str, Counter[str]] = defaultdict(Counter)  # by term: in how many texts of each condition
    for condition, text in texts:
        cases[condition] += 1
        for term in {term for term, _ in terms(text)} & rarity.keys():
            held[term][condition] += 1
    conditions = tuple(sorted(cases))
    numbers = {condition: number for number, condition in enumerate(conditions)}
    places: dict[str, tuple[int, int]] = {}
    of, weights = array("H"), array("f")
    for term, by_condition in held.items():
        usual = exp(1 - rarity[term])
        start = len(of)
        for condition, count in by_condition.items():
            weight = log((count + CAUTION * usual) / ((cases[condition] + CAUTION) * usual))
            if weight > LEAST_WEIGHT:
                of.append(numbers[condition])
                weights.append(weight)
        places[term] = (start, len(of))
    whole = cases.total()
    shares = {term: round(held[term].total() / whole, 5) for term in sorted(held) if " " not in term}
    return CaseWords(conditions, shares, places, of, weights)
