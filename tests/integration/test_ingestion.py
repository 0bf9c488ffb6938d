"""Packs from MongoDB into vectors and graph: once a version, nothing embedded twice, whatever was lost comes back."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest
import pytest_asyncio

from consilium_common.bus import publish
from consilium_common.bus.connection import Bus
from consilium_common.contracts import subjects
from consilium_common.contracts.commands import LoadPack
from consilium_common.contracts.envelope import Envelope, wrap
from consilium_common.knowledge import KnowledgeError, Pack
from consilium_common.stores.documents import Documents
from consilium_common.stores.graph import Graph
from consilium_common.stores.packs import Packs
from consilium_common.stores.passage_collection import COLLECTION
from consilium_common.stores.vectors import Vectors
from consilium_common.testing.servers import Servers
from consilium_embedder.model import Encode
from consilium_embedder.settings import EmbedderSettings
from consilium_ingestion.loading import UnknownPackError
from consilium_ingestion.reconciling import Reconciler
from consilium_ingestion.settings import IngestionSettings
from consilium_ingestion.wiring import build, make_reconciler
from support.packs import SECTIONS, condition, pack
from support.running import embedder_running, serving
from support.waiting import eventually


@dataclass
class Place:
    """Everything that ingestion works on, and the texts that were really embedded."""

    specialist: str
    packs: Packs
    reconciler: Reconciler
    vectors: Vectors
    graph: Graph
    bus: Bus
    embedded: list[str] = field(default_factory=list)

    async def put(self, made: Pack) -> None:
        await self.packs.put(self.specialist, made.version, made.to_json())

    async def found(self, words: str) -> list[str]:
        hits = await self.vectors.hybrid_search(self.specialist, None, words, limit=3)
        return [hit.passage.locator for hit in hits]

    async def candidates(self, finding: str) -> list[str]:
        return [each.condition for each in await self.graph.conditions_for([finding], self.specialist, limit=9)]

    def command(self, version: str) -> Envelope:
        load = LoadPack(specialist=self.specialist, knowledge_version=version, reference=f"{self.specialist}:{version}")
        return wrap(load, self.specialist, correlation_id="k_1")


@pytest_asyncio.fixture
async def place(bus: Bus, documents: Documents, vectors: Vectors, graph: Graph, tag: str) -> Place:
    return Place(tag, Packs(documents), make_reconciler(bus, documents, vectors, graph, 60), vectors, graph, bus)


@pytest_asyncio.fixture
async def embedder(servers: Servers, place: Place, encode: Encode) -> AsyncIterator[None]:
    def counting(texts: Sequence[str]) -> list[bytes]:
        place.embedded += texts
        return encode(texts)

    async with embedder_running(servers.settings(EmbedderSettings, cache_size=0), counting):
        yield


ANGINA = condition("angina", "a tight chest on the stairs", "chest-pain")
STRAIN = condition("strain", "a muscle that hurts when pressed", "tenderness")


@pytest.mark.usefixtures("embedder")
async def test_a_pack_is_loaded_into_vectors_and_graph_once(place: Place) -> None:
    await place.put(pack("v1", ANGINA, STRAIN))
    assert await place.reconciler.reconcile() == 1
    assert (await place.found("stairs"))[0].startswith(f"{place.specialist}/angina#")
    assert await place.candidates("tenderness") == ["strain"]
    assert len(place.embedded) == 2 * SECTIONS
    assert await place.reconciler.reconcile() == 0
    await place.reconciler.on_load_pack(place.command("v1"))
    assert len(place.embedded) == 2 * SECTIONS


@pytest.mark.usefixtures("embedder")
async def test_a_new_version_embeds_what_is_new_and_leaves_nothing_old(place: Place) -> None:
    await place.put(pack("v1", ANGINA, STRAIN))
    await place.reconciler.reconcile()
    await place.put(pack("v2", STRAIN, condition("reflux", "burning after a meal", "heartburn")))
    assert await place.reconciler.reconcile() == 1
    assert len(place.embedded) == 3 * SECTIONS
    assert await place.found("stairs") == []
    assert await place.candidates("chest-pain") == []
    assert await place.candidates("heartburn") == ["reflux"]


@pytest.mark.usefixtures("embedder")
async def test_lost_vectors_come_back_without_being_embedded_again(place: Place) -> None:
    await place.put(pack("v1", ANGINA))
    await place.reconciler.reconcile()
    assert await place.vectors.delete_other_versions(place.specialist, "none") == SECTIONS
    assert await place.reconciler.reconcile() == 1
    assert await place.found("stairs") != []
    assert len(place.embedded) == SECTIONS


@pytest.mark.usefixtures("embedder")
async def test_a_lost_collection_comes_back(place: Place) -> None:
    await place.put(pack("v1", ANGINA))
    await place.reconciler.reconcile()
    await place.vectors._client.drop_collection(COLLECTION)
    assert await place.reconciler.reconcile() == 1
    assert (await place.found("stairs"))[0].startswith(f"{place.specialist}/angina#")


@pytest.mark.usefixtures("embedder")
async def test_a_lost_graph_comes_back(place: Place) -> None:
    await place.put(pack("v1", ANGINA))
    await place.reconciler.reconcile()
    await place.graph.driver.execute_query(
        "MATCH (n) WHERE n.specialist = $id OR (n:Pack AND n.id IN [$id, 'shared']) DETACH DELETE n",
        id=place.specialist,
        database_=place.graph.database,
    )
    assert await place.reconciler.reconcile() == 1
    assert await place.candidates("chest-pain") == ["angina"]
    assert await place.graph.pack_version("shared") is not None


@pytest.mark.usefixtures("embedder")
async def test_a_rebuild_loads_everything_again_and_embeds_nothing(place: Place) -> None:
    await place.put(pack("v1", ANGINA))
    await place.reconciler.reconcile()
    assert await place.reconciler.rebuild() == 1
    assert len(place.embedded) == SECTIONS


@pytest.mark.usefixtures("embedder")
async def test_a_late_command_does_not_bring_an_old_version_back(place: Place) -> None:
    await place.put(pack("v1", ANGINA))
    await place.reconciler.reconcile()
    await place.put(pack("v2", STRAIN))
    await place.reconciler.on_load_pack(place.command("v1"))
    assert await place.candidates("sweating") == ["strain"]


async def test_without_an_embedder_nothing_counts_as_loaded_and_it_is_tried_again(
    place: Place, servers: Servers, encode: Encode
) -> None:
    await place.put(pack("v1", ANGINA))
    assert await place.reconciler.reconcile() == 0
    assert await place.packs.loaded_version(place.specialist) is None
    async with embedder_running(servers.settings(EmbedderSettings), encode):
        assert await place.reconciler.reconcile() == 1


@pytest.mark.usefixtures("embedder")
async def test_one_broken_pack_does_not_hold_up_the_others(place: Place) -> None:
    await place.packs.put(f"{place.specialist}_a", "v1", b'{"conditions": "none"}')
    await place.put(pack("v1", ANGINA))
    assert await place.reconciler.reconcile() == 1
    with pytest.raises(KnowledgeError):
        await place.reconciler.on_load_pack(
            wrap(LoadPack(specialist=f"{place.specialist}_a", knowledge_version="v1", reference=""), "a", correlation_id="k_1")
        )


async def test_a_pack_that_nobody_stored_is_refused(place: Place) -> None:
    with pytest.raises(UnknownPackError, match="no pack 'v7'") as raised:
        await place.reconciler.on_load_pack(place.command("v7"))
    assert not raised.value.retryable


@pytest.mark.usefixtures("embedder")
async def test_the_service_loads_what_a_specialist_announces(place: Place, servers: Servers, documents: Documents) -> None:
    settings = servers.settings(IngestionSettings, mongo_db_name=documents.database.name)
    async with serving(build(settings)) as running:
        assert all([await check() for check in running.checks.values()])
        await place.put(pack("v1", ANGINA))
        await publish.publish(place.bus, subjects.ingest_pack(place.specialist), place.command("v1"))
        await eventually(lambda: place.packs.loaded_version(place.specialist))
    assert await place.candidates("chest-pain") == ["angina"]
