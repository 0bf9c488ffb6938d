"""Loading knowledge: each specialist's pack into vectors and graph, the shared knowledge into the graph.

A version counts as loaded when MongoDB says so and both stores still have it, so that losing either loses nothing. Everything
here may run twice and at once on several replicas: it makes the stores say what the pack says.
"""

import asyncio
import logging
import time
from dataclasses import dataclass, field

from consilium_common.errors import ConsiliumError
from consilium_common.knowledge import Pack, SharedKnowledge, pack_from_json, passages
from consilium_common.stores import graph_loading, graph_rows
from consilium_common.stores.graph import Graph
from consilium_common.stores.packs import Packs
from consilium_common.stores.vectors import Vectors
from consilium_ingestion.embedding import PassageEmbedder

log = logging.getLogger(__name__)

LOADER = "1"  # raised when packs that have not changed must be loaded again, because what is made of them has


class UnknownPackError(ConsiliumError):
    """Nobody stored this pack."""

    def __init__(self, specialist: str, version: str) -> None:
        super().__init__(
            "unknown-pack", f"There is no pack {version!r} of {specialist!r}; a specialist stores its pack when it starts."
        )


@dataclass
class KnowledgeLoader:
    """Brings vectors and graph to what MongoDB holds, one pack at a time."""

    packs: Packs
    vectors: Vectors
    graph: Graph
    embedder: PassageEmbedder
    shared: SharedKnowledge
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def load(self, specialist: str, version: str) -> bool:
        """Load a version of a pack; returns False when it is there already.

        Raises:
            UnknownPackError: when MongoDB does not hold it.
            KnowledgeError: when what it holds is no pack.
            StoreError, EmbedderError: when something needed is away; nothing is marked as loaded then.
        """
        content = await self.packs.get(specialist, version)
        if content is None:
            raise UnknownPackError(specialist, version)
        pack = pack_from_json(content, version)
        async with self._one_at_a_time:
            await self._load_shared()
            if await self._is_loaded(specialist, pack):
                return False
            await self._load_pack(specialist, pack)
        return True

    async def _is_loaded(self, specialist: str, pack: Pack) -> bool:
        if await self.packs.loaded_version(specialist) != self._mark(pack):
            return False
        if await self.graph.pack_version(specialist) != pack.version:
            return False
        await self.vectors.ensure()
        return await self.vectors.count(specialist, pack.version) == len(passages(specialist, pack, self.shared))

    async def _load_pack(self, specialist: str, pack: Pack) -> None:
        began = time.perf_counter()
        found = passages(specialist, pack, self.shared)
        await graph_loading.load(self.graph, specialist, pack.version, self._rows(specialist, pack))
        vectors = await self.embedder.vectors([f"{passage.title}. {passage.text}" for passage in found])
        await self.vectors.ensure()
        await self.vectors.upsert(specialist, pack.version, found, vectors)
        await self.vectors.delete_other_versions(specialist, pack.version)
        await self.vectors.settle()
        await self.packs.mark_loaded(specialist, self._mark(pack))
        log.info(
            "pack loaded",
            extra={
                "specialist": specialist,
                "version": pack.version,
                "conditions": len(pack.conditions),
                "passages": len(found),
                "took_s": round(time.perf_counter() - began, 2),
            },
        )

    async def _load_shared(self) -> None:
        if await self.graph.pack_version(graph_loading.SHARED) == self.shared.version:
            return
        await graph_loading.ensure_constraints(self.graph)
        rows = graph_rows.GraphRows()
        graph_rows.add_findings(rows, self.shared.findings.values(), self.shared.findings)
        graph_rows.add_medicines(rows, self.shared.medicines.values(), self.shared.medicines)
        graph_rows.add_red_flags(rows, self.shared.red_flags)
        await graph_loading.load(self.graph, graph_loading.SHARED, self.shared.version, rows)
        counts = {
            "findings": len(self.shared.findings),
            "medicines": len(self.shared.medicines),
            "rules": len(self.shared.red_flags),
        }
        log.info("shared knowledge loaded", extra={"version": self.shared.version, **counts})

    def _rows(self, specialist: str, pack: Pack) -> graph_rows.GraphRows:
        rows = graph_rows.GraphRows()
        graph_rows.add_conditions(rows, specialist, pack.conditions)
        graph_rows.add_findings(rows, pack.findings.values(), {**self.shared.findings, **pack.findings})
        graph_rows.add_medicines(rows, pack.medicines.values(), {**self.shared.medicines, **pack.medicines})
        return rows

    def _mark(self, pack: Pack) -> str:
        """Return what makes up a loaded pack: its version, the shared sources that its passages name, and this code."""
        return f"{pack.version}+{self.shared.version}+{LOADER}"
