"""The words that search compares, and how common they are: lower case, without endings, without what tells nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

from consilium_common.clinical.spelling import Speller
from consilium_common.clinical.text import stem, tokenize
from consilium_common.clinical.words import word_set

# People write in the first person: without these, "I have my" decides what is found. Words of place, time and degree stay:
# "after", "no" and "not" carry meaning in a complaint.
STOP_WORDS = word_set(
    "a an the i me my mine myself we us our you your he him his she her hers it its they them their this that these those am "
    "is are was were be been being have has had having do does did doing will would can could should shall may might must and "
    "or but if so as of at by for with about into to from in on there here also just really very im ive"
)
# Words that ask tell what sort of answer is wanted, which `kinds` reads, and not of what.
_ASKING = word_set("what which who whom how when where why than then not no any some get got please thank thanks")
_SILENT = STOP_WORDS | _ASKING


def terms(text: str) -> list[str]:
    """Return the stems of the telling words of a text, in order."""
    return [token.own for token in tokenize(text) if token.word not in _SILENT]


@dataclass(frozen=True)
class Statistics:
    """How common each term is among the passages searched, and how long those are on average, in terms."""

    passages: int
    frequency: Mapping[str, int]
    length: float
    speller: Speller

    def rarity(self, term: str) -> float:
        """Return what a shared term is worth (inverse document frequency, never negative); a term never seen is worth most."""
        seen = self.frequency.get(term, 0)
        return log(1 + (self.passages - seen + 0.5) / (seen + 0.5))

    def read(self, text: str) -> list[str]:
        """Return the terms of a text; a word that stands in no passage becomes the title word that was probably meant."""
        found = []
        for token in tokenize(text):
            if token.word in _SILENT:
                continue
            meant = None if token.own in self.frequency else self.speller.correct(token.word)
            found.append(stem(meant) if meant else token.own)
        return found


def gather(passages: Sequence[Mapping[str, int]], titles: Iterable[str]) -> Statistics:
    """Return the statistics of passages, each given by its counts; slips are put right towards the words of the titles."""
    frequency: Counter[str] = Counter()
    for each in passages:
        frequency.update(each.keys())
    length = sum(sum(each.values()) for each in passages) / len(passages) if passages else 0.0
    named = {token.word for title in titles for token in tokenize(title)}
    return Statistics(len(passages), frequency, length, Speller(named))
