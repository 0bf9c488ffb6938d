"""The order of passages for a question: four signals of each passage alone, and one of its likeness to the first few.

Each signal is on a scale of its own meaning (a cosine, a share), so that weights hold for a hundred candidates of Milvus as
for a whole collection in memory. The weights are round numbers chosen on development questions; docs/evaluation.md has
what each signal adds there.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consilium_common.retrieval.kinds import Kind, kinds
from consilium_common.retrieval.names import NO_NAMES, Name, Names, all_names
from consilium_common.retrieval.question import Question
from consilium_common.retrieval.words import Statistics, gather, terms

Vectors = NDArray[np.float32]

# Robertson and Zaragoza (2009), The Probabilistic Relevance Framework: BM25 and Beyond; the usual values.
K1 = 1.2
B = 0.75
# Beside a cosine, which counts 1. The words of a long letter tell more of its writer than of what is asked.
WORDS_SHORT, WORDS_LONG = 0.3, 0.15
SHORT_TERMS = 8
KIND = 0.15
NAMED = 0.3
ALIKE = 0.3
# A passage about the condition in general answers half of what is asked about a part of it.
GENERAL = 0.5
# Less than this share of a name is another thing's name: "hip" of "hip replacement".
NAMED_FROM = 0.6
# Passages like the first few are about the same (Rocchio 1971); with more, what is about something else comes in.
FIRST = 3


@dataclass(frozen=True)
class Prepared:
    """A passage ready to be ranked: how often it holds each term, how many terms, what it is called, what it tells."""

    id: str
    words: Mapping[str, int]
    length: int
    names: frozenset[Name]
    kinds: frozenset[Kind]


@dataclass(frozen=True)
class Ranked:
    """A passage with its score and the signals that made it, each before its weight."""

    id: str
    score: float
    signals: Mapping[str, float]


def prepare(id: str, title: str, text: str, known: Names = NO_NAMES) -> Prepared:
    """Return a passage ready to be ranked, also under the other names known for what its title is about."""
    words = terms(f"{title}. {text}")
    return Prepared(id, Counter(words), len(words), all_names(title, known) if title else frozenset(), kinds(title))


def statistics_of(passages: Sequence[Prepared], titles: Iterable[str]) -> Statistics:
    """Return how common words are among the passages that will be searched."""
    return gather([passage.words for passage in passages], titles)


def matched(question: Question, passage: Prepared, statistics: Statistics) -> float:
    """Return BM25 as a share of what all terms of the question are worth together, so that any two questions compare."""
    if question.whole <= 0:
        return 0.0
    norm = K1 * (1 - B + B * passage.length / statistics.length) if statistics.length else K1
    shared = sorted(question.worth.keys() & passage.words.keys())
    counts = [passage.words[term] for term in shared]
    found = sum(question.worth[term] * count / (count + norm) for term, count in zip(shared, counts, strict=True))
    return (K1 + 1) * found / question.whole


def named(question: Question, passage: Prepared, statistics: Statistics) -> float:
    """Return how much of one of the passage's names stands in the question, 0 when it is not most of it."""
    best = max((_said(question, name, statistics) for name in passage.names), default=0.0)
    return best if best >= NAMED_FROM else 0.0


def rank(
    question: Question,
    passages: Sequence[Prepared],
    statistics: Statistics,
    vector: Vectors | None = None,
    vectors: Vectors | None = None,
) -> list[Ranked]:
    """Return the passages, the best first; the order in which they are given changes nothing.

    `vector` (384) is the question's, `vectors` (n, 384) the passages', of length 1. Without them words, names and kinds decide.
    """
    names: dict[frozenset[Name], float] = {}
    for passage in passages:
        if passage.names not in names:
            names[passage.names] = named(question, passage, statistics)
    signals = {
        "words": np.array([matched(question, passage, statistics) for passage in passages]),
        "named": np.array([names[passage.names] for passage in passages]),
        "kind": np.array([_answers(question, passage) for passage in passages]),
    }
    words = WORDS_SHORT if len(question.worth) <= SHORT_TERMS else WORDS_LONG
    score = KIND * signals["kind"] + NAMED * signals["named"]
    if vector is None or vectors is None or not passages:
        return _sorted(passages, score + words * signals["words"], signals)
    signals["close"] = vectors.astype(np.float64) @ vector.astype(np.float64)
    about = signals["close"] + words * signals["words"]
    signals["alike"] = _alike(passages, about, vectors)
    return _sorted(passages, score + about + ALIKE * signals["alike"], signals)


def _said(question: Question, name: Name, statistics: Statistics) -> float:
    worth = {term: statistics.rarity(term) for term in sorted(name)}
    whole = sum(worth.values())
    return sum(value for term, value in worth.items() if term in question.worth) / whole if whole > 0 else 0.0


def _answers(question: Question, passage: Prepared) -> float:
    if question.kinds & passage.kinds:
        return 1.0
    return GENERAL if Kind.ABOUT in passage.kinds else 0.0


def _alike(passages: Sequence[Prepared], about: NDArray[np.float64], vectors: Vectors) -> NDArray[np.float64]:
    """Return how close each passage is to the middle of the first few."""
    first = sorted(range(len(passages)), key=lambda at: (-about[at], passages[at].id))[:FIRST]
    middle = vectors[first].astype(np.float64).mean(axis=0)
    length = float(np.linalg.norm(middle))
    likeness: NDArray[np.float64] = vectors.astype(np.float64) @ (middle / length if length > 0 else middle)
    return likeness


def _sorted(
    passages: Sequence[Prepared], scores: NDArray[np.float64], signals: Mapping[str, NDArray[np.float64]]
) -> list[Ranked]:
    # Rounded, since sums of floats differ in their last digits with the order of the passages.
    rounded = [round(float(score), 9) for score in scores]
    order = sorted(range(len(passages)), key=lambda at: (-rounded[at], passages[at].id))
    return [Ranked(passages[at].id, rounded[at], {name: float(values[at]) for name, values in signals.items()}) for at in order]
