"""Loading knowledge: each specialist's pack into vectors and graph, the shared knowledge into the graph.

A version counts as loaded only when both stores still have it, so that losing either loses nothing. Everything here may run
twice and at once on several replicas: it makes the stores say what the pack says.
"""

import asyncio
import logging
import time
from dataclasses import dataclass, field

from consilium_common.errors import ConsiliumError
from consilium_common.knowledge import Pack, SharedKnowledge, pack_from_json, passages
from consilium_common.models.passage_embedder import PassageEmbedder
from consilium_common.stores import graph_loading, graph_rows
from consilium_common.stores.graph import Graph
from consilium_common.stores.packs import Packs
from consilium_common.stores.vectors import Vectors

log = logging.getLogger(__name__)

LOADER = "2"  # raised when packs that have not changed must be loaded again, because what is made of them has


class UnknownPackError(ConsiliumError):
    """Nobody stored this pack."""

    def __init__(self, specialist: str, version: str) -> None:
        super().__init__(
            "unknown-pack", f"There is no pack {version!r} of {specialist!r}; a specialist stores its pack when it starts."
        )


@dataclass
class KnowledgeLoader:
    """Brings vectors and graph to what MongoDB holds.

    The graph takes half a second a pack, new passages half a minute. So there is a lock for each: the fourth pack is in the
    graph, and found by its findings, while the first is still being embedded.
    """

    packs: Packs
    vectors: Vectors
    graph: Graph
    embedder: PassageEmbedder
    shared: SharedKnowledge
    _graph_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _vectors_lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def load(self, specialist: str, version: str, *, again: bool = False) -> bool:
        """Load a version of a pack, also one that is there already when `again`; returns whether anything was to be done.

        Raises:
            UnknownPackError: when MongoDB does not hold it.
            KnowledgeError: when what it holds is no pack.
            StoreError, EmbedderError: when something needed is away; nothing is marked as loaded then.
        """
        content = await self.packs.get(specialist, version)
        if content is None:
            raise UnknownPackError(specialist, version)
        pack = pack_from_json(content, version)
        began = time.perf_counter()
        await self.load_shared()
        async with self._graph_lock:
            in_graph = await self._load_graph(specialist, pack, again)
        async with self._vectors_lock:
            in_vectors = await self._load_vectors(specialist, pack, again)
        if in_graph or in_vectors:
            told = {"specialist": specialist, "version": version, "conditions": len(pack.conditions)}
            log.info("pack loaded", extra={**told, "took_s": round(time.perf_counter() - began, 2)})
        return in_graph or in_vectors

    async def load_shared(self, *, again: bool = False) -> None:
        """Load the shared knowledge into the graph, also when it is there already when `again`.

        Raises:
            StoreError: when the graph does not answer.
        """
        async with self._graph_lock:
            if not again and await self.graph.pack_version(graph_loading.SHARED) == self._mark(self.shared):
                return
            await graph_loading.ensure_constraints(self.graph)
            rows = graph_rows.GraphRows()
            graph_rows.add_findings(rows, self.shared.findings.values(), self.shared.findings)
            graph_rows.add_medicines(rows, self.shared.medicines.values(), self.shared.medicines)
            graph_rows.add_red_flags(rows, self.shared.red_flags)
            await graph_loading.load(self.graph, graph_loading.SHARED, self._mark(self.shared), rows)
        told = {
            "findings": len(self.shared.findings),
            "medicines": len(self.shared.medicines),
            "rules": len(self.shared.red_flags),
        }
        log.info("shared knowledge loaded", extra={"version": self.shared.version, **told})

    async def _load_graph(self, specialist: str, pack: Pack, again: bool) -> bool:
        mark = self._mark(pack)
        if not again and await self.graph.pack_version(specialist) == mark:
            return False  # the version is written with the rest, or not at all
        await graph_loading.load(self.graph, specialist, mark, self._rows(specialist, pack))
        return True

    async def _load_vectors(self, specialist: str, pack: Pack, again: bool) -> bool:
        mark, found = self._mark(pack), passages(specialist, pack, self.shared)
        await self.vectors.ensure()
        if not again and await self._has_vectors(specialist, mark, len(found)):
            return False
        async for chunk in self.embedder.vectors(found):
            await self.vectors.upsert(specialist, mark, *zip(*chunk, strict=True))
        await self.vectors.delete_other_versions(specialist, mark)
        await self.vectors.settle()
        await self.packs.mark_loaded(specialist, mark)
        return True

    async def _has_vectors(self, specialist: str, mark: str, count: int) -> bool:
        """Return whether all passages are there and, since it was marked as done, no older ones."""
        return await self.packs.loaded_version(specialist) == mark and await self.vectors.count(specialist, mark) == count

    def _rows(self, specialist: str, pack: Pack) -> graph_rows.GraphRows:
        rows = graph_rows.GraphRows()
        graph_rows.add_conditions(rows, specialist, pack.conditions)
        graph_rows.add_findings(rows, pack.findings.values(), {**self.shared.findings, **pack.findings})
        graph_rows.add_medicines(rows, pack.medicines.values(), {**self.shared.medicines, **pack.medicines})
        return rows

    def _mark(self, what: Pack | SharedKnowledge) -> str:
        """Return what stores call a version: its own, that of the shared sources that passages name, and this code's."""
        return f"{what.version}.{self.shared.version}.{LOADER}"
