"""Imports in real stores: twice is once, killed goes on, changed and vanished follow, and all of it stays behind the packs."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from consilium_common.bus.connection import Bus
from consilium_common.contracts.case import Finding, Reading
from consilium_common.contracts.manifest import Limits, Manifest, Scope
from consilium_common.importing import holding
from consilium_common.importing.errors import ImportRefusedError, ImportStoppedError
from consilium_common.importing.loading import Importer, Report, Stores
from consilium_common.importing.sources import SOURCES, Source
from consilium_common.knowledge import load_shared
from consilium_common.models.embedder import EmbedderClient
from consilium_common.models.passage_embedder import PassageEmbedder
from consilium_common.settings import ServiceSettings
from consilium_common.specialist.assessment import Assessor
from consilium_common.specialist.definition import Specialist
from consilium_common.stores import graph_imports, graph_loading, graph_rows
from consilium_common.stores.documents import Documents
from consilium_common.stores.embeddings import Embeddings
from consilium_common.stores.graph import Graph
from consilium_common.stores.imports import ImportProgress, Imports
from consilium_common.stores.packs import Packs
from consilium_common.stores.vectors import Vectors
from consilium_common.testing.servers import Servers
from consilium_embedder.model import Encode
from consilium_embedder.settings import EmbedderSettings
from consilium_ingestion.wiring import make_reconciler
from support import importing as made
from support import small_pack
from support.packs import condition, pack
from support.running import embedder_running
from support.waiting import eventually

ANGINA = condition("angina-pectoris", "a tight chest on the stairs", "chest-pain")
BRICKPOX = condition("brickpox", "spots like bricks", "itching")


@dataclass
class Place:
    """Stores with one pack in the graph, and sources that belong to this test alone."""

    tag: str
    stores: Stores
    embedded: list[str] = field(default_factory=list)

    def source(self, name: str) -> Source:
        source = SOURCES[name]
        return replace(source, origin=replace(source.origin, name=f"{self.tag}_{name}"))

    async def bring_in(self, name: str, path: Path, **options: Any) -> Report:
        return await Importer(self.source(name), self.stores, load_shared()).run(path, **options)

    async def state(self, name: str) -> tuple[list[str], list[str]]:
        """Return everything in the graph that is marked as a source's, as text, without versions."""
        graph, source = self.stores.graph, f"{self.tag}_{name}"
        queries = (
            "MATCH (n) WHERE n.source = $source RETURN properties(n) AS it",
            "MATCH (a)-[r]->(b) WHERE r.source = $source RETURN a.id AS a, type(r) AS kind, b.id AS b, properties(r) AS it",
        )
        dumps = []
        for query in queries:
            records, _, _ = await graph.driver.execute_query(query, source=source, database_=graph.database)
            rows = [{**record.data(), "it": {**record["it"], "version": ""}} for record in records]
            dumps.append(sorted(str(sorted((key, str(value)) for key, value in row.items())) for row in rows))
        return dumps[0], dumps[1]


@pytest_asyncio.fixture
async def place(
    bus: Bus, documents: Documents, vectors: Vectors, graph: Graph, tag: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Place]:
    monkeypatch.setattr("consilium_common.stores.graph.READ_TIMEOUT_S", 30.0)  # what is tested here is not how quick it is
    embedder = PassageEmbedder(Embeddings(documents), EmbedderClient(bus))
    here = Place(tag, Stores(Imports(documents), Packs(documents), vectors.imports(), graph, embedder))
    loader = make_reconciler(bus, documents, vectors, graph, 60)._loader
    await loader.load_shared()
    stored = pack("v1", ANGINA, BRICKPOX)
    await here.stores.packs.put(tag, stored.version, stored.to_json())
    rows = graph_rows.GraphRows()
    graph_rows.add_conditions(rows, tag, stored.conditions)
    await graph_loading.load(graph, tag, stored.version, rows)
    yield here
    for name in SOURCES:
        await graph_imports.remove_others(graph, f"{tag}_{name}", "none")


@pytest_asyncio.fixture
async def embedder(servers: Servers, place: Place, encode: Encode) -> AsyncIterator[None]:
    def counting(texts: Sequence[str]) -> list[bytes]:
        place.embedded += texts
        return encode(texts)

    async with embedder_running(servers.settings(EmbedderSettings, cache_size=0), counting):
        yield


NODES = (
    "Disease::DOID:1\tangina pectoris\tDisease",
    "Disease::DOID:2\ttilepox\tDisease",
    "Symptom::D1\tHeadache\tSymptom",
    "Symptom::D2\tGlowing Ears\tSymptom",
    "Compound::DB1\tAspirin\tCompound",
)
EDGES = (
    "Disease::DOID:1\tDpS\tSymptom::D1",
    "Disease::DOID:1\tDpS\tSymptom::D2",
    "Disease::DOID:2\tDpS\tSymptom::D1",
    "Compound::DB1\tCtD\tDisease::DOID:1",
)


async def test_what_matches_is_put_onto_the_packs_and_the_rest_beside_them_all_marked(place: Place, tmp_path: Path) -> None:
    report = await place.bring_in("hetionet", made.hetionet(tmp_path, NODES, EDGES))
    nodes, relations = await place.state("hetionet")
    assert report.stored == {"nodes": len(nodes), "relations": len(relations), "passages": 0}
    assert all(any(name in node for node in nodes) for name in ("tilepox", "Glowing Ears"))
    assert not any("'angina" in node for node in nodes), "the pack has it"
    assert all("'imported'" in each and "CC0" in each for each in (*nodes, *relations))
    assert report.counts["conditions of the packs"] == report.counts["conditions not in the packs"] == 1
    assert report.counts["relations with both ends in the packs"] == 2


async def test_importing_twice_changes_nothing(place: Place, tmp_path: Path) -> None:
    path = made.hetionet(tmp_path, NODES, EDGES)
    await place.bring_in("hetionet", path)
    before = await place.state("hetionet")
    assert (await place.bring_in("hetionet", path)).unchanged
    again = await place.bring_in("hetionet", path, from_start=True)
    assert (again.unchanged, again.removed) == (False, 0)
    assert await place.state("hetionet") == before


async def test_a_changed_record_is_replaced_and_a_vanished_one_is_gone(place: Place, tmp_path: Path) -> None:
    rows = [f"DB1\tBrickicillin\tDB{number}\tTile {number}\tSignificant\t\thttp://x/N{number}" for number in (2, 3)]
    path = made.table(tmp_path / "p.tsv", made.PAIRS, rows)
    await place.bring_in("ndfrt", path)
    made.table(path, made.PAIRS, [rows[0].replace("Significant", "Critical").replace("Tile 2", "Slate 2")])
    report = await place.bring_in("ndfrt", path)
    nodes, relations = await place.state("ndfrt")
    assert report.removed == 2, "the third medicine and its relation"
    assert (len(nodes), len(relations)) == (2, 1)
    assert "critical" in relations[0]
    assert any("Slate 2" in node for node in nodes)
    assert not any("Tile" in node for node in nodes)


async def test_a_file_that_is_refused_changes_nothing(place: Place, tmp_path: Path) -> None:
    path = made.table(tmp_path / "p.tsv", made.PAIRS, ["DB1\tA\tDB2\tB\tCritical\t\t"])
    await place.bring_in("ndfrt", path)
    before = await place.state("ndfrt")
    with pytest.raises(ImportRefusedError, match="its first line should name"):
        await place.bring_in("ndfrt", made.table(path, "nothing", ()))
    assert await place.state("ndfrt") == before


async def test_rejects_are_counted_by_reason_and_shown_with_their_line(place: Place, tmp_path: Path) -> None:
    rows = ["DB1\tA\tDB2\tB\tCritical\t\t", "DB1\tA\tDB1\tA\tCritical\t\t", *(["nonsense"] * 30)]
    report = await place.bring_in("ndfrt", made.table(tmp_path / "p.tsv", made.PAIRS, rows))
    assert report.counts["rejected"] == 31
    assert report.counts["rejected: not seven columns"] == 30
    assert report.rejects[0] == "p.tsv:3: a medicine with itself"
    assert len(report.rejects) == 21, "the first of each reason, not thousands"


class KilledError(Exception):
    """Stands for a process that ends between two batches."""


async def test_an_import_that_stopped_goes_on_where_it_was(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consilium_common.importing.loading.BATCH", 3)
    path = made.hetionet(tmp_path, NODES, EDGES)
    await place.bring_in("hetionet", path)
    whole, counts = await place.state("hetionet"), (await place.bring_in("hetionet", path)).counts
    await graph_imports.remove_others(place.stores.graph, f"{place.tag}_hetionet", "none")

    def die(report: Report) -> None:
        if report.position == 6:
            raise KilledError

    with pytest.raises(KilledError):
        await Importer(place.source("hetionet"), place.stores, load_shared(), die).run(path, from_start=True)
    report = await place.bring_in("hetionet", path)
    assert (report.skipped, report.position) == (6, 9)
    assert await place.state("hetionet") == whole
    assert report.counts == counts


async def test_a_process_that_is_killed_loses_nothing(
    place: Place, servers: Servers, documents: Documents, tmp_path: Path
) -> None:
    """With SIGKILL at a random moment, while batches are written; `ndfrt` itself, since the command knows no other name."""
    rows = [f"DB{number}\tA {number}\tDB{number + 1}\tA {number + 1}\tCritical\t\t" for number in range(100, 3_100)]
    path = made.table(tmp_path / "p.tsv", made.PAIRS, rows)
    environment = {
        **os.environ,
        **servers.environment("nats"),
        **servers.environment("mongo"),
        **servers.environment("graph"),
        **servers.environment("milvus"),
        "MONGO_DB_NAME": documents.database.name,
        "CONSILIUM_ENVIRONMENT": "local",
        "CONSILIUM_BUS_KEY": servers.settings(ServiceSettings).bus_key.get_secret_value(),
    }
    command = [sys.executable, "-m", "consilium_cli.main", "knowledge", "import", "ndfrt", str(path)]
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=DEVNULL, stderr=DEVNULL)

    async def begun() -> ImportProgress | None:
        assert process.returncode is None, "it was to be killed before it ended"
        progress = await place.stores.imports.get("ndfrt")
        return progress if progress.position else None

    try:
        await eventually(begun, 120)
    finally:
        process.kill()
        await process.wait()
    report = await Importer(SOURCES["ndfrt"], place.stores, load_shared()).run(path)
    try:
        assert 0 < report.skipped < report.position == 3_000
        assert report.stored == {"nodes": 3_001, "relations": 3_000, "passages": 0}
    finally:
        await graph_imports.remove_others(place.stores.graph, "ndfrt", "none")


async def test_two_do_not_import_the_same_source_at_once(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "LEASE_S", 8.0)
    monkeypatch.setattr(holding, "RENEW_S", 0.5)
    path = made.hetionet(tmp_path, NODES, EDGES)
    async with holding.held(place.stores.imports, f"{place.tag}_hetionet"):
        with pytest.raises(ImportStoppedError, match="by somebody else"):
            await place.bring_in("hetionet", path)
    await place.bring_in("hetionet", path)


async def test_without_packs_there_is_nothing_to_place_imports_beside(place: Place, tmp_path: Path) -> None:
    await place.stores.packs.put(f"{place.tag}_late", "v1", pack("v1", ANGINA).to_json())
    with pytest.raises(ImportStoppedError, match="not in the graph yet"):
        await place.bring_in("hetionet", made.hetionet(tmp_path, NODES, EDGES))


# Ranking


async def test_in_the_graph_imports_rank_below_the_packs(place: Place, tmp_path: Path) -> None:
    graph = place.stores.graph
    before = await graph.conditions_for(["chest-pain", "sweating"], place.tag, limit=9)
    nodes = ("Disease::DOID:1\tbrickpox\tDisease", "Disease::DOID:2\ttilepox\tDisease", "Symptom::D1\tChest pain\tSymptom")
    edges = ("Disease::DOID:1\tDpS\tSymptom::D1", "Disease::DOID:2\tDpS\tSymptom::D1")
    await place.bring_in("hetionet", made.hetionet(tmp_path, nodes, edges))
    after = await graph.conditions_for(["chest-pain", "sweating"], place.tag, limit=9)
    assert [(each.condition, each.score) for each in after] == [(each.condition, each.score) for each in before]
    only = await graph.conditions_for(["chest-pain"], place.tag, limit=9)
    assert [(each.condition, each.curated) for each in only] == [("angina-pectoris", True), ("brickpox", False)]
    others = [each for each in await graph.also_presenting([], ["chest-pain"], limit=10_000) if place.tag in each.specialist]
    assert (others[0].name, others[0].curated) == ("Angina-pectoris", True)
    assert {(each.name, each.curated) for each in others[1:]} == {("Brickpox", False), ("tilepox", False)}


async def test_imported_interactions_say_who_lists_them_and_replace_none(place: Place, tmp_path: Path) -> None:
    rows = [
        "DB1\tAspirin\tDB2\tWarfarin\tCritical\t\thttp://x/N1",
        "DB1\tAspirin\tDB3\tBrickicillin\tCritical\t\thttp://x/N2",
    ]
    graph = place.stores.graph
    before = await graph.contraindications(["aspirin"], ["warfarin"])
    assert before, "the medicines know this pair"
    report = await place.bring_in("ndfrt", made.table(tmp_path / "p.tsv", made.PAIRS, rows))
    after = await graph.contraindications(["aspirin"], ["warfarin"])
    assert [each for each in after if not each.listed_by] == before
    (theirs,) = [each for each in after if each.listed_by]
    assert (theirs.severity, theirs.listed_by) == ("critical", f"{place.tag}_ndfrt")
    assert report.counts["relations with one end in the packs"] == 1, "kept for the day on which the packs know it"


async def test_synonyms_are_other_words_for_findings(place: Place, tmp_path: Path) -> None:
    stanza = '[Term]\nid: SYMP:0000001\nname: headache\nsynonym: "brick upon the skull" EXACT []\n'
    await place.bring_in("symptom-ontology", made.obo(tmp_path / "symp.obo", stanza))
    assert await place.stores.graph.terms_for(["headache"], limit=9) == ["brick upon the skull", "headache"]


def texts() -> dict[str, str]:
    brickpox = made.pair("1", "What is brickpox ?", "Brickpox is a made-up illness of walls. It is told of at length here.")
    other = made.pair("1", "What is tilepox ?", "Tilepox is a made-up illness of roofs.")
    return {"1_Test_QA/1.xml": made.document("Brickpox", brickpox), "1_Test_QA/2.xml": made.document("Tilepox", other)}


@pytest.mark.usefixtures("embedder")
async def test_texts_are_found_by_words_and_meaning_embedded_once_and_brought_back_when_lost(
    place: Place, tmp_path: Path
) -> None:
    path = made.medquad_tar(tmp_path / "m.tar.gz", texts())
    await place.bring_in("medquad", path)
    (found, *_) = await place.stores.vectors.hybrid_search(f"{place.tag}_medquad", None, "illness of roofs", limit=2)
    assert found.passage.locator == f"import/{place.tag}_medquad/1_Test_QA/2-1#about"
    assert (found.passage.trust, found.passage.condition, found.passage.source) == ("imported", "", f"{place.tag}_medquad")
    assert "CC BY" in found.passage.licence
    assert len(place.embedded) == 2
    await place.stores.vectors.delete_other_versions(f"{place.tag}_medquad", "none")
    assert (await place.bring_in("medquad", path)).stored["passages"] == 2
    changed = {**texts(), "1_Test_QA/2.xml": made.document("Tilepox", made.pair("1", "What is tilepox ?", "Nothing."))}
    await place.bring_in("medquad", made.medquad_tar(path, changed))
    assert len(place.embedded) == 3, "only what is new"
    (found, *_) = await place.stores.vectors.hybrid_search(f"{place.tag}_medquad", None, "tilepox nothing", limit=2)
    assert found.passage.text == "Nothing."


async def quietly(step: str, detail: str) -> None:
    del step, detail


@pytest.mark.usefixtures("embedder")
async def test_an_opinion_cites_an_import_last_and_says_whence(place: Place, tmp_path: Path, vectors: Vectors) -> None:
    await place.bring_in("medquad", made.medquad_tar(tmp_path / "m.tar.gz", texts()))
    stored = pack("v1", ANGINA, BRICKPOX)
    manifest = Manifest(name=place.tag, version="1.0.0", title="Test", scope=Scope(), data=(), limits=Limits(deadline_s=4))
    assessor = Assessor(Specialist(manifest, stored), load_shared(), vectors, place.stores.graph)
    question = "itching like brickpox"
    itching = Finding(id="itching", name="itching", words="itching", start=0, end=7)
    view = small_pack.case_view(Reading(findings=(itching,)), specialist=place.tag).model_copy(update={"question": question})
    opinion = await assessor.assess(view, None, quietly)
    assert opinion.differential[0].condition == "brickpox"
    assert opinion.summary[-1].text.startswith("From MedQuAD")
    (literature,) = [each for each in opinion.evidence if each.kind == "literature"]
    assert (literature.quote, literature.id) == ("Brickpox is a made-up illness of walls.", "l1")
    assert "CC BY" in literature.source
