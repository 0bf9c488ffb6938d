"""The second reading: does a message as a whole read like an emergency? It follows the rules and can only raise.

Rules find what somebody foresaw, and people word dangers in ways that nobody foresees. Here every word, pair of words and pair
with one word between has a weight, learnt from messages that were written and judged for this project (`training/`, ADR 0018).
It is a table and a sum: no model is asked, the same text always gets the same number, and the words that decided are named.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import exp, log, sqrt

from consilium_common.contracts.case import Reading, RedFlag, Triage
from consilium_common.contracts.knowledge import TriageLevel

RULE = "second-reading"
VERSION = 1
MOST_WORDS = 5  # named as having decided
# The length of a text of about fifteen words, counted by the rarity of its terms. Without it 7 of 25 everyday complaints of a
# few words were called emergencies, with it 1; of short emergencies by another writer 69 of 100 are found instead of 72.
LEAST_LENGTH = 30.0
# Of the messages in training/ that a self-care rule fits, one emergency in 2,504 is below it, by weights of other writers.
HARMLESS_BELOW = 0.1
_SAY = (
    "Call the emergency number now, or have somebody take you to an emergency department. No one sign is certain. But your"
    " message as a whole reads like an emergency. Is it over, and did somebody look at it? Then say so and ask again."
)
_SUSPECT = "A message that reads like an emergency as a whole"
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+")
_ENDING = re.compile(r"(?:ing|edly|ed|es|s|ly)$")
_SHORT = 4  # words up to so many letters keep their ending
# Words that say nothing of health on their own, only in pairs. Alone they carry the habits of writers: a text must not be an
# emergency because it tells what somebody says, or numbers things. They are not named either.
_EMPTY = frozenset(
    """
    about after again also always because been before being could even from have here hers herself himself into just like
    maybe more much myself only other over really said says should some something still than that their them then there
    these they thing things think this those though very want wants went were what when where which while will with would
    your it's that's he's she's i've i'm don't can't isn't the and but for are was has had his him our who how any one two
    you yes all may did does doing done its let lets per too both each few many most none nor own same such until upon via
    whose why yet say ask asks asked tell tells told thought know knows knew come comes came goes going gone get gets got
    make makes made take takes took put keep keeps kept look looks looked seem seems seemed please thanks thank dear hello
    sorry regards subject today tomorrow yesterday monday tuesday wednesday thursday friday saturday sunday since ago
    quite rather perhaps actually anyway okay well bit lot kind sort stuff we're they're you're we've you've who's there's
    what's i'd i'll he'd she'd we'll
    """.split()  # noqa: SIM905 as a list it would fill a page
)


@dataclass(frozen=True)
class Weight:
    """What one term says. `rarity` is its inverse document frequency, `weight` how much it speaks for an emergency."""

    rarity: float
    weight: float


@dataclass(frozen=True)
class WordWeights:
    """The table. A probability from `emergency_from` on is an emergency; an empty table never raises anything."""

    terms: Mapping[str, Weight] = field(default_factory=dict)
    intercept: float = 0.0
    emergency_from: float = 1.0
    version: str = ""


NO_WEIGHTS = WordWeights()


def read_again(triage: Triage, reading: Reading, text: str, weights: WordWeights) -> Triage:
    """Return the triage, raised to an emergency when the message as a whole reads like one; never lowered, only English."""
    if triage.level == TriageLevel.EMERGENCY or reading.insufficient == "not-english" or not weights.terms:
        return triage
    if emergency_probability(text, weights) < weights.emergency_from:
        return triage
    words = telling_words(text, weights)
    flag = RedFlag(
        rule=RULE,
        version=VERSION,
        level=TriageLevel.EMERGENCY,
        within="now",
        suspect=_SUSPECT,
        say=_SAY,
        words=words,
    )
    named = ", ".join(f"“{word}”" for word in words)
    return triage.model_copy(
        update={
            "level": flag.level,
            "within": flag.within,
            "advice": flag.say,
            "red_flags": (flag, *triage.red_flags),
            "reasons": (f"{_SUSPECT}: {named}", *triage.reasons),
        }
    )


def undenied(text: str, reading: Reading) -> str:
    """Return a text without what it says is not there: a list of denied dangers is no danger."""
    kept: list[str] = []
    at = 0
    for finding in sorted((each for each in reading.findings if not each.present), key=lambda each: each.start):
        kept.append(text[at : finding.start])
        at = max(at, finding.end)  # findings may overlap
    return " ".join([*kept, text[at:]])


def reads_harmless(text: str, weights: WordWeights) -> bool:
    """Return whether a text as a whole reads so harmless that single alarming words need not keep it from self-care."""
    return bool(weights.terms) and emergency_probability(text, weights) < HARMLESS_BELOW


def emergency_probability(text: str, weights: WordWeights) -> float:
    """Return how probable it is that a text tells of an emergency, 0 to 1."""
    parts = _parts(Counter(term for term, _ in terms(text)), weights)
    return 1 / (1 + exp(-(weights.intercept + sum(parts.values()))))


def telling_words(text: str, weights: WordWeights) -> tuple[str, ...]:
    """Return the words of a text that speak most for an emergency, as they stand there, none within another."""
    found = list(terms(text))
    parts = _parts(Counter(term for term, _ in found), weights)
    shown: list[str] = []
    for term in sorted(parts, key=lambda each: (-parts[each], each)):
        words = next(words for each, words in found if each == term)
        if parts[term] <= 0 or len(shown) == MOST_WORDS:
            break
        if any(map(_tells, words.split())) and not any(words in other or other in words for other in shown):
            shown.append(words)
    return tuple(shown)


def terms(text: str) -> Iterator[tuple[str, str]]:
    """Yield the terms of a text with the words that they stand for: stems, pairs of neighbours, pairs around one word."""
    words = _WORD.findall(text.lower().replace("’", "'"))
    stems = [_stem(word) for word in words]
    yield from ((stem, word) for stem, word in zip(stems, words, strict=True) if _tells(word))
    for at in range(len(stems) - 1):
        yield f"{stems[at]} {stems[at + 1]}", " ".join(words[at : at + 2])
    for at in range(len(stems) - 2):
        yield f"{stems[at]} _ {stems[at + 2]}", " ".join(words[at : at + 3])


def _tells(word: str) -> bool:
    return len(word) > 2 and not word.isdigit() and word not in _EMPTY


def _stem(word: str) -> str:
    word = word.replace("'", "")
    return _ENDING.sub("", word) if len(word) > _SHORT else word


def _parts(counted: Mapping[str, int], weights: WordWeights) -> dict[str, float]:
    """Return what each known term adds: its weight times its share of the text, whose length is 1.

    A text of few known terms is shorter than that: "I feel tired" must not become what half of a longer message would be.
    """
    known = {term: (1 + log(n)) * weights.terms[term].rarity for term, n in counted.items() if term in weights.terms}
    length = max(LEAST_LENGTH, sqrt(sum(each * each for each in known.values())))
    return {term: each / length * weights.terms[term].weight for term, each in known.items()}


def parse(lines: Iterable[str], version: str) -> WordWeights:
    """Return the table of a file: `intercept` and `emergency-from` first, then term, rarity and weight, with tabs.

    Raises:
        ValueError: when a line is none of these, with its number.
    """
    numbers: dict[str, float] = {}
    found: dict[str, Weight] = {}
    for number, line in enumerate(lines, start=1):
        match line.rstrip("\n").split("\t"):
            case [("intercept" | "emergency-from") as name, value] if name not in numbers:
                numbers[name] = float(value)
            case [term, rarity, weight] if term not in found:
                found[term] = Weight(float(rarity), float(weight))
            case _:
                raise ValueError(f"line {number} is neither a number of the table nor a new term with two numbers")
    if len(numbers) < 2:
        raise ValueError("intercept and emergency-from must be given")
    return WordWeights(found, numbers["intercept"], numbers["emergency-from"], version)
