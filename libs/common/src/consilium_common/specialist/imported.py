"""What imports add to an opinion: texts to cite, conditions to think of, interactions that others list.

All of it is marked, and all of it stands behind what the packs say.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence

from consilium_common.importing.origins import titled
from consilium_common.stores.errors import StoreError
from consilium_common.stores.graph import Candidate, Caution, Graph
from consilium_common.stores.vectors import Hit, Vectors

TEXTS = 8
TERMS = 12  # other words for what was said: enough for a handful of findings, and the question still decides
LOOK_EVERY_S = 30.0  # imports come once in a while; until then they cost no consult a search
FIND_S = 3.5  # for all that is asked one after another: a specialist has eight seconds, and imports only add to its opinion
# What imports alone suggest: less than the last of twelve passages of a pack, and few of them.
SUGGESTED, MOST_SUGGESTED = 0.02, 3
CEILING = 0.9  # times the score of the last passage of the pack, for the best imported one
SEVERITIES = ("minor", "significant", "high-priority", "critical")  # in order
_AS = {"critical": "as dangerous", "significant": "as interacting", "high-priority": "as to be avoided"}


class ImportedTexts:
    """Finds imported passages, when anything was ever imported."""

    def __init__(self, vectors: Vectors, graph: Graph) -> None:
        self._vectors = vectors.imports()
        self._graph = graph
        self._there = False
        self._looked = float("-inf")

    async def find(self, vector: bytes | None, question: str, findings: Sequence[str]) -> list[Hit]:
        """Return the passages nearest to a question and to other words for its findings, the best first.

        Raises:
            StoreError: when a store does not answer.
        """
        try:
            async with asyncio.timeout(FIND_S):
                if not await self._exists():
                    return []
                terms = await self._graph.terms_for(findings, TERMS) if findings else []
                return await self._vectors.hybrid_search(None, vector, " ".join((question, *terms)), TEXTS)
        except TimeoutError:
            raise StoreError("vectors", f"Imported texts could not be had within {FIND_S:g} s.") from None

    async def _exists(self) -> bool:
        now = time.monotonic()
        if now - self._looked > LOOK_EVERY_S:
            self._looked = now  # before the answer: whoever comes meanwhile goes on with what was known, and waits for nobody
            self._there = await self._vectors.exists()
        return self._there


def below(curated: Sequence[Hit], imported: Sequence[Hit]) -> list[Hit]:
    """Return all passages in one order: those of the pack as they are, then the imported ones with lower scores than theirs.

    Scores of two searches cannot be compared; the order within each is kept.
    """
    if not imported:
        return list(curated)
    best = max(hit.score for hit in imported) or 1.0
    ceiling = CEILING * min((hit.score for hit in curated), default=best)
    return [*curated, *(Hit(hit.passage, ceiling * hit.score / best) for hit in imported)]


def suggested_too(strengths: Mapping[str, float], texts: Iterable[Hit], graph: Iterable[Candidate]) -> dict[str, float]:
    """Return how strongly conditions are suggested, with those that only imports suggest added, more weakly than any other."""
    named = (*(hit.passage.condition for hit in texts), *(each.condition for each in graph if not each.curated))
    new = [condition for condition in dict.fromkeys(named) if condition and condition not in strengths]
    weakest = min((SUGGESTED, *(strength / 2 for strength in strengths.values())))
    return {**strengths, **dict.fromkeys(new[:MOST_SUGGESTED], weakest)}


def listed(cautions: Iterable[Caution]) -> dict[str, tuple[str, ...]]:
    """Return by drug what only imports say against it, or say more strongly than the packs do of the same two."""
    ours: dict[tuple[str, str], int] = {}
    theirs: dict[tuple[str, str], dict[str, int]] = {}
    for caution in cautions:
        pair, severity = (caution.drug, caution.fact), _rank(caution.severity)
        if caution.listed_by:
            by = theirs.setdefault(pair, {})
            by[caution.listed_by] = max(severity, by.get(caution.listed_by, 0))
        elif caution.kind == "interacts":
            ours[pair] = max(severity, ours.get(pair, -1))
    grouped: dict[str, list[str]] = {}
    for (drug, fact), by in theirs.items():
        for source, severity in sorted(by.items()):
            if severity > max(ours.get((drug, fact), -1), 0):
                how = _AS[SEVERITIES[severity]]
                reason = f"listed by {titled(source)} {how} together with {fact.replace('-', ' ')}"
                grouped.setdefault(drug, []).append(reason)
    return {drug: tuple(dict.fromkeys(reasons)) for drug, reasons in grouped.items()}


def _rank(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else 0
