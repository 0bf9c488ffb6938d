"""The passages that answers cite: one for every section of a condition."""

from collections.abc import Mapping
from typing import Literal

from consilium_common.contracts.knowledge import Condition, Passage, Source
from consilium_common.knowledge.loading import Pack, SharedKnowledge

Section = Literal["about", "presentation", "tests", "treatment", "seek-help"]
SECTIONS: Mapping[Section, str] = {
    "about": "what it is",
    "presentation": "how it shows",
    "tests": "tests",
    "treatment": "treatment",
    "seek-help": "when to seek help",
}


def passages(specialist: str, pack: Pack, shared: SharedKnowledge) -> list[Passage]:
    """Return the passages of a pack in the order of its conditions. A source that nobody defines is titled by its id."""
    sources = {**shared.sources, **pack.sources}
    return [_passage(specialist, condition, section, sources) for condition in pack.conditions for section in SECTIONS]


def _passage(specialist: str, condition: Condition, section: Section, sources: Mapping[str, Source]) -> Passage:
    return Passage(
        locator=f"{specialist}/{condition.id}#{section}",
        specialist=specialist,
        condition=condition.id,
        section=section,
        title=f"{condition.name}: {SECTIONS[section]}",
        text=getattr(condition, section.replace("-", "_")),
        sources={name: sources[name].title if name in sources else name for name in condition.sources},
    )
