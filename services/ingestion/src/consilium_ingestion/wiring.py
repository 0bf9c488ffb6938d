"""Everything ingestion opens and closes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from consilium_common.bus.connection import Bus, connect
from consilium_common.bus.consume import Consumer, ConsumerSpec
from consilium_common.bus.streams import ensure_streams
from consilium_common.contracts import subjects
from consilium_common.knowledge import load_shared
from consilium_common.models.embedder import EmbedderClient
from consilium_common.models.passage_embedder import PassageEmbedder
from consilium_common.service import Running
from consilium_common.stores.documents import Documents, open_documents
from consilium_common.stores.embeddings import Embeddings
from consilium_common.stores.graph import Graph, open_graph
from consilium_common.stores.indexes import ensure_indexes
from consilium_common.stores.packs import Packs
from consilium_common.stores.vectors import Vectors, open_vectors
from consilium_ingestion.loading import KnowledgeLoader
from consilium_ingestion.reconciling import Reconciler
from consilium_ingestion.settings import IngestionSettings

CONCURRENCY = 16  # all packs of a start at once: what must not happen at once, the loader puts in line
MAX_DELIVER = 30  # about four minutes, in which a store or the embedder comes back


@asynccontextmanager
async def build(settings: IngestionSettings) -> AsyncIterator[Running]:
    """Open the bus and the three stores, and load what specialists announce."""
    async with (
        connect(settings, "ingestion") as bus,
        open_documents(settings) as documents,
        open_vectors(settings) as vectors,
        open_graph(settings) as graph,
    ):
        await ensure_streams(bus)
        await ensure_indexes(documents)
        reconciler = make_reconciler(bus, documents, vectors, graph, settings.reconcile_s)
        spec = ConsumerSpec(subjects.INGEST, "ingestion", (subjects.ingest_pack("*"),), CONCURRENCY, max_deliver=MAX_DELIVER)
        consumer = Consumer(bus, spec, reconciler.on_load_pack)

        async def bus_up() -> bool:
            return bus.ping()

        yield Running(
            tasks=[consumer.run(), reconciler.run()],
            ready=consumer.ready,
            drain=consumer.drain,
            checks={"bus": bus_up, "documents": documents.ping, "vectors": vectors.ping, "graph": graph.ping},
            lost=bus.lost,
        )


def make_reconciler(bus: Bus, documents: Documents, vectors: Vectors, graph: Graph, every_s: float) -> Reconciler:
    """Put together what loads packs from what is open."""
    packs = Packs(documents)
    embedder = PassageEmbedder(Embeddings(documents), EmbedderClient(bus))
    return Reconciler(packs, KnowledgeLoader(packs, vectors, graph, embedder, load_shared()), every_s)
