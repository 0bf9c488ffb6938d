"""Knowledge as nodes and relations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium_common.contracts.knowledge import FindingConcept, Interaction, Medicine, When
from consilium_common.knowledge import load_shared
from consilium_common.models.embedder import MAX_CHARS, REQUEST_CHARS, REQUEST_TEXTS, _batches
from consilium_common.stores.graph_rows import (
    INTERACTS_WITH_CLASS,
    INTERACTS_WITH_DRUG,
    IS_A,
    LINKS,
    GraphRows,
    add_findings,
    add_medicines,
    add_red_flags,
    ancestors,
    looked_for,
    slug,
)


def concepts(**is_a: tuple[str, ...]) -> dict[str, FindingConcept]:
    return {name: FindingConcept(id=name, name=name, is_a=parents) for name, parents in is_a.items()}


def test_a_finding_is_everything_that_its_parents_are() -> None:
    known = concepts(a=("b", "unheard-of"), b=("c",), c=(), d=("a", "c"))
    assert ancestors(known["a"], known) == {"b", "c", "unheard-of"}
    assert ancestors(known["d"], known) == {"a", "b", "c", "unheard-of"}
    assert ancestors(known["c"], known) == frozenset()


names = st.sampled_from("abcdef")


@given(st.dictionaries(names, st.lists(names, max_size=4).map(tuple), min_size=1))
def test_circles_end(is_a: dict[str, tuple[str, ...]]) -> None:
    known = concepts(**is_a)
    for finding in known.values():
        found = ancestors(finding, known)
        assert finding.id not in found
        assert set(finding.is_a) - {finding.id} <= found


def test_every_ancestor_is_one_step_away() -> None:
    known = concepts(a=("b",), b=("c",), c=())
    rows = GraphRows()
    add_findings(rows, known.values(), known)
    assert set(rows.relations[IS_A]) == {("a", "b", ""), ("a", "c", ""), ("b", "c", "")}


def test_a_rule_looks_for_what_must_be_present_however_deep() -> None:
    when = When(
        all=("a", When(any=("b", When(finding="c", none=("x",))), absent="y")),
        vital="spo2_pct",
        below=90,
    )
    assert sorted(looked_for(when)) == ["a", "b", "c"]


def test_an_interaction_is_with_a_medicine_or_else_with_a_class() -> None:
    def medicine(name: str, other: str) -> Medicine:
        interaction = Interaction.model_validate({"with": other, "severity": "minor", "effect": "x"})
        return Medicine(id=name, name=name, interacts=(interaction,), sources=("s",))

    listed = [medicine("warfarin", "aspirin"), medicine("aspirin", "anticoagulant")]
    rows = GraphRows()
    add_medicines(rows, listed, [each.id for each in listed])
    assert set(rows.relations[INTERACTS_WITH_DRUG]) == {("warfarin", "aspirin", "")}
    assert set(rows.relations[INTERACTS_WITH_CLASS]) == {("aspirin", "anticoagulant", "")}


def test_a_relation_never_wipes_what_is_known_of_a_node() -> None:
    rows = GraphRows()
    rows.node("Drug", "aspirin", name="Aspirin")
    rows.relate(INTERACTS_WITH_DRUG, "warfarin", "aspirin", severity="minor")
    assert rows.nodes["Drug"] == {"aspirin": {"name": "Aspirin"}, "warfarin": {}}


@pytest.mark.parametrize(("text", "id"), [("A 12-lead ECG, now!", "a-12-lead-ecg-now"), ("  Été  ", "t"), ("", "")])
def test_a_slug_is_an_id(text: str, id: str) -> None:
    assert slug(text) == id


def test_the_shared_knowledge_makes_only_relations_that_old_versions_are_looked_for_in() -> None:
    shared, rows = load_shared(), GraphRows()
    add_findings(rows, shared.findings.values(), shared.findings)
    add_medicines(rows, shared.medicines.values(), shared.medicines)
    add_red_flags(rows, shared.red_flags)
    assert set(rows.relations) <= set(LINKS)
    assert set(rows.nodes["Finding"]) >= set(shared.findings)


@given(st.lists(st.integers(0, MAX_CHARS).map(lambda length: "x" * length), max_size=300))
def test_requests_to_the_embedder_hold_every_text_once_in_order_and_fit_the_bus(texts: list[str]) -> None:
    batches = list(_batches(texts))
    assert [text for batch in batches for text in batch] == texts
    assert all(0 < len(batch) <= REQUEST_TEXTS and sum(map(len, batch)) <= REQUEST_CHARS for batch in batches)
