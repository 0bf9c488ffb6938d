"""The treatment check: what speaks against a step is named, everything that does not stays free."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium_common.clinical.treatment import check
from consilium_common.contracts.case import Patient
from consilium_common.contracts.knowledge import Step
from consilium_common.knowledge import load_shared
from support import small_pack as small


def step(drug: str | None = None, *unless: str) -> Step:
    return Step(do="Take it", drug=drug, unless=unless, source="guide")


def reasons(
    drug: str | None,
    *findings: str,
    unless: tuple[str, ...] = (),
    patient: Patient = small.NOBODY_KNOWN,
    cautions: tuple[str, ...] = (),
) -> tuple[str, ...]:
    pack = small.pack()
    return check(step(drug, *unless), small.facts(*findings, patient=patient), pack.medicines, pack.concepts, cautions)


@pytest.mark.parametrize("drug", ["aspirin", "ibuprofen", "paracetamol", "amoxicillin", None])
def test_nothing_known_blocks_nothing(drug: str | None) -> None:
    assert reasons(drug, "chest-pain", "smoking", unless=("active-bleeding", "aspirin-allergy")) == ()


def test_unless_blocks_with_or_without_a_drug() -> None:
    assert reasons(None, "chest-pain", unless=("chest-pain",)) == ("not with chest pain",)
    assert reasons(None, "chest-pain-pressure", unless=("chest-pain",)) == ("not with chest pain",)


def test_a_contraindication_says_why_once() -> None:
    graph = ("active bleeding: bleeding gets worse",)
    assert reasons("aspirin", "active-bleeding", unless=("active-bleeding",), cautions=graph) == (
        "active bleeding: bleeding gets worse",
    )


def test_what_only_the_graph_knows_blocks_too() -> None:
    assert reasons("aspirin", cautions=("gout: uric acid rises",)) == ("gout: uric acid rises",)


@pytest.mark.parametrize(
    ("allergies", "drug", "expected"),
    [
        (("aspirin",), "aspirin", "allergy to aspirin"),
        (("aspirin-allergy",), "ibuprofen", "allergy to aspirin, which is closely related"),
        (("nsaid",), "ibuprofen", "allergy to nsaid"),
        (("amoxicillin",), "phenoxymethylpenicillin", "allergy to amoxicillin, which is closely related"),
        (("penicillin",), "amoxicillin", "allergy to penicillin"),
        (("penicillin",), "ibuprofen", None),
        (("aspirin",), "paracetamol", None),
        (("paracetamol",), "aspirin", None),
    ],
)
def test_allergies_cross_inside_a_class_and_not_beyond(allergies: tuple[str, ...], drug: str, expected: str | None) -> None:
    assert reasons(drug, patient=Patient(allergies=allergies)) == ((expected,) if expected else ())


def test_an_allergy_said_in_the_message_counts_as_one_in_the_record() -> None:
    assert reasons("amoxicillin", "penicillin-allergy") == ("allergy to penicillin",)


@pytest.mark.parametrize(("taken", "drug"), [("warfarin", "ibuprofen"), ("ibuprofen", "warfarin")])
def test_an_interaction_counts_whichever_of_the_two_names_it(taken: str, drug: str) -> None:
    (reason,) = reasons(drug, patient=Patient(medications=(taken,)))
    assert reason.startswith("dangerous together with")
    assert reason.endswith("severe bleeding")


def test_the_same_medicine_or_the_same_kind_is_not_taken_twice() -> None:
    assert reasons("paracetamol", patient=Patient(medications=("paracetamol",))) == ("Paracetamol is already taken",)
    (reason,) = reasons("ibuprofen", patient=Patient(medications=("aspirin",)))
    assert "same kind" in reason


@pytest.mark.parametrize("patient", [Patient(pregnant=True), Patient(conditions=("pregnancy",))])
@pytest.mark.parametrize(
    ("drug", "expected"),
    [("ibuprofen", "avoided"), ("aspirin", "asking a clinician"), ("warfarin", "not known"), ("paracetamol", None)],
)
def test_pregnancy(patient: Patient, drug: str, expected: str | None) -> None:
    found = reasons(drug, patient=patient)
    assert len(found) == (expected is not None)
    assert expected is None or expected in found[0]


@pytest.mark.parametrize(("age", "blocked"), [(15.9, True), (16, False), (None, False)])
def test_the_youngest_age(age: float | None, blocked: bool) -> None:
    assert (reasons("aspirin", patient=Patient(age_years=age)) == ("not under 16 years",)) is blocked


def test_a_medicine_that_is_not_known_here_is_not_recommended_blindly() -> None:
    (reason,) = reasons("miracle-cure")
    assert "miracle-cure" in reason


@given(
    st.sampled_from([medicine.id for medicine in small.medicines()]),
    st.lists(st.sampled_from([concept.id for concept in small.concepts()]), unique=True),
    st.sampled_from([concept.id for concept in small.concepts()]),
)
def test_knowing_more_never_unblocks(drug: str, known: list[str], more: str) -> None:
    before, after = (reasons(drug, *findings, unless=("active-bleeding",)) for findings in (known, {*known, more}))
    assert set(before) <= set(after)


@pytest.mark.parametrize(
    ("drug", "patient"),
    [
        ("adrenaline-auto-injector", Patient(conditions=("coronary-disease-history",), medications=("bisoprolol",))),
        ("salbutamol", Patient(conditions=("coronary-disease-history", "fast-heart-rate"), medications=("bisoprolol",))),
        ("naloxone", Patient(conditions=("pregnancy",), medications=("morphine",))),
        ("paracetamol", Patient(medications=("warfarin",))),
        ("tetanus-vaccine", Patient(medications=("etanercept",))),
    ],
)
def test_nothing_holds_back_what_saves_a_life_or_is_the_safer_choice(drug: str, patient: Patient) -> None:
    known = load_shared()
    assert check(step(drug), small.facts(patient=patient), known.medicines, known.findings) == ()


@pytest.mark.parametrize(
    ("drug", "patient", "reason"),
    [
        ("topical-nsaid", Patient(allergies=("ibuprofen",)), "allergy to ibuprofen, which is closely related"),
        ("cefalexin", Patient(allergies=("amoxicillin",)), "allergy to amoxicillin, which is closely related"),
        ("live-vaccine", Patient(medications=("etanercept",)), "dangerous together with Etanercept"),
        ("tramadol", Patient(medications=("venlafaxine",)), "dangerous together with Venlafaxine"),
        ("theophylline", Patient(medications=("fluvoxamine",)), "dangerous together with Fluvoxamine"),
        ("sildenafil", Patient(conditions=("nitrate-use",)), "nitrate for angina"),
        ("combined-contraceptive", Patient(conditions=("thrombophilia-history",)), "raises the risk of clots"),
        ("itraconazole", Patient(medications=("colchicine",)), "dangerous together with Colchicine"),
        ("donepezil", Patient(medications=("citalopram",)), "dangerous together with Citalopram"),
    ],
)
def test_what_was_missing_at_the_second_reading_is_said(drug: str, patient: Patient, reason: str) -> None:
    known = load_shared()
    found = check(step(drug), small.facts(patient=patient), known.medicines, known.findings)
    assert any(reason in each for each in found), found
