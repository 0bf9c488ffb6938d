"""The loader that all sources share: batch after batch into graph and vectors, with the progress kept in MongoDB.

A batch is written before its progress is, and writing it again changes nothing; so an import may be killed at any moment and
goes on with the batch that it was at. What the source no longer has is removed when everything else is there.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path

from consilium_common.importing.errors import ImportStoppedError
from consilium_common.importing.holding import held, patiently
from consilium_common.importing.names import PackNames
from consilium_common.importing.placing import Placed, Placer
from consilium_common.importing.records import Article, Concept, Read, Relation
from consilium_common.importing.sources import Source
from consilium_common.importing.surveying import READ, Tally, survey
from consilium_common.knowledge import SharedKnowledge, pack_from_json
from consilium_common.models.passage_embedder import PassageEmbedder
from consilium_common.stores import graph_imports
from consilium_common.stores.graph import Graph
from consilium_common.stores.graph_loading import SHARED, ensure_constraints
from consilium_common.stores.imports import COMPLETE, RUNNING, ImportProgress, Imports
from consilium_common.stores.packs import Packs
from consilium_common.stores.vectors import Vectors

IMPORTER = "1"  # raised when what was imported must be placed anew, because this code places it otherwise
BATCH = 256  # records: seconds of work at most, which is what a kill costs
PACKS_MISSING = (
    "The packs are not in the graph yet, and imports are placed beside them; wait until `consilium status` shows every "
    "specialist as ready and ingestion has loaded the packs, then run the import again."
)


@dataclass(frozen=True)
class Stores:
    """What an import reads and writes; `vectors` are those of the imports."""

    imports: Imports
    packs: Packs
    vectors: Vectors
    graph: Graph
    embedder: PassageEmbedder


@dataclass(frozen=True)
class Report:
    """How an import stands: `total` records are in the source, `position` are done, `skipped` of them before this run.

    `stored` is how much each store holds of it at the end (Milvus counts to 16,384), `removed` how much was there that the
    source no longer has. It is `unchanged` when there was nothing to do.
    """

    source: str
    licence: str
    total: int
    position: int
    skipped: int
    counts: Mapping[str, int]
    rejects: Sequence[str]
    stored: Mapping[str, int] = field(default_factory=dict)
    removed: int = 0
    unchanged: bool = False


def _silent(report: Report) -> None:
    del report


class Importer:
    """Imports one source; `tell` hears how it stands after every batch."""

    def __init__(
        self, source: Source, stores: Stores, shared: SharedKnowledge, tell: Callable[[Report], None] = _silent
    ) -> None:
        self._source = source
        self._stores = stores
        self._shared = shared
        self._tell = tell
        self._partition = source.name.replace("-", "_")  # Milvus takes no hyphens in names of partitions

    async def run(self, path: Path, *, from_start: bool = False) -> Report:
        """Import a file or folder; goes on where an import of the same content stopped, unless `from_start`.

        Raises:
            ImportRefusedError: when it is not what the source should be; nothing was written.
            ImportStoppedError: when the packs are not loaded yet, or somebody else imports this source.
            StoreError, EmbedderError: when what is needed stays away; the progress stands.
        """
        content = await asyncio.to_thread(self._source.content_sha256, path)
        whole = await asyncio.to_thread(lambda: survey(path.name, self._source.read(path)))
        names = await patiently(self._names)
        version = hashlib.sha256(f"{content}\0{names.version()}\0{IMPORTER}".encode()).hexdigest()[:12]
        async with held(self._stores.imports, self._source.name) as holder:
            before = await self._stores.imports.get(self._source.name)
            same = before.version == version and not from_start
            if same and before.state == COMPLETE and await self._stored(version) == before.stored:
                return replace(self._report(whole.counts[READ], before, before.position), unchanged=True)
            await ensure_constraints(self._stores.graph)
            await self._stores.vectors.ensure()
            goes_on = same and before.state == RUNNING
            progress = before if goes_on else ImportProgress(self._source.name, version, RUNNING)
            placer = Placer(self._source.origin, names)
            return await self._load(path, holder, whole.counts[READ], placer, progress)

    async def _load(self, path: Path, holder: str, total: int, placer: Placer, progress: ImportProgress) -> Report:
        skipped = progress.position
        reads = self._source.read(path)
        await asyncio.to_thread(lambda: sum(1 for _ in islice(reads, skipped)))
        tally = Tally(Counter(progress.counts), list(progress.rejects))
        while batch := await asyncio.to_thread(lambda: list(islice(reads, BATCH))):
            placed = placer.place(_usable(batch, tally))
            await patiently(partial(self._write, placed, progress.version))
            tally.counts.update(placed.counts)
            done = progress.position + len(batch)
            progress = replace(progress, position=done, counts=dict(tally.counts), rejects=tuple(tally.rejects))
            await self._save(holder, progress)
            self._tell(self._report(total, progress, skipped))
        removed = await patiently(partial(self._remove_others, progress.version))
        progress = replace(progress, state=COMPLETE, stored=await self._stored(progress.version))
        await self._save(holder, progress)
        return replace(self._report(total, progress, skipped), removed=removed)

    async def _write(self, placed: Placed, version: str) -> None:
        await graph_imports.write(self._stores.graph, self._source.name, version, placed.rows)
        async for chunk in self._stores.embedder.vectors(placed.passages):
            await self._stores.vectors.upsert(self._partition, version, *zip(*chunk, strict=True))

    async def _remove_others(self, version: str) -> int:
        removed = await graph_imports.remove_others(self._stores.graph, self._source.name, version)
        removed += await self._stores.vectors.delete_other_versions(self._partition, version)
        await self._stores.vectors.settle()
        return removed

    async def _stored(self, version: str) -> dict[str, int]:
        """Return how much of a version the stores hold, so that what was lost is noticed and brought back."""
        nodes, relations = await graph_imports.count(self._stores.graph, self._source.name, version)
        there = await self._stores.vectors.exists()
        passages = await self._stores.vectors.count(self._partition, version) if there else 0
        return {"nodes": nodes, "relations": relations, "passages": passages}

    async def _names(self) -> PackNames:
        """Return the names of the packs that the running stack has, once all of them are in the graph."""
        latest = await self._stores.packs.latest()
        loaded = [await self._stores.graph.pack_version(owner) for owner in (SHARED, *latest)]
        if not latest or None in loaded:
            raise ImportStoppedError(PACKS_MISSING)
        names = PackNames()
        names.add_findings(self._shared.findings.values())
        names.add_medicines(self._shared.medicines.values())
        for specialist, version in sorted(latest.items()):
            if content := await self._stores.packs.get(specialist, version):
                pack = pack_from_json(content, version)
                names.add_conditions(specialist, pack.conditions)
                names.add_findings(pack.findings.values())
                names.add_medicines(pack.medicines.values())
        return names

    async def _save(self, holder: str, progress: ImportProgress) -> None:
        if not await patiently(partial(self._stores.imports.save, holder, progress)):
            raise ImportStoppedError(f"Somebody else has begun to import {self._source.name}; this import ends here.")

    def _report(self, total: int, progress: ImportProgress, skipped: int) -> Report:
        return Report(
            source=self._source.name,
            licence=self._source.origin.licence,
            total=total,
            position=progress.position,
            skipped=skipped,
            counts=progress.counts,
            rejects=progress.rejects,
            stored=progress.stored,
        )


def _usable(batch: Sequence[Read], tally: Tally) -> list[Article | Concept | Relation]:
    """Count a batch and return what of it is loaded."""
    for read in batch:
        tally.add(read)
    return [read for read in batch if isinstance(read, Article | Concept | Relation)]
