"""What Milvus finds, put in the order that `consilium eval retrieval` measures."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from consilium_common.contracts.knowledge import Passage
from consilium_common.knowledge import SharedKnowledge
from consilium_common.knowledge.loading import Pack
from consilium_common.knowledge.passages import passages
from consilium_common.retrieval.names import join
from consilium_common.retrieval.question import understand
from consilium_common.retrieval.ranking import Prepared, prepare, rank, statistics_of
from consilium_common.stores.vectors import Hit

# Of what Milvus fuses by rank; the right passage is among the first hundred of a whole collection 99 times in 100.
CANDIDATES = 60


class PassageOrder:
    """Reorders hits. How common a word is comes from the specialist's own pack, which is in memory."""

    def __init__(self, name: str, pack: Pack, shared: SharedKnowledge) -> None:
        held = passages(name, pack, shared)
        self._names = join((condition.name, *condition.lay) for condition in pack.conditions)
        self._prepared = {each.locator: self._ready(each) for each in held}
        self._statistics = statistics_of(list(self._prepared.values()), [each.title for each in held])

    def best(self, question: str, vector: bytes | None, hits: Sequence[Hit], limit: int) -> list[Hit]:
        """Return the best hits for a question, with the scores of this order; by words alone without the question's vector."""
        found = {hit.passage.locator: hit for hit in hits}
        ready = [self._prepared.get(locator) or self._ready(hit.passage) for locator, hit in found.items()]
        rows = [hit.vector for hit in found.values() if hit.vector is not None]
        known = vector is not None and len(rows) == len(found) > 0
        ranked = rank(
            understand(question, self._statistics),
            ready,
            self._statistics,
            np.frombuffer(vector, dtype="<f4") if known and vector is not None else None,
            np.stack([np.frombuffer(row, dtype="<f4") for row in rows]) if known else None,
        )
        return [replace(found[each.id], score=max(0.0, each.score)) for each in ranked[:limit]]

    def _ready(self, passage: Passage) -> Prepared:
        return prepare(passage.locator, passage.title, passage.text, self._names)
