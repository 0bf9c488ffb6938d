"""Citing: every statement gets the passage that it rests on, quoted word by word."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from consilium_common.clinical.calculators import Calculator
from consilium_common.contracts.knowledge import Condition, Passage, Source, Step
from consilium_common.contracts.opinion import Evidence

SOURCES = 2  # the first ones of an entry carry it; the pack has them all
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9“\"])")
_WORD = re.compile(r"[a-z]{4,}")
SECTION_TITLES = {
    "about": "what it is",
    "presentation": "how it shows",
    "tests": "tests",
    "treatment": "treatment",
    "seek-help": "when to seek help",
}


def sentences(text: str) -> list[str]:
    """Return the sentences of a passage, each as it stands."""
    return [sentence for sentence in _SENTENCE.split(" ".join(text.split())) if sentence]


def most_telling(text: str, words: Collection[str]) -> str:
    """Return the sentence of a passage that names most of some words, the first one when none does."""
    wanted = _stems(" ".join(words))
    found = sentences(text)
    return max(found, key=lambda sentence: (len(wanted & _stems(sentence)), -found.index(sentence)))


@dataclass
class Citations:
    """Collects what one opinion cites: knowledge as `k1`, `k2` …, the record as `r1`, imports as `l1`, by first use."""

    specialist: str
    sources: Mapping[str, Source]
    scores: Mapping[str, float] = field(default_factory=dict)
    found: dict[tuple[str, str], Evidence] = field(default_factory=dict)

    def passage(self, condition: Condition, section: str, quote: str) -> str:
        """Cite a quote from a section of a condition and return the id."""
        title = f"{condition.name}: {SECTION_TITLES[section]}"
        return self._add(
            "knowledge", f"{self.specialist}/{condition.id}#{section}", title, quote, self._named(condition.sources)
        )

    def step(self, condition: Condition, kind: str, number: int, step: Step) -> str:
        """Cite a step of a condition's workup or management and return the id."""
        locator = f"{self.specialist}/{condition.id}#{kind}-{number}"
        return self._add("knowledge", locator, f"{condition.name}: what to do", step.do, self._named((step.source,)))

    def calculator(self, calculator: Calculator, quote: str) -> str:
        """Cite what a calculator says of a score and return the id; its sources are the papers that derived and tested it."""
        source = self._named(calculator.sources)
        return self._add(
            "knowledge", f"calculators/{calculator.id}#score", f"{calculator.name}: {calculator.about}", quote, source
        )

    def literature(self, passage: Passage, quote: str) -> str:
        """Cite an imported passage, with its source and licence, and return the id."""
        source = f"{'; '.join(passage.sources.values())}; {passage.licence}"
        return self._add("literature", passage.locator, passage.title, quote, source)

    def record(self, snapshot_id: str, name: str) -> str:
        """Cite a fact of the patient's record, as it was in a snapshot, and return the id."""
        return self._add("record", f"record/{snapshot_id}", "From the record", name, "the patient's record")

    def evidence(self) -> tuple[Evidence, ...]:
        """Return everything that was cited, in order of first use."""
        return tuple(self.found.values())

    def _named(self, sources: tuple[str, ...]) -> str:
        known = (self.sources.get(id) for id in sources[:SOURCES])
        return "; ".join(f"{s.title} ({s.publisher} {s.year})" if s else id for s, id in zip(known, sources, strict=False))

    def _add(self, kind: str, locator: str, title: str, quote: str, source: str) -> str:
        key = (locator, quote)
        if key not in self.found:
            number = sum(each.kind == kind for each in self.found.values()) + 1
            self.found[key] = Evidence.model_validate(
                {
                    "id": f"{kind[0]}{number}",
                    "kind": kind,
                    "title": title,
                    "source": source,
                    "locator": locator,
                    "quote": quote,
                    "score": round(self.scores.get(locator, 0.0), 4),
                }
            )
        return self.found[key].id


def _stems(text: str) -> set[str]:
    """Return the words of four letters and more, cut so that 'sweat' and 'sweating' meet."""
    return {word[:5] for word in _WORD.findall(text.lower())}
