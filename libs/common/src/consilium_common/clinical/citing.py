"""Citing: every statement gets the passage that it rests on, quoted word by word."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from consilium_common.contracts.knowledge import Condition, Source, Step
from consilium_common.contracts.opinion import Evidence

SOURCES = 2  # the first ones of an entry carry it; the pack has them all
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9“\"])")
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


@dataclass
class Citations:
    """Collects what one opinion cites. Ids are `k1`, `k2` … in order of first use; the same passage keeps its id."""

    specialist: str
    sources: Mapping[str, Source]
    scores: Mapping[str, float] = field(default_factory=dict)
    found: dict[str, Evidence] = field(default_factory=dict)

    def passage(self, condition: Condition, section: str, count: int = 2) -> str:
        """Cite the first sentences of a condition's section and return the id."""
        text = getattr(condition, section.replace("-", "_"))
        quote = " ".join(sentences(text)[:count])
        title = f"{condition.name}: {SECTION_TITLES[section]}"
        return self._add(f"{self.specialist}/{condition.id}#{section}", title, quote, condition.sources)

    def step(self, condition: Condition, kind: str, number: int, step: Step) -> str:
        """Cite a step of a condition's workup or management and return the id."""
        locator = f"{self.specialist}/{condition.id}#{kind}-{number}"
        return self._add(locator, f"{condition.name}: what to do", step.do, (step.source,))

    def evidence(self) -> tuple[Evidence, ...]:
        """Return everything that was cited, in order of first use."""
        return tuple(self.found.values())

    def _add(self, locator: str, title: str, quote: str, sources: tuple[str, ...]) -> str:
        if locator not in self.found:
            named = [f"{s.title} ({s.publisher} {s.year})" if (s := self.sources.get(id)) else id for id in sources[:SOURCES]]
            self.found[locator] = Evidence(
                id=f"k{len(self.found) + 1}",
                kind="knowledge",
                title=title,
                source="; ".join(named),
                locator=locator,
                quote=quote,
                score=round(self.scores.get(locator, 0.0), 4),
            )
        return self.found[locator].id
