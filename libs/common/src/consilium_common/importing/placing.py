"""Where records go: onto what the packs have when a name matches, else onto nodes of their own. No I/O.

Everything is marked with its source, its trust and its licence. Nothing of a pack changes: relations stand beside its own.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from consilium_common.contracts.knowledge import Passage
from consilium_common.importing.names import PackNames
from consilium_common.importing.origins import IMPORTED, Origin
from consilium_common.importing.records import Article, Concept, Ref, Relation
from consilium_common.stores.graph_rows import GraphRows, Link, slug

PREFIX = "import"
MAX_PASSAGE = 2_000  # characters: the model reads about the first thousand, and a reader of a citation no more than two
_MAX_TITLE = 120


@dataclass
class Placed:
    """One batch, ready to be written; `counts` says what matched the packs and what did not."""

    rows: GraphRows = field(default_factory=GraphRows)
    passages: list[Passage] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


class Placer:
    """Places the records of one source."""

    def __init__(self, origin: Origin, names: PackNames) -> None:
        self._origin = origin
        self._names = names
        self._mark = {"source": origin.name, "trust": IMPORTED, "licence": origin.licence}

    def place(self, records: Iterable[Article | Concept | Relation]) -> Placed:
        """Return a batch of records placed."""
        placed = Placed()
        for record in records:
            if isinstance(record, Article):
                self._article(record, placed)
            elif isinstance(record, Concept):
                self._concept(record, placed)
            else:
                self._relation(record, placed)
        return placed

    def _article(self, article: Article, placed: Placed) -> None:
        condition = self._names.id("Condition", article.focus) or ""
        placed.counts["texts on a condition of the packs" if condition else "texts on something else"] += 1
        wrote = f"{self._origin.title} ({article.publisher})" if article.publisher else self._origin.title
        for number, text in enumerate(pieces(article.text), start=1):
            piece = f".{number}" if number > 1 else ""
            placed.passages.append(
                Passage(
                    locator=f"{PREFIX}/{self._origin.name}/{article.key}#{article.section}{piece}",
                    specialist=PREFIX,
                    condition=condition,
                    section=article.section,
                    title=article.title[:_MAX_TITLE],
                    text=text,
                    sources={self._origin.name: wrote},
                    source=self._origin.name,
                    trust=IMPORTED,
                    licence=self._origin.licence,
                )
            )

    def _concept(self, concept: Concept, placed: Placed) -> None:
        nodes = self._names.nodes(concept.ref.label, concept.ref.name, *concept.synonyms)
        placed.counts[f"{_PLURALS[concept.ref.label]} {'of the packs' if nodes else 'not in the packs'}"] += 1
        for node in nodes or (self._own(concept.ref, placed, concept.xref),):
            if concept.ref.label == "Finding":
                self._terms(node, concept, placed)

    def _terms(self, finding: str, concept: Concept, placed: Placed) -> None:
        """Keep every word for a finding that its node does not show."""
        for words in (concept.ref.name, *concept.synonyms):
            term = f"{PREFIX}/{self._origin.name}/{concept.ref.key}/{slug(words)}"
            placed.rows.node("Term", term, words=words, **self._mark)
            self._relate(("Term", "MEANS", "Finding"), term, finding, "", {}, placed)

    def _relation(self, relation: Relation, placed: Placed) -> None:
        link: Link = (relation.start.label, relation.kind, relation.end.label)
        starts, ends = self._nodes(relation.start, placed), self._nodes(relation.end, placed)
        for start in starts:
            for end in ends:
                if (relation.start.label, start) != (relation.end.label, end):
                    self._relate(link, start, end, relation.key, relation.properties, placed)
        known = sum(self._known(ref) for ref in (relation.start, relation.end))
        placed.counts[f"relations with {('neither end', 'one end', 'both ends')[known]} in the packs"] += 1

    def _known(self, ref: Ref) -> bool:
        return bool(self._names.nodes(ref.label, ref.name))

    def _nodes(self, ref: Ref, placed: Placed) -> tuple[str, ...]:
        return self._names.nodes(ref.label, ref.name) or (self._own(ref, placed),)

    def _own(self, ref: Ref, placed: Placed, xref: str = "") -> str:
        key = f"{PREFIX}/{self._origin.name}/{ref.key}"
        properties: dict[str, Any] = {"name": ref.name, **self._mark}
        if xref:
            properties["xref"] = xref
        if ref.label == "Condition":
            properties |= {"id": key, "specialist": f"{PREFIX}/{self._origin.name}", "triage": ""}
        placed.rows.node(ref.label, key, **properties)
        return key

    def _relate(self, link: Link, start: str, end: str, key: str, properties: dict[str, str], placed: Placed) -> None:
        placed.rows.relations[link][start, end, key] = {**properties, **self._mark}


_PLURALS = {"Condition": "conditions", "Finding": "findings", "BodyPart": "parts of the body", "Drug": "medicines"}


def pieces(text: str) -> Iterator[str]:
    """Yield a text in pieces of at most `MAX_PASSAGE` characters, cut between lines or sentences, else between words."""
    while len(text) > MAX_PASSAGE:
        least = MAX_PASSAGE // 2
        cut = max(text.rfind("\n", least, MAX_PASSAGE), text.rfind(". ", least, MAX_PASSAGE) + 1)
        if cut <= 0:
            cut = text.rfind(" ", least, MAX_PASSAGE)
        cut = cut if cut > 0 else MAX_PASSAGE
        yield text[:cut].strip()
        text = text[cut:].strip()
    if text:
        yield text
