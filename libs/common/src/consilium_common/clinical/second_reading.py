"""The second reading: how urgent does a message as a whole read? It follows the rules and raises what they found.

Rules find what somebody foresaw, and people word dangers in ways that nobody foresees. Here every word, pair of words and pair
with one word between has weights, learnt from messages that were written and judged for this project (`training/`, ADR 0018).
It is a table and a sum: no model is asked, the same text always gets the same numbers, and the words that decided are named.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import exp, log, sqrt
from typing import NamedTuple

from consilium_common.clinical.terms import tells, terms
from consilium_common.clinical.wording import quoted
from consilium_common.contracts.case import Reading, RedFlag, Triage
from consilium_common.contracts.knowledge import TriageLevel

RULE = "second-reading"
VERSION = 2
MOST_WORDS = 5  # named as having decided
# The length of a text of about fifteen words, counted by the rarity of its terms. Without it 7 of 25 everyday complaints of a
# few words were called emergencies, with it 1; of short emergencies by another writer 69 of 100 are found instead of 72.
LEAST_LENGTH = 30.0
# A message that a self-care rule fits, or that reads like self-care, must be this improbable as an emergency.
HARMLESS_BELOW = 0.15
# What is less probable to need a doctor today reads mild: likely conditions alone do not send it to one (`raising`).
MILD_BELOW = 0.3
_SAY = {
    TriageLevel.EMERGENCY: (
        "Call the emergency number now, or have somebody take you to an emergency department. No one sign is certain. But your"
        " message as a whole reads like an emergency. Is it over, and did somebody look at it? Then say so and ask again."
    ),
    TriageLevel.SAME_DAY: (
        "Speak to a doctor or an urgent care service today. No one sign is certain. But your message as a whole reads like"
        " something that should be looked at today. Is it over, and did somebody look at it? Then say so and ask again."
    ),
}
_SUSPECT = {
    TriageLevel.EMERGENCY: "A message that reads like an emergency as a whole",
    TriageLevel.SAME_DAY: "A message that reads as a whole like something for a doctor today",
}
_WITHIN = {TriageLevel.EMERGENCY: "now", TriageLevel.SAME_DAY: "today"}
_HOME = "As a whole it reads like something that can be looked after at home"
# What is judged, in the order of the columns: how probable it is that somebody should be seen at least so soon.
JUDGED = (TriageLevel.EMERGENCY, TriageLevel.SAME_DAY, TriageLevel.ROUTINE)
Columns = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Weight:
    """What one term says. `rarity` is its inverse document frequency, `of` how much it speaks for each of `JUDGED`."""

    rarity: float
    of: Columns


@dataclass(frozen=True)
class WordWeights:
    """The table. What is at least as probable as `raise_from` is raised to that level; what is less probable to need any
    doctor than `self_care_below` may be looked after at home. An empty table changes nothing.
    """

    terms: Mapping[str, Weight] = field(default_factory=dict)
    intercepts: Columns = (0.0, 0.0, 0.0)
    raise_from: tuple[float, float] = (1.0, 1.0)
    self_care_below: float = 0.0
    version: str = ""


NO_WEIGHTS = WordWeights()


class Impression(NamedTuple):
    """How probable it is, 0 to 1, that a message tells of something for at least that level."""

    emergency: float
    same_day: float
    doctor: float


@dataclass(frozen=True)
class SecondReading:
    """One text and what the weights make of it, worked out once and when it is first asked for."""

    text: str
    weights: WordWeights

    @cached_property
    def impression(self) -> Impression:
        """Return how urgent the text reads."""
        return Impression(*(1 / (1 + exp(-self._sum(column))) for column in range(len(JUDGED))))

    @property
    def harmless(self) -> bool:
        """Return whether the text as a whole reads so harmless that single alarming words need not keep it from self-care."""
        return bool(self.weights.terms) and self.impression.emergency < HARMLESS_BELOW

    def words(self, column: int, against: bool = False) -> tuple[str, ...]:
        """Return the words that speak most for or against a level of `JUDGED`, as they stand there, none within another."""
        sign = -1 if against else 1
        parts = {term: sign * share * self.weights.terms[term].of[column] for term, share in self._shares.items()}
        shown: list[str] = []
        for term in sorted(parts, key=lambda each: (-parts[each], each)):
            words = next(words for each, words in self._terms if each == term)
            if parts[term] <= 0 or len(shown) == MOST_WORDS:
                break
            if any(map(tells, words.split())) and not any(words in other or other in words for other in shown):
                shown.append(words)
        return tuple(shown)

    @cached_property
    def _terms(self) -> tuple[tuple[str, str], ...]:
        return tuple(terms(self.text))

    @property
    def sparse(self) -> bool:
        """Return whether too little of the text is known to send anybody to a doctor today by it: "a cold for three days"."""
        return self._length < LEAST_LENGTH

    @cached_property
    def _known(self) -> dict[str, float]:
        counted = Counter(term for term, _ in self._terms if term in self.weights.terms)
        return {term: (1 + log(n)) * self.weights.terms[term].rarity for term, n in counted.items()}

    @cached_property
    def _length(self) -> float:
        return sqrt(sum(each * each for each in self._known.values()))

    @cached_property
    def _shares(self) -> dict[str, float]:
        """Return the share of the text, whose length is 1, that each known term is.

        A sparse text is shorter than that: "I feel tired" must not become what half of a longer message would be.
        """
        length = max(LEAST_LENGTH, self._length)
        return {term: each / length for term, each in self._known.items()}

    def _sum(self, column: int) -> float:
        spoken = sum(share * self.weights.terms[term].of[column] for term, share in self._shares.items())
        return self.weights.intercepts[column] + spoken


def read_again(triage: Triage, reading: Reading, again: SecondReading) -> Triage:
    """Return the triage, raised when the message as a whole reads more urgent, else whether it reads mild; only English."""
    if reading.insufficient == "not-english" or not again.weights.terms:
        return triage
    for column, level in enumerate(JUDGED[:2]):
        if level.urgency <= triage.level.urgency or (level == TriageLevel.SAME_DAY and again.sparse):
            return triage
        if again.impression[column] >= again.weights.raise_from[column]:
            return _raised(triage, level, again.words(column))
    return triage.model_copy(update={"reads_mild": again.impression.same_day < MILD_BELOW})


def _raised(triage: Triage, level: TriageLevel, words: tuple[str, ...]) -> Triage:
    flag = RedFlag(
        rule=RULE,
        version=VERSION,
        level=level,
        within=_WITHIN[level],
        suspect=_SUSPECT[level],
        say=_SAY[level],
        words=words,
    )
    return triage.model_copy(
        update={
            "level": flag.level,
            "within": flag.within,
            "advice": flag.say,
            "red_flags": (flag, *triage.red_flags),
            "reasons": (f"{flag.suspect}: {quoted(words)}", *triage.reasons),
        }
    )


def why_at_home(reading: Reading, again: SecondReading) -> str:
    """Return why a message reads like something that can be looked after at home; empty when it does not, or is not English."""
    if reading.insufficient is not None or not again.harmless or again.impression.doctor >= again.weights.self_care_below:
        return ""
    return f"{_HOME}: {quoted(again.words(JUDGED.index(TriageLevel.ROUTINE), against=True))}"


def undenied(text: str, reading: Reading) -> str:
    """Return a text without what it says is not there: a list of denied dangers is no danger."""
    kept: list[str] = []
    at = 0
    for finding in sorted((each for each in reading.findings if not each.present), key=lambda each: each.start):
        kept.append(text[at : finding.start])
        at = max(at, finding.end)  # findings may overlap
    return " ".join([*kept, text[at:]])


def rarities(lines: Iterable[str]) -> dict[str, float]:
    """Return how rare the single words of a table are in all messages, as inverse document frequency: 1 when all have it.

    Only what is returned is read, since a specialist needs no more of the table and `parse` takes six times as long.

    Raises:
        ValueError: when a line is no row of a table.
    """
    rows = (line.split("\t", 2) for line in lines)
    return {term: float(rarity) for term, rarity, _ in rows if " " not in term and term not in {"intercepts", "bounds"}}


def parse(lines: Iterable[str], version: str) -> WordWeights:
    """Return the table of a file, with tabs: `intercepts` and `bounds` with three numbers, then term, rarity, three weights.

    Raises:
        ValueError: when a line is none of these, with its number.
    """
    numbers: dict[str, Columns] = {}
    found: dict[str, Weight] = {}
    for number, line in enumerate(lines, start=1):
        match line.rstrip("\n").split("\t"):
            case [("intercepts" | "bounds") as name, a, b, c] if name not in numbers:
                numbers[name] = (float(a), float(b), float(c))
            case [term, rarity, a, b, c] if term not in found:
                found[term] = Weight(float(rarity), (float(a), float(b), float(c)))
            case _:
                raise ValueError(f"line {number} is neither the numbers of the table nor a new term with four numbers")
    if len(numbers) < 2:
        raise ValueError("intercepts and bounds must be given")
    emergency, same_day, self_care = numbers["bounds"]
    return WordWeights(found, numbers["intercepts"], (emergency, same_day), self_care, version)
