"""From a case view to an opinion: ask Milvus and Neo4j at once, rank, check treatments, write it out.

A store that is away costs quality, never the answer: the pack in memory is enough for an opinion, and the opinion names
what could not be asked.
"""

import asyncio
import logging
from collections.abc import Awaitable, Iterable, Sequence
from typing import TypeVar

from consilium_common.clinical.case_facts import CaseFacts, gather_facts
from consilium_common.clinical.matching import Candidate, rank
from consilium_common.clinical.opinion import Found, form_opinion, shown_candidates
from consilium_common.clinical.pack import CompiledPack, compile_pack
from consilium_common.clinical.second_reading import undenied
from consilium_common.contracts.case import CaseView
from consilium_common.contracts.opinion import Opinion
from consilium_common.knowledge import SharedKnowledge, words_of
from consilium_common.specialist.definition import Specialist
from consilium_common.specialist.imported import ImportedTexts, below, listed, suggested_too
from consilium_common.specialist.passage_order import CANDIDATES, PassageOrder
from consilium_common.specialist.tasks import Progress
from consilium_common.stores.errors import StoreError
from consilium_common.stores.graph import Candidate as GraphCandidate
from consilium_common.stores.graph import Caution, Graph
from consilium_common.stores.vectors import Hit, Vectors

log = logging.getLogger(__name__)

PASSAGES = 12
GRAPH_CONDITIONS = 12
ALSO_PRESENTING = 5
# Strength of a suggestion, 0 to 1: the best passage or graph path counts fully, the last of the list hardly.
SUGGESTED = 0.5

Answer = TypeVar("Answer")


class Assessor:
    """Forms one specialist's opinions."""

    def __init__(self, specialist: Specialist, shared: SharedKnowledge, vectors: Vectors, graph: Graph) -> None:
        self._specialist = specialist
        self._vectors = vectors
        self._graph = graph
        self._imported = ImportedTexts(vectors, graph)
        self._pack = compiled(specialist, shared)
        self._order = PassageOrder(specialist.name, specialist.pack, shared)

    async def assess(self, view: CaseView, vector: bytes | None, progress: Progress) -> Opinion:
        """Return the opinion on a case view; `vector` is the embedded question, None when it could not be had."""
        facts = gather_facts(view.reading, view.patient, self._pack.ancestors, self._pack.medicines)
        degraded: set[str] = set() if vector is not None else {"embedder"}
        near, suggested, texts = await asyncio.gather(
            self._or_nothing(self._vectors.hybrid_search(self._specialist.name, vector, view.question, CANDIDATES), degraded),
            self._or_nothing(
                self._graph.conditions_for(sorted(facts.stated), self._specialist.name, GRAPH_CONDITIONS), degraded
            ),
            self._or_nothing(self._imported.find(vector, view.question, sorted(facts.stated)), degraded),
        )
        hits = self._order.best(view.question, vector, near, PASSAGES)
        await progress("retrieved", f"{len(hits)} passages, {len(suggested)} conditions")
        curated = _suggestions(hits, [each for each in suggested if each.curated])
        heard = self._pack.words.speak_for(undenied(view.question, view.reading))
        candidates = rank(facts, self._pack, suggested_too(curated, texts, suggested), heard)
        found = await self._look_further(facts, candidates, below(hits, texts), degraded)
        opinion = form_opinion(view, self._pack, facts, candidates, found)
        return self._specialist.refine(view, opinion) if self._specialist.refine else opinion

    async def _look_further(
        self, facts: CaseFacts, candidates: Sequence[Candidate], hits: Sequence[Hit], degraded: set[str]
    ) -> Found:
        """Ask the graph what speaks against the drugs of the leading conditions, and what else presents so."""
        shown = [candidate.condition for candidate in shown_candidates(candidates)]
        drugs = sorted({step.drug for condition in shown for step in (*condition.workup, *condition.management) if step.drug})
        known = sorted({*facts.present, *facts.medications})
        cautions, elsewhere = await asyncio.gather(
            self._or_nothing(self._graph.contraindications(drugs, known), degraded) if drugs and known else _nothing(),
            self._or_nothing(
                self._graph.also_presenting([condition.id for condition in shown], sorted(facts.stated), ALSO_PRESENTING),
                degraded,
            ),
        )
        return Found(
            scores={hit.passage.locator: hit.score for hit in hits},
            cautions=_by_drug(cautions),
            listed=listed(cautions),
            literature=tuple(hit.passage for hit in hits if hit.passage.trust == "imported"),
            elsewhere=tuple(each.name for each in elsewhere),
            degraded=tuple(sorted(degraded)),
        )

    async def _or_nothing(self, asking: Awaitable[list[Answer]], degraded: set[str]) -> list[Answer]:
        try:
            return await asking
        except StoreError as error:
            log.warning("answered without a store", extra={"store": error.store})
            degraded.add(error.store)
            return []


def compiled(specialist: Specialist, shared: SharedKnowledge) -> CompiledPack:
    """Return a specialist's pack ready for ranking, with the shared vocabulary, medicines and sources under its own."""
    pack = specialist.pack
    return compile_pack(
        specialist.name,
        pack.conditions,
        {**shared.findings, **pack.findings}.values(),
        medicines={**shared.medicines, **pack.medicines}.values(),
        sources={**shared.sources, **pack.sources}.values(),
        calculators=pack.calculators,
        words=words_of(pack, shared),
        version=pack.version,
    )


async def _nothing() -> list[Caution]:
    return []


def _suggestions(hits: Sequence[Hit], suggested: Iterable[GraphCandidate]) -> dict[str, float]:
    """Return how strongly passages and graph suggest each condition: by place in their lists, both together at most 1."""
    strengths: dict[str, float] = {}
    for found in ([hit.passage.condition for hit in hits], [each.condition for each in suggested]):
        ranked = list(dict.fromkeys(found))
        for place, condition in enumerate(ranked):
            strengths[condition] = strengths.get(condition, 0.0) + SUGGESTED * (1 - place / len(ranked))
    return strengths


def _by_drug(cautions: Iterable[Caution]) -> dict[str, tuple[str, ...]]:
    grouped: dict[str, list[str]] = {}
    for caution in cautions:
        if caution.listed_by:
            continue  # told apart by `listed`
        grouped.setdefault(caution.drug, []).append(f"{caution.fact.replace('-', ' ')}: {caution.why}")
    return {drug: tuple(reasons) for drug, reasons in grouped.items()}
