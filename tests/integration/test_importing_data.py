"""The real files, read in place: how much of each is usable, how much matches the packs, how quickly. Run with -s to see it."""

import os
import resource
import time
from collections.abc import AsyncIterator
from importlib.resources import files
from itertools import islice
from pathlib import Path

import pytest
import pytest_asyncio

from consilium_common.bus.connection import Bus
from consilium_common.importing.loading import Importer, Report, Stores
from consilium_common.importing.names import PackNames
from consilium_common.importing.placing import Placer
from consilium_common.importing.records import Article, Concept, Relation
from consilium_common.importing.sources import SOURCES
from consilium_common.importing.surveying import PASSED_OVER, READ, REJECTED, survey
from consilium_common.knowledge import load_pack, load_shared
from consilium_common.models.embedder import EmbedderClient
from consilium_common.models.passage_embedder import PassageEmbedder
from consilium_common.stores import graph_imports
from consilium_common.stores.documents import Documents
from consilium_common.stores.embeddings import Embeddings
from consilium_common.stores.graph import Graph
from consilium_common.stores.imports import Imports
from consilium_common.stores.packs import Packs
from consilium_common.stores.vectors import Vectors
from consilium_ingestion.wiring import make_reconciler

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("CONSILIUM_DATA") or ROOT / "../shared/data")
PATHS = {
    "medquad": DATA / "medquad/medquad_answers_9folders.tar.gz",
    "hetionet": DATA / "hetionet",
    "disease-ontology": DATA / "ontologies",
    "symptom-ontology": DATA / "ontologies",
    "ndfrt": DATA / "drug_interactions",
    "onc": DATA / "drug_interactions",
}
USABLE = {
    "medquad": 16_000,
    "hetionet": 10_000,
    "disease-ontology": 27_000,
    "symptom-ontology": 890,
    "ndfrt": 1_870,
    "onc": 1_930,
}
SPECIALISTS = ("cardiology", "gp", "neurology", "orthopedics")

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"there is no data folder {DATA}; name one with CONSILIUM_DATA")


def pack_names() -> PackNames:
    names, shared = PackNames(), load_shared()
    names.add_findings(shared.findings.values())
    names.add_medicines(shared.medicines.values())
    for name in SPECIALISTS:
        pack = load_pack(files(f"consilium_{name}") / "knowledge")
        names.add_conditions(name, pack.conditions)
        names.add_findings(pack.findings.values())
        names.add_medicines(pack.medicines.values())
    return names


@pytest.mark.parametrize("name", SOURCES)
def test_the_real_file_is_read_and_what_matches_the_packs_is_counted(name: str) -> None:
    if not PATHS[name].exists():
        pytest.skip(f"{PATHS[name].name} is not there")
    source = SOURCES[name]
    began = time.perf_counter()
    tally = survey(name, source.read(PATHS[name]))
    took_s = time.perf_counter() - began
    placed = Placer(source.origin, pack_names()).place(
        each for each in islice(source.read(PATHS[name]), 50_000) if isinstance(each, Article | Concept | Relation)
    )
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\n{name}: {tally.counts[READ]:,} records, {tally.counts[READ] / took_s:,.0f}/s read; peak so far {peak_mb} MB")
    print(f"  {len(placed.passages):,} passages; {dict(sorted(placed.counts.items()))}")
    print(f"  { ({key: n for key, n in sorted(tally.counts.items()) if key.startswith((PASSED_OVER, REJECTED))}) }")
    for reject in tally.rejects:
        print(f"  {reject}")
    assert tally.usable >= USABLE[name]
    assert tally.counts[REJECTED] < tally.counts[READ] / 100
    assert any(count for key, count in placed.counts.items() if "the packs" in key and "not in" not in key)


@pytest_asyncio.fixture
async def stores(bus: Bus, documents: Documents, vectors: Vectors, graph: Graph) -> AsyncIterator[Stores]:
    """The stores with the real packs in the graph."""
    loader = make_reconciler(bus, documents, vectors, graph, 60)._loader
    packs = Packs(documents)
    await loader.load_shared()
    for name in SPECIALISTS:
        pack = load_pack(files(f"consilium_{name}") / "knowledge")
        await packs.put(name, pack.version, pack.to_json())
        await loader._load_graph(name, pack, again=False)
    yield Stores(
        Imports(documents), packs, vectors.imports(), graph, PassageEmbedder(Embeddings(documents), EmbedderClient(bus))
    )
    for name in SOURCES:
        await graph_imports.remove_others(graph, name, "none")


@pytest.mark.timeout(600)
async def test_the_real_interactions_and_symptoms_are_loaded_and_a_second_time_is_none(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consilium_common.stores.graph.READ_TIMEOUT_S", 30.0)
    for name in os.environ.get("CONSILIUM_IMPORTS", "onc,ndfrt,symptom-ontology,hetionet").split(","):
        if not PATHS[name].exists():
            pytest.skip(f"{PATHS[name].name} is not there")
        began = time.perf_counter()
        report: Report = await Importer(SOURCES[name], stores, load_shared()).run(PATHS[name])
        took_s = time.perf_counter() - began
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"\n{name}: {report.total:,} records in {took_s:.1f} s, {report.total / took_s:,.0f}/s; peak {peak_mb} MB")
        print(f"  {dict(report.stored)}")
        assert (await Importer(SOURCES[name], stores, load_shared()).run(PATHS[name])).unchanged
    medicines = list(load_shared().medicines)
    assert {each.listed_by for each in await stores.graph.contraindications(medicines, medicines)} >= {"", "ndfrt", "onc"}
