"""Opinions from the real packs: every condition can lead one, in words that a patient may be told, each with its evidence."""

from functools import cache

import pytest

from consilium_common.clinical.case_facts import gather_facts
from consilium_common.clinical.citing import sentences
from consilium_common.clinical.forbidden import forbidden
from consilium_common.clinical.matching import rank
from consilium_common.clinical.opinion import form_opinion
from consilium_common.clinical.pack import CompiledPack
from consilium_common.clinical.wording import is_plain
from consilium_common.contracts.case import Finding, Patient, Reading
from consilium_common.contracts.commands import Audience
from consilium_common.contracts.knowledge import Condition, FindingKind, TriageLevel
from consilium_common.contracts.opinion import Opinion
from consilium_common.knowledge import load_shared
from consilium_common.specialist.assessment import compiled
from consilium_common.specialist.definition import load_specialist
from support import small_pack as small

SPECIALISTS = ("cardiology", "gp", "neurology", "orthopedics")
# A textbook case names the most telling findings of a condition; with them it must be among the first.
TELLING, AMONG = 6, 5
FOUND_SHARE = 0.9


@cache
def pack(specialist: str) -> CompiledPack:
    return compiled(load_specialist(f"consilium_{specialist}"), load_shared())


def textbook(condition: Condition, known: CompiledPack) -> Reading:
    """A reading of a condition's most telling findings, in a person whom it can befall."""
    telling = sorted(condition.findings, key=lambda weight: (-weight.present / weight.elsewhere, weight.id))[:TELLING]
    concepts = known.concepts
    findings = (
        Finding(
            id=w.id,
            name=w.id,
            kind=concepts[w.id].kind if w.id in concepts else FindingKind.SYMPTOM,
            words=w.id,
            start=0,
            end=1,
        )
        for w in telling
    )
    sexes = condition.prevalence.sex
    return Reading(findings=tuple(findings), patient=Patient(sex=max(sexes, key=lambda sex: sexes[sex]) if sexes else None))


def opinion(condition: Condition, specialist: str, audience: Audience = "patient") -> Opinion:
    known = pack(specialist)
    view = small.case_view(textbook(condition, known), small.triage(condition.triage), audience, specialist)
    case = gather_facts(view.reading, view.patient, known.ancestors, known.medicines)
    return form_opinion(view, known, case, rank(case, known))


@pytest.mark.parametrize("specialist", SPECIALISTS)
def test_a_textbook_case_finds_its_condition(specialist: str) -> None:
    conditions = [each.condition for each in pack(specialist).conditions.values()]
    missed = [c.id for c in conditions if c.id not in [p.condition for p in opinion(c, specialist).differential[:AMONG]]]
    assert len(missed) <= (1 - FOUND_SHARE) * len(conditions), missed


@pytest.mark.parametrize("specialist", SPECIALISTS)
def test_what_a_patient_is_told_is_plain_and_cited(specialist: str) -> None:
    for each in pack(specialist).conditions.values():
        given = opinion(each.condition, specialist)
        known = {evidence.id for evidence in given.evidence}
        for part in (*given.summary, *given.recommendations):
            assert part.evidence_ids
            assert set(part.evidence_ids) <= known
            assert is_plain(part.text), (each.condition.id, part.text)
        assert given.summary, each.condition.id


@pytest.mark.parametrize("specialist", SPECIALISTS)
def test_every_sentence_of_the_packs_may_be_said_to_a_patient(specialist: str) -> None:
    """A sentence that is not plain is left out of answers, so that it would never reach anybody.

    Of `about` the first sentence is said; the rest is read up, and may say of a condition that it is harmless or how frequent.
    """
    for each in pack(specialist).conditions.values():
        condition = each.condition
        said = (sentences(condition.about)[0], condition.seek_help, *(s.do for s in condition.management if s.for_patient))
        for text in said:
            assert is_plain(text), (condition.id, text)
        assert not {"diagnosis", "certainty", "no doctor", "prognosis", "blame"} & set(forbidden(condition.about)), condition.id


@pytest.mark.parametrize("specialist", SPECIALISTS)
def test_an_emergency_says_what_to_do_now(specialist: str) -> None:
    for each in pack(specialist).conditions.values():
        if each.condition.triage != TriageLevel.EMERGENCY:
            continue
        given = opinion(each.condition, specialist)
        if given.differential[0].triage == TriageLevel.EMERGENCY:
            assert any(step.urgency == "now" for step in given.recommendations), each.condition.id
