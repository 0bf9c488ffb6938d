"""The knowledge graph in a real server: what findings speak for, what else presents so, what speaks against a drug."""

import asyncio
import math
import time

import pytest

from consilium_common.contracts.knowledge import (
    Condition,
    Contraindication,
    FindingConcept,
    Interaction,
    Medicine,
    Prevalence,
    RedFlagRule,
    Step,
    TriageLevel,
    Weight,
    When,
)
from consilium_common.settings import GraphSettings
from consilium_common.stores import graph_loading, graph_rows
from consilium_common.stores.errors import StoreError
from consilium_common.stores.graph import Caution, Graph, open_graph
from consilium_common.stores.graph_rows import GraphRows
from consilium_common.testing.servers import free_port

TEXT = "A sentence that is long enough for the schema, and says nothing about any condition at all. " * 2


def condition(tag: str, name: str, findings: dict[str, float], drug: str | None = None) -> Condition:
    return Condition(
        id=f"{tag}-{name}",
        name=name,
        icd10="I20.0",
        body=(f"{tag}-heart",),
        prevalence=Prevalence(per_100k_year=10),
        findings=tuple(Weight(id=f"{tag}-{finding}", present=present, elsewhere=0.1) for finding, present in findings.items()),
        triage=TriageLevel.EMERGENCY,
        about=TEXT,
        presentation=TEXT,
        tests=TEXT,
        treatment=TEXT,
        seek_help=TEXT,
        workup=(Step(do="Record a 12-lead ECG", kind="test", source="s"),),
        management=(Step(do="Chew it", drug=f"{tag}-{drug}" if drug else None, source="s"),),
        sources=("s",),
    )


def pack(tag: str, specialist: str, *conditions: Condition) -> GraphRows:
    rows = GraphRows()
    graph_rows.add_conditions(rows, specialist, conditions)
    findings = [
        FindingConcept(id=f"{tag}-chest-pain", name="Chest pain"),
        FindingConcept(id=f"{tag}-pressure", name="Chest pressure", is_a=(f"{tag}-chest-pain",)),
    ]
    graph_rows.add_findings(rows, findings, {each.id: each for each in findings})
    return rows


def angina(tag: str) -> Condition:
    return condition(tag, "angina", {"chest-pain": 0.8, "sweating": 0.5, "dyspnoea": 0.4}, drug="aspirin")


def strain(tag: str) -> Condition:
    return condition(tag, "strain", {"chest-pain": 0.6, "tenderness": 0.7, "cough": 0.2})


async def loaded(graph: Graph, tag: str) -> None:
    await graph_loading.load(graph, f"{tag}_heart", "v1", pack(tag, f"{tag}_heart", angina(tag), strain(tag)))


async def test_findings_lead_to_conditions_the_best_first(graph: Graph, tag: str) -> None:
    await loaded(graph, tag)
    found = await graph.conditions_for([f"{tag}-chest-pain", f"{tag}-sweating"], f"{tag}_heart", limit=5)
    assert [each.condition for each in found] == [f"{tag}-angina", f"{tag}-strain"]
    assert set(found[0].found) == {f"{tag}-chest-pain", f"{tag}-sweating"}
    assert found[0].score == pytest.approx(math.log(8) + math.log(5))
    assert (found[0].specialist, found[0].name, found[0].triage) == (f"{tag}_heart", "angina", "emergency")


async def test_a_special_finding_speaks_for_what_the_general_one_does_and_counts_once(graph: Graph, tag: str) -> None:
    await loaded(graph, tag)
    special = await graph.conditions_for([f"{tag}-pressure"], f"{tag}_heart", limit=1)
    both = await graph.conditions_for([f"{tag}-pressure", f"{tag}-chest-pain"], f"{tag}_heart", limit=1)
    assert special == both
    assert special[0].score == pytest.approx(math.log(8))


async def test_a_specialist_finds_its_own_conditions_and_neighbours_of_everybody(graph: Graph, tag: str) -> None:
    await loaded(graph, tag)
    await graph_loading.load(graph, f"{tag}_gp", "v1", pack(tag, f"{tag}_gp", strain(tag)))
    findings = [f"{tag}-chest-pain"]
    own = await graph.conditions_for(findings, f"{tag}_gp", limit=5)
    assert [each.condition for each in own] == [f"{tag}-strain"]
    others = await graph.also_presenting([f"{tag}-angina"], findings, limit=5)
    assert [(each.condition, each.specialist) for each in others] == [
        (f"{tag}-strain", f"{tag}_gp"),
        (f"{tag}-strain", f"{tag}_heart"),
    ]


async def test_unknown_findings_and_none_lead_nowhere(graph: Graph, tag: str) -> None:
    assert await graph.conditions_for([f"{tag}-unheard-of"], f"{tag}_heart", limit=5) == []
    assert await graph.conditions_for([], f"{tag}_heart", limit=5) == []
    assert await graph.also_presenting([], [], limit=5) == []
    assert await graph.contraindications([], []) == []


async def test_a_new_version_replaces_the_old_one_and_touches_nobody_else(graph: Graph, tag: str) -> None:
    await loaded(graph, tag)
    await graph_loading.load(graph, f"{tag}_gp", "v1", pack(tag, f"{tag}_gp", strain(tag)))
    changed = condition(tag, "angina", {"sweating": 0.5, "dyspnoea": 0.4, "nausea": 0.3})
    await graph_loading.load(graph, f"{tag}_heart", "v2", pack(tag, f"{tag}_heart", changed))
    assert await graph.conditions_for([f"{tag}-chest-pain"], f"{tag}_heart", limit=5) == []
    assert len(await graph.conditions_for([f"{tag}-nausea"], f"{tag}_heart", limit=5)) == 1
    assert len(await graph.conditions_for([f"{tag}-chest-pain"], f"{tag}_gp", limit=5)) == 1
    assert await graph.pack_version(f"{tag}_heart") == "v2"
    assert await graph.pack_version(f"{tag}_gp") == "v1"
    assert await graph.pack_version(f"{tag}_nobody") is None


async def test_loading_twice_and_at_once_changes_nothing(graph: Graph, tag: str) -> None:
    await loaded(graph, tag)
    before = await relations(graph, tag)
    results = await asyncio.gather(*(loaded(graph, tag) for _ in range(3)), return_exceptions=True)
    # Two at once may collide; then one is refused and says that it can be repeated.
    assert all(error is None or (isinstance(error, StoreError) and error.retryable) for error in results)
    await loaded(graph, tag)
    assert await relations(graph, tag) == before


async def relations(graph: Graph, tag: str) -> dict[str, int]:
    query = "MATCH (c:Condition)-[r]->() WHERE c.specialist = $owner RETURN type(r) AS kind, count(r) AS n"
    records, _, _ = await graph.driver.execute_query(query, owner=f"{tag}_heart", database_=graph.database)
    return {record["kind"]: record["n"] for record in records}


async def test_every_kind_of_relation_is_there(graph: Graph, tag: str) -> None:
    await loaded(graph, tag)
    assert await relations(graph, tag) == {"PRESENTS": 6, "AFFECTS": 2, "TREATED_BY": 1, "EXAMINED_BY": 2, "MANAGED_BY": 2}


def medicines(tag: str) -> GraphRows:
    contra = Contraindication(when=f"{tag}-bleeding", severity="absolute", why="It bleeds more.")
    listed = [
        Medicine(id=f"{tag}-aspirin", name="Aspirin", classes=(f"{tag}-nsaid",), contraindicated=(contra,), sources=("s",)),
        Medicine(
            id=f"{tag}-warfarin",
            name="Warfarin",
            sources=("s",),
            interacts=(Interaction.model_validate({"with": f"{tag}-nsaid", "severity": "critical", "effect": "Bleeding."}),),
        ),
        Medicine(
            id=f"{tag}-sildenafil",
            name="Sildenafil",
            sources=("s",),
            interacts=(Interaction.model_validate({"with": f"{tag}-warfarin", "severity": "minor", "effect": "A little."}),),
        ),
    ]
    rows = GraphRows()
    graph_rows.add_medicines(rows, listed, [each.id for each in listed])
    findings = [
        FindingConcept(id=f"{tag}-bleeding", name="Bleeding"),
        FindingConcept(id=f"{tag}-nosebleed", name="Nosebleed", is_a=(f"{tag}-bleeding",)),
    ]
    graph_rows.add_findings(rows, findings, {each.id: each for each in findings})
    return rows


async def test_what_speaks_against_a_drug_is_found_from_either_side(graph: Graph, tag: str) -> None:
    await graph_loading.load(graph, tag, "v1", medicines(tag))
    aspirin, warfarin, sildenafil = (f"{tag}-{name}" for name in ("aspirin", "warfarin", "sildenafil"))
    by_class = {"kind": "interacts", "severity": "critical", "why": "Bleeding."}
    by_name = {"kind": "interacts", "severity": "minor", "why": "A little."}
    assert await graph.contraindications([aspirin], [warfarin]) == [Caution(drug=aspirin, fact=warfarin, **by_class)]
    assert await graph.contraindications([warfarin], [aspirin]) == [Caution(drug=warfarin, fact=aspirin, **by_class)]
    assert await graph.contraindications([warfarin], [sildenafil]) == [Caution(drug=warfarin, fact=sildenafil, **by_name)]
    assert await graph.contraindications([sildenafil], [warfarin]) == [Caution(drug=sildenafil, fact=warfarin, **by_name)]
    assert await graph.contraindications([aspirin], [sildenafil, aspirin]) == []


async def test_a_special_finding_contraindicates_what_the_general_one_does(graph: Graph, tag: str) -> None:
    await graph_loading.load(graph, tag, "v1", medicines(tag))
    (caution,) = await graph.contraindications([f"{tag}-aspirin"], [f"{tag}-nosebleed"])
    assert (caution.fact, caution.kind, caution.severity) == (f"{tag}-nosebleed", "contraindicated", "absolute")


async def test_red_flags_lead_from_findings_to_specialties(graph: Graph, tag: str) -> None:
    rule = RedFlagRule(
        id=f"{tag}-rule",
        version=1,
        level=TriageLevel.EMERGENCY,
        within="now",
        when=When(all=(f"{tag}-pressure", When(any=(f"{tag}-sweating", When(absent=f"{tag}-cough"))))),
        suspect="x",
        say="y",
        rationale="z",
        specialties=(f"{tag}_heart",),
        sources=("s",),
    )
    rows = GraphRows()
    graph_rows.add_red_flags(rows, [rule])
    await graph_loading.load(graph, tag, "v1", rows)
    query = "MATCH (f:Finding)-[r:RED_FLAG_FOR]->(s:Specialty {id: $id}) RETURN f.id AS id, r.key AS rule ORDER BY id"
    records, _, _ = await graph.driver.execute_query(query, id=f"{tag}_heart", database_=graph.database)
    assert [tuple(record) for record in records] == [(f"{tag}-pressure", rule.id), (f"{tag}-sweating", rule.id)]


async def test_a_query_is_quick(graph: Graph, tag: str) -> None:
    await loaded(graph, tag)
    took: list[float] = []
    for _ in range(40):
        began = time.perf_counter()
        await graph.conditions_for([f"{tag}-chest-pain", f"{tag}-sweating"], f"{tag}_heart", limit=5)
        took.append(time.perf_counter() - began)
    assert sorted(took)[20] < 0.05  # 2 to 4 ms alone; the room is for a busy machine


async def test_a_graph_that_is_away_is_a_retryable_error(servers_vanish: None) -> None:
    settings = GraphSettings(neo4j_uri=f"bolt://127.0.0.1:{free_port()}", neo4j_user="u", neo4j_password="p")  # type: ignore[arg-type]
    async with open_graph(settings) as graph:
        assert not await graph.ping()
        with pytest.raises(StoreError, match="The graph does not answer") as raised:
            await graph.conditions_for(["x"], "gp", limit=1)
    assert raised.value.retryable


async def test_a_refused_query_names_the_reason_and_not_the_query(graph: Graph) -> None:
    with pytest.raises(StoreError, match=r"Neo\.ClientError") as raised:
        await graph._read("THIS IS NO QUERY about chest pain")
    assert not raised.value.retryable
    assert "chest" not in raised.value.message
    assert await graph.ping()


async def test_an_address_of_something_else_is_refused() -> None:
    with pytest.raises(StoreError, match="NEO4J_URI"):
        async with open_graph(GraphSettings(neo4j_uri="http://x", neo4j_user="u", neo4j_password="p")):  # type: ignore[arg-type]
            pass
