"""The evidence reasoner: nothing without evidence, quotes word by word, and words that fit their reader."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consilium_common.clinical.case_facts import gather_facts
from consilium_common.clinical.matching import rank
from consilium_common.clinical.opinion import NOTHING_FOUND, Found, form_opinion
from consilium_common.clinical.wording import is_plain
from consilium_common.contracts.case import CaseView, Patient, Reading
from consilium_common.contracts.commands import Audience
from consilium_common.contracts.knowledge import TriageLevel
from consilium_common.contracts.opinion import Opinion
from support import small_pack as small

HEART = ("chest-pain-pressure", "sweating", "arm-heaviness")
NOBODY = small.NOBODY_KNOWN
EMERGENCY = small.triage(TriageLevel.EMERGENCY, small.red_flag())
ANY_FINDINGS = st.lists(st.sampled_from([c.id for c in small.concepts()]), unique=True)


def opinion(view: CaseView, found: Found = NOTHING_FOUND, extra: dict[str, float] | None = None) -> Opinion:
    pack = small.pack(view.specialist)
    case = gather_facts(view.reading, view.patient, pack.ancestors, pack.medicines)
    return form_opinion(view, pack, case, rank(case, pack, extra), found)


def about(
    *findings: str, audience: Audience = "patient", emergency: bool = False, patient: Patient = small.NOBODY_KNOWN
) -> Opinion:
    return opinion(small.case_view(small.reading(*findings, patient=patient), EMERGENCY if emergency else None, audience))


def passages() -> dict[str, str]:
    """Every text that may be quoted, by locator."""
    texts: dict[str, str] = {}
    for condition in small.conditions():
        place = f"cardiology/{condition.id}"
        for section in ("about", "presentation", "tests", "treatment", "seek_help"):
            texts[f"{place}#{section.replace('_', '-')}"] = getattr(condition, section)
        for kind, steps in (("workup", condition.workup), ("management", condition.management)):
            texts |= {f"{place}#{kind}-{number}": step.do for number, step in enumerate(steps, start=1)}
    return texts


@given(ANY_FINDINGS, st.sampled_from(["patient", "clinician"]), st.booleans())
@settings(max_examples=60)
def test_every_evidence_id_resolves_and_every_quote_stands_in_the_pack(
    findings: list[str], audience: Audience, emergency: bool
) -> None:
    given = about(*findings, audience=audience, emergency=emergency)
    known = {each.id for each in given.evidence}
    assert len(known) == len(given.evidence)
    for part in (*given.summary, *given.differential, *given.recommendations):
        assert part.evidence_ids, part
        assert set(part.evidence_ids) <= known
    texts = passages()
    assert all(each.quote in texts[each.locator] for each in given.evidence)
    assert all("A guide to the chest" in each.source for each in given.evidence)


@given(ANY_FINDINGS, st.booleans())
@settings(max_examples=60)
def test_a_patient_is_told_possibilities_only(findings: list[str], emergency: bool) -> None:
    given = about(*findings, emergency=emergency)
    for text in (*(s.text for s in given.summary), *(r.text for r in given.recommendations)):
        assert is_plain(text)
        assert not re.search(r"\d ?%", text)
    assert all(each.for_patient for each in given.recommendations)


@pytest.mark.parametrize(
    "text",
    [
        "You have a heart attack.",
        "You probably have angina.",
        "You are suffering from reflux.",
        "This is definitely reflux.",
        "There is no need to see a doctor.",
        "Your diagnosis is panic.",
        "You do not need a doctor.",
    ],
)
def test_forbidden_phrasings_are_seen(text: str) -> None:
    assert not is_plain(text)


@pytest.mark.parametrize(
    "text",
    [
        "This can fit with reflux.",
        "Call if you have chest pain again.",
        "Tell them which medicines you have taken.",
        "You have to rest for a week.",
        "See a doctor when you have had it for two weeks.",
    ],
)
def test_advice_that_depends_on_something_is_plain(text: str) -> None:
    assert is_plain(text)


def test_a_sentence_of_the_pack_that_states_a_diagnosis_is_not_said_to_a_patient() -> None:
    findings = {"fear": (0.9, 0.1), "sweating": (0.5, 0.1), "palpitations": (0.5, 0.1)}
    blunt = small.condition("blunt", findings, seek_help="You have a blunt condition now. Go on as before for a week.")
    pack = small.compiled(blunt)
    view = small.case_view(small.reading("fear"))
    case = gather_facts(view.reading, view.patient, pack.ancestors)
    assert not any("You have" in each.text for each in form_opinion(view, pack, case, rank(case, pack)).summary)


def test_a_clinician_gets_numbers_codes_and_prescriptions() -> None:
    given = about(*HEART, audience="clinician", emergency=True)
    assert re.search(r"Heart attack \(I21\.9\), (?:over )?\d+%: supported by", given.summary[0].text)
    assert "Clopidogrel loading" in [each.text for each in given.recommendations]


def test_an_emergency_that_is_not_leading_is_never_dropped_and_calls_nobody_without_cause() -> None:
    given = about("heartburn", "chest-pain")
    rare = next(each for each in given.differential if each.condition == "heart-attack")
    assert given.differential[0].condition == "reflux"
    assert 0 < rare.probability < 0.2
    assert "heart-attack" not in {each.condition for each in given.recommendations}


def test_in_an_emergency_nobody_is_told_to_wait_at_home() -> None:
    given = about(*HEART, "heartburn", emergency=True)
    assert {each.condition for each in given.recommendations} == {"heart-attack"}
    assert given.recommendations[0].urgency == "now"


def test_what_is_blocked_stays_with_its_reason() -> None:
    given = about(*HEART, emergency=True, patient=Patient(allergies=("aspirin",)))
    aspirin = next(each for each in given.recommendations if each.drug == "aspirin")
    assert aspirin.blocked_by == ("allergy to aspirin",)
    warned = opinion(small.case_view(small.reading(*HEART), EMERGENCY), Found(cautions={"aspirin": ("gout: it rises",)}))
    assert next(each for each in warned.recommendations if each.drug == "aspirin").blocked_by == ("gout: it rises",)


def test_recommendations_come_the_most_urgent_first_and_once() -> None:
    urgencies = ["now", "today", "soon", "routine"]
    for findings in (HEART, ("chest-pain",), ("heartburn", "chest-pain", "fear")):
        given = about(*findings)
        order = [urgencies.index(each.urgency) for each in given.recommendations]
        assert order == sorted(order)
        assert len({each.text for each in given.recommendations}) == len(given.recommendations)


@pytest.mark.parametrize("findings", [(), ("sore-toe",), ("smoking",)])
def test_too_little_is_said_to_be_too_little(findings: tuple[str, ...]) -> None:
    given = about(*findings)
    assert given.insufficient_information
    assert given.confidence.value == 0
    assert (given.summary, given.differential, given.recommendations, given.evidence) == ((), (), (), ())


def test_what_the_record_adds_is_cited_as_the_record() -> None:
    view = small.case_view(small.reading(*HEART)).model_copy(update={"patient": Patient(conditions=("smoking",))})
    given = opinion(view)
    record = [each for each in given.evidence if each.kind == "record"]
    assert [(each.id, each.quote, each.locator) for each in record] == [("r1", "Smoking", "record/s1")]
    assert any(each.evidence_ids == ("r1",) for each in given.summary)
    assert "smoking" not in given.summary[0].text.lower()


def test_a_store_that_was_away_lowers_confidence_and_is_named() -> None:
    view = small.case_view(small.reading(*HEART))
    whole, less = opinion(view), opinion(view, Found(degraded=("graph",)))
    assert less.confidence.value < whole.confidence.value
    assert "graph" in less.confidence.basis
    assert less.degraded == ("graph",)
    assert less.differential == whole.differential


def test_few_findings_lower_confidence() -> None:
    assert about("heartburn").confidence.value < about("heartburn", "chest-pain-burning").confidence.value


def test_a_passage_that_was_found_gives_its_evidence_the_score() -> None:
    given = opinion(small.case_view(small.reading(*HEART)), Found(scores={"cardiology/heart-attack#presentation": 0.7}))
    assert {e.score for e in given.evidence if e.locator == "cardiology/heart-attack#presentation"} == {0.7}


def test_red_flags_of_the_field_and_of_everybody_are_repeated() -> None:
    fields = {"ours": ("cardiology",), "theirs": ("neurology",), "all": ()}
    flags = (small.red_flag(rule, specialties=specialties) for rule, specialties in fields.items())
    view = small.case_view(small.reading(*HEART), small.triage(TriageLevel.EMERGENCY, *flags))
    assert [flag.rule for flag in opinion(view).red_flags] == ["ours", "all"]


def test_the_same_case_gives_the_same_opinion() -> None:
    view = small.case_view(small.reading(*HEART, patient=Patient(age_years=60, allergies=("aspirin",))), EMERGENCY)
    shuffled = view.model_copy(update={"reading": Reading(findings=view.reading.findings[::-1], patient=view.reading.patient)})
    assert opinion(view) == opinion(shuffled)
