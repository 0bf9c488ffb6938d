"""A question as search understands it: which terms it is worth looking for, and what it wants to know."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from consilium_common.retrieval.kinds import Kind, kinds
from consilium_common.retrieval.words import Statistics

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_ASKS = re.compile(
    r"\?|^(?:how|what|which|who|why|where|when|is|are|can|could|do|does|did|will|would|should|has|have|any)\b"
    r"|\b(?:tell me|i (?:want|would like|need|wish) to know|please (?:explain|advise|help)|wonder\w*|is there|are there"
    r"|anything|next options)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Question:
    """Terms with what each is worth, all of them together, and the kinds of answer wanted (none when it does not say)."""

    worth: Mapping[str, float]
    whole: float
    kinds: frozenset[Kind]


def understand(text: str, statistics: Statistics) -> Question:
    """Return a question read against the passages that will be searched."""
    counts = Counter(statistics.read(text))
    worth = {term: count * statistics.rarity(term) for term, count in counts.items()}
    return Question(worth, sum(worth.values()), kinds(" ".join(asking(text))))


def asking(text: str) -> list[str]:
    """Return the sentences that ask; all of them when none does.

    A letter tells of treatments, tests and relatives before it asks: only what is asked says which answer is wanted.
    """
    sentences = [sentence for sentence in _SENTENCE_END.split(text.strip()) if sentence]
    return [sentence for sentence in sentences if _ASKS.search(sentence)] or sentences
