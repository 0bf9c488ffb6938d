"""How well passages are found: the specialists' own ranking over a judged collection in memory, beside simpler systems."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from statistics import median

import numpy as np

from consilium_cli.evaluation.judged import Judged, Scale
from consilium_cli.evaluation.ranked import MEASURES, Comparison, Measures, compare, figures, measure
from consilium_cli.evaluation.result import Miss, SetResult, worst_first
from consilium_common.errors import ConsiliumError
from consilium_common.retrieval.names import NO_NAMES, Names
from consilium_common.retrieval.question import understand
from consilium_common.retrieval.ranking import Prepared, Ranked, Vectors, matched, prepare, rank, statistics_of

Encode = Callable[[Sequence[str]], list[bytes]]

# By name, since the command line does not depend on the services; where the embedder is installed, its model is here.
MODEL = "consilium_embedder.model"
BATCH = 32
MAX_CHARS = 4_000  # what the embedder's client sends
RRF_K = 60  # Cormack, Clarke and Buettcher (2009)


class System(StrEnum):
    """What is measured: words alone, meaning alone, both fused by reciprocal rank, and what the specialists use."""

    BM25 = "bm25"
    DENSE = "dense"
    FUSED = "fused"
    FULL = "full"


@dataclass
class Times:
    """What each stage took, in seconds; of a question in milliseconds, the median."""

    stages: dict[str, list[float]] = field(default_factory=dict)

    def add(self, stage: str, began: float) -> None:
        """Note what a stage took that began at a time of the performance counter."""
        self.stages.setdefault(stage, []).append(time.perf_counter() - began)

    def as_json(self) -> dict[str, float]:
        """Return one number for each stage."""
        shown = {}
        for stage, took in self.stages.items():
            name, value = (f"{stage}_s", took[0]) if len(took) == 1 else (f"{stage}_ms", median(took) * 1000)
            shown[name] = round(value, 2)
        return shown


@dataclass(frozen=True)
class Retrieval:
    """The result: one set for each system, the best system first, and how it differs from each of the others."""

    sets: tuple[SetResult, ...]
    comparisons: Mapping[str, tuple[Comparison, ...]]
    scale: Scale
    unanswerable: int
    times: Times


def load_encode() -> Encode:
    """Return the embedder's model.

    Raises:
        ConsiliumError: when the embedder is not installed.
    """
    try:
        loaded: Encode = import_module(MODEL).load_model(0, "")
    except ImportError as error:
        raise ConsiliumError(
            "no-embedder", f"The embedder is not installed here ({error}); --system bm25 needs none."
        ) from error
    return loaded


def evaluate(
    judged: Judged,
    systems: Iterable[System],
    encode: Encode | None,
    scale: Scale,
    names: Names = NO_NAMES,
    summaries: bool = False,
) -> Retrieval:
    """Return how well each system answers the questions to which there is an answer."""
    times, wanted = Times(), tuple(dict.fromkeys(systems))
    search = _Search(judged, encode, names, times)
    asked = [
        question
        for question in judged.questions
        if any(scale.relevant(grade) for grade in judged.grades.get(question.id, {}).values())
    ]
    measures: dict[System, list[Measures]] = {system: [] for system in wanted}
    misses: dict[System, list[Miss]] = {system: [] for system in wanted}
    for question in asked:
        found = search.all(question.summary if summaries and question.summary else question.text, wanted)
        grades = judged.grades[question.id]
        for system, order in found.items():
            reached = measure([each.id for each in order], grades, scale)
            measures[system].append(reached)
            if reached.ndcg_at_10 < 1:
                misses[system].append(_miss(question.id, order, grades, scale, reached))
    sets = tuple(
        SetResult(system.value, len(asked), figures(measures[system]), misses=worst_first(misses[system])) for system in wanted
    )
    comparisons = {
        other.value: tuple(made for name in MEASURES if (made := compare(name, measures[wanted[0]], measures[other])))
        for other in wanted[1:]
    }
    return Retrieval(sets, comparisons, scale, len(judged.questions) - len(asked), times)


class _Search:
    """The collection in memory, ready to be searched by every system."""

    def __init__(self, judged: Judged, encode: Encode | None, names: Names, times: Times) -> None:
        self._encode, self._times = encode, times
        began = time.perf_counter()
        self._passages = [prepare(each.id, each.title, each.text, names) for each in judged.passages]
        self._statistics = statistics_of(self._passages, [each.title for each in judged.passages])
        times.add("prepare", began)
        began = time.perf_counter()
        texts = [f"{each.title}. {each.text}" if each.title else each.text for each in judged.passages]
        self._vectors = _embedded(encode, texts) if encode else None
        times.add("embed_passages", began)

    def all(self, text: str, systems: Sequence[System]) -> dict[System, list[Ranked]]:
        """Return the order of the passages by each system."""
        vector = None
        if self._encode is not None:
            began = time.perf_counter()
            (vector,) = _embedded(self._encode, [text])
            self._times.add("embed_question", began)
        began = time.perf_counter()
        question = understand(text, self._statistics)
        found = {}
        if System.FULL in systems:
            found[System.FULL] = rank(question, self._passages, self._statistics, vector, self._vectors)
            self._times.add("rank", began)
        words = [matched(question, passage, self._statistics) for passage in self._passages]
        meaning = self._vectors @ vector if self._vectors is not None and vector is not None else None
        by_words = _ordered(self._passages, words)
        found[System.BM25] = by_words
        if meaning is not None:
            found[System.DENSE] = _ordered(self._passages, meaning)
            found[System.FUSED] = _fused([by_words, found[System.DENSE]])
        return {system: found[system] for system in systems if system in found}


def _embedded(encode: Encode, texts: Sequence[str]) -> Vectors:
    """Return the vectors of texts, made in batches of like length, since a batch takes as long as its longest text."""
    order = sorted(range(len(texts)), key=lambda at: (len(texts[at]), at))
    made: dict[int, bytes] = {}
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        made |= dict(zip(batch, encode([texts[at][:MAX_CHARS] for at in batch]), strict=True))
    return np.stack([np.frombuffer(made[at], dtype="<f4") for at in range(len(texts))])


def _ordered(passages: Sequence[Prepared], scores: Iterable[float]) -> list[Ranked]:
    pairs = sorted((-round(float(score), 9), passage.id) for passage, score in zip(passages, scores, strict=True))
    return [Ranked(id, -score, {}) for score, id in pairs]


def _fused(orders: Sequence[Sequence[Ranked]]) -> list[Ranked]:
    scores: dict[str, float] = {}
    for order in orders:
        for place, each in enumerate(order, start=1):
            scores[each.id] = scores.get(each.id, 0.0) + 1 / (RRF_K + place)
    return [Ranked(id, score, {}) for id, score in sorted(scores.items(), key=lambda pair: (-round(pair[1], 12), pair[0]))]


def _miss(question: str, order: Sequence[Ranked], grades: Mapping[str, int], scale: Scale, reached: Measures) -> Miss:
    """Return what came first, where the best answer stands, and by which signals the one was put before the other."""
    best = max(grades.values())
    place, right = next((at, each) for at, each in enumerate(order, start=1) if grades.get(each.id) == best)
    first = order[0]
    why = (
        f"first: {first.id}, grade {grades.get(first.id, 'not judged')}, {_told(first)}",
        f"best: {right.id}, grade {best}, in place {place}, {_told(right)}",
    )
    got = "relevant" if scale.relevant(grades.get(first.id, scale.worthless)) else "not relevant"
    return Miss(question, f"grade {best}", f"{got} in place 1", why, weight=1 - reached.ndcg_at_10)


def _told(each: Ranked) -> str:
    return ", ".join([f"score {each.score:.3f}", *(f"{name} {value:.2f}" for name, value in each.signals.items())])
