"""Scores in opinions and answers: from a question as it is written to what its reader is told, and to the question back."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from timeit import timeit

import pytest

from consilium_common.clinical.answer_text import answer_text
from consilium_common.clinical.calculators import CALCULATORS, Case, work_out
from consilium_common.clinical.calculators.drawing import draw
from consilium_common.clinical.case_facts import gather_facts
from consilium_common.clinical.findings import FindingReader
from consilium_common.clinical.matching import rank
from consilium_common.clinical.merge import merge
from consilium_common.clinical.opinion import form_opinion
from consilium_common.clinical.pack import CompiledPack
from consilium_common.clinical.scores import URGENCY_STANDS, score_case
from consilium_common.clinical.triage import Rules, assess
from consilium_common.clinical.wording import is_plain
from consilium_common.contracts.answer import Answer
from consilium_common.contracts.case import CaseView, Patient, Vital
from consilium_common.contracts.commands import Audience, OpinionGiven, Plan
from consilium_common.contracts.knowledge import CalculatorUse, TriageLevel
from consilium_common.contracts.opinion import Opinion, Score
from consilium_common.knowledge import load_shared
from consilium_common.specialist.assessment import compiled
from consilium_common.specialist.definition import load_specialist
from support import small_pack as small

YOUNG_CHEST_PAIN = (
    "40 year old man with crushing chest pain spreading to the left arm. ECG normal. He smokes, no other cardiac risk factors."
)
ANKLE = "I am 30 and twisted my ankle yesterday, my ankle hurts and is swollen. I can walk on it. "
OUTER, INNER = "The outer ankle bone does not hurt when I press. ", "The inner ankle bone is not tender."


@cache
def reader() -> FindingReader:
    shared = load_shared()
    return FindingReader(shared.findings.values(), shared.medicines.values())


@cache
def rules() -> Rules:
    shared = load_shared()
    return Rules(shared.red_flags, shared.findings.values(), shared.medicines.values())


@cache
def pack(specialist: str) -> CompiledPack:
    return compiled(load_specialist(f"consilium_{specialist}"), load_shared())


def view_of(text: str, audience: Audience, specialist: str, level: TriageLevel | None = None) -> CaseView:
    reading = reader().read(text)
    triage = assess(reading, Patient(), rules(), "")
    return CaseView(
        view_id="v",
        snapshot_id="s",
        consult_id="c",
        specialist=specialist,
        question=text,
        reading=reading,
        patient=reading.patient,
        triage=triage if level is None else triage.model_copy(update={"level": level, "red_flags": ()}),
        audience=audience,
        expires_at=datetime(2030, 1, 1, tzinfo=UTC),
    )


def opinion(text: str, audience: Audience, specialist: str, level: TriageLevel | None = None) -> Opinion:
    view, known = view_of(text, audience, specialist, level), pack(specialist)
    facts = gather_facts(view.reading, view.patient, known.ancestors, known.medicines)
    return form_opinion(view, known, facts, rank(facts, known))


def answer(given: Opinion, text: str, audience: Audience, specialist: str, level: TriageLevel | None = None) -> Answer:
    view = view_of(text, audience, specialist, level)
    plan = Plan(
        gateway="g",
        snapshot_id="s",
        audience=audience,
        triage=view.triage,
        reading=view.reading,
        patient=view.patient,
        asked=(specialist,),
    )
    return merge(plan, {specialist: OpinionGiven(specialist=specialist, opinion=given)}).answer


def named(scores: tuple[Score, ...], calculator: str) -> Score:
    return next(score for score in scores if score.calculator == calculator)


def test_a_chest_pain_question_gives_heart_to_a_clinician_and_asks_for_the_missing_troponin() -> None:
    given = opinion(YOUNG_CHEST_PAIN, "clinician", "cardiology")
    heart = named(given.scores, "heart")
    assert (heart.value, heart.low, heart.high, heart.band) == (
        None,
        3,
        5,
        None,
    )  # history 2, one risk factor 1, troponin 0 to 2
    assert heart.missing == ("troponin",)
    assert heart.ask == given.ask_next[0] == "What was the first troponin, compared with the laboratory's limit?"
    inputs = {each.name: (each.value, each.origin) for each in heart.inputs}
    assert inputs["age_years"] == ("40 years", "person")
    assert inputs["ecg"] == ("normal", "said")
    assert inputs["diabetes"] == ("no", "said")
    assert (
        next(each for each in heart.inputs if each.name == "history").words == "crushing chest pain, spreading to the left arm"
    )


def test_the_answer_completes_it_with_inputs_risk_and_source() -> None:
    text = YOUNG_CHEST_PAIN + " Troponin normal."
    given = opinion(text, "clinician", "cardiology")
    heart = named(given.scores, "heart")
    assert (heart.value, heart.band, heart.missing, heart.ask) == (3, "low", (), None)
    merged = answer(given, text, "clinician", "cardiology")
    told = "\n".join(paragraph for paragraph, _ in answer_text(merged))
    assert "HEART score: 3 of 10, low risk (a major cardiac event within six weeks in 1.7%)" in told
    assert "troponin normal; ECG normal; history highly suspicious (crushing chest pain, spreading to the left arm)" in told
    cited = {each.id: each for each in merged.citations}
    assert "Six" in cited[named(merged.scores, "heart").evidence_ids[0]].source


def test_a_low_score_leaves_an_emergency_as_it_is_and_says_so() -> None:
    text = YOUNG_CHEST_PAIN + " Troponin normal."
    merged = answer(opinion(text, "clinician", "cardiology"), text, "clinician", "cardiology")
    assert merged.triage.level == TriageLevel.EMERGENCY
    assert named(merged.scores, "heart").text.endswith(URGENCY_STANDS)


def test_scores_change_nothing_else() -> None:
    for text, specialist in ((YOUNG_CHEST_PAIN, "cardiology"), (ANKLE + OUTER + INNER, "orthopedics")):
        view, known = view_of(text, "clinician", specialist), pack(specialist)
        facts = gather_facts(view.reading, view.patient, known.ancestors, known.medicines)
        with_scores = form_opinion(view, known, facts, rank(facts, known))
        without = form_opinion(view, replace(known, calculators=()), facts, rank(facts, known))
        same = {"differential", "recommendations", "summary", "confidence", "red_flags"}
        assert with_scores.model_dump(include=same) == without.model_dump(include=same)


def test_a_patient_is_told_that_no_x_ray_is_needed_only_when_everything_is_known() -> None:
    complete = opinion(ANKLE + OUTER + INNER, "patient", "orthopedics")
    ankle = named(complete.scores, "ottawa-ankle")
    assert "an X-ray is not needed now" in ankle.text
    assert "That changes if" in ankle.text
    assert is_plain(ankle.text)
    assert not ankle.inputs
    one_missing = named(opinion(ANKLE + OUTER, "patient", "orthopedics").scores, "ottawa-ankle")
    assert "not needed" not in one_missing.text
    assert one_missing.ask
    assert "inner ankle bone" in one_missing.ask


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (ANKLE.replace("I am 30 and", "I") + OUTER + INNER, "the age decides whether the rule is for this person"),
        (ANKLE.replace("I am 30 and", "I am 11 and") + OUTER + INNER, "the rule is for adults"),
        (ANKLE.replace("yesterday", "three weeks ago") + OUTER + INNER, "the rule is for injuries of the last ten days"),
        (ANKLE + OUTER + INNER + " I am pregnant.", "the rule was not tested in pregnancy"),
        (ANKLE + OUTER + INNER + " My foot is numb, numbness.", "a rule that rests on pain"),
    ],
)
def test_a_rule_is_silent_to_whom_it_does_not_apply(text: str, why: str) -> None:
    assert not opinion(text, "patient", "orthopedics", TriageLevel.ROUTINE).scores, why


def test_one_sign_is_enough_for_an_x_ray() -> None:
    text = ANKLE.replace("can walk", "cannot walk")
    ankle = named(opinion(text, "patient", "orthopedics", TriageLevel.ROUTINE).scores, "ottawa-ankle")
    assert ankle.band == "x-ray"
    assert "should be X-rayed" in ankle.text


@pytest.mark.parametrize("level", [TriageLevel.SAME_DAY, TriageLevel.EMERGENCY])
def test_nothing_reassures_a_patient_beside_a_warning_sign(level: TriageLevel) -> None:
    text = ANKLE + OUTER + INNER
    assert not opinion(text, "patient", "orthopedics", level).scores
    # Also when only the opinions together make it more urgent than a specialist saw it.
    calm = opinion(text, "patient", "orthopedics", TriageLevel.ROUTINE)
    assert calm.scores
    assert not answer(calm, text, "patient", "orthopedics", level).scores
    clinician = opinion(text, "clinician", "orthopedics", TriageLevel.ROUTINE)
    assert named(answer(clinician, text, "clinician", "orthopedics", level).scores, "ottawa-ankle").text.endswith(
        URGENCY_STANDS
    )


def test_a_patient_with_chest_pain_gets_no_numbers() -> None:
    assert not opinion(YOUNG_CHEST_PAIN + " Troponin normal.", "patient", "cardiology").scores


@pytest.mark.parametrize(
    ("text", "specialist", "calculator", "value", "band"),
    [
        ("70 year old man, creatinine 180 µmol/l, weight 72 kg, tired", "gp", "egfr-ckd-epi-2021", 34, "g3b"),
        ("70 year old man, creatinine 180 µmol/l, weight 72 kg, tired", "gp", "cockcroft-gault", 34, "moderate"),
        ("PHQ-9 score of 17, low mood, 40 year old woman", "gp", "phq-9", 17, "moderately-severe"),
        ("QT 360 ms, pulse 100, 50 year old woman with palpitations", "cardiology", "qtc-fridericia", 427, "not-prolonged"),
        ("GCS 13/15 after a seizure, 50 year old man", "neurology", "glasgow-coma-scale", 13, "mild"),
    ],
)
def test_measured_values_are_worked_out(text: str, specialist: str, calculator: str, value: float, band: str) -> None:
    score = named(opinion(text, "clinician", specialist).scores, calculator)
    assert (score.value, score.band) == (value, band)


def test_what_is_missing_and_cannot_matter_is_said_and_not_asked() -> None:
    text = "72 year old woman with atrial fibrillation, hypertension and diabetes, palpitations"
    score = named(opinion(text, "clinician", "cardiology").scores, "cha2ds2-vasc")
    assert (score.low, score.high, score.band, score.ask) == (4, 8, "more", None)
    assert "which cannot change the band" in score.text


def test_silence_is_never_a_no() -> None:
    known = pack("cardiology")
    facts = gather_facts(reader().read("I have chest pain"), Patient(), known.ancestors)
    worked = work_out(CALCULATORS["heart"], Case(facts, {}, known.ancestors))
    assert (worked.result.low, worked.result.high) == (0, 10)
    assert not worked.drawn


@pytest.mark.parametrize(
    ("text", "calculator", "name", "value", "bounds"),
    [
        ("troponin raised", "heart", "troponin", None, ("one to three times the limit", "more than three times the limit")),
        ("troponin more than three times the limit", "heart", "troponin", "more than three times the limit", None),
        ("no ST depression", "heart", "ecg", None, None),  # says nothing of the rest of the ECG
        ("ECG shows ST depression", "heart", "ecg", "significant ST deviation", None),
        ("speech is slurred, no weakness", "abcd2", "features", None, ("speech without weakness", "weakness of one side")),
        ("no heart disease, no other cardiac risk factors", "heart", "smoking", False, None),
        ("no low mood", "phq-9", "mood", "not at all", None),
        ("low mood", "phq-9", "mood", None, ("several days", "nearly every day")),
        ("temperature 37.5", "centor-mcisaac", "fever", False, None),
        ("temperature 38.4", "centor-mcisaac", "fever", True, None),
        ("no bone tenderness", "ottawa-ankle", "outer_bone", False, None),
        ("on dialysis, creatinine 180", "has-bled", "renal", True, None),
        ("creatinine 180 µmol/l", "has-bled", "renal", False, None),
        ("creatinine 200 µmol/l", "has-bled", "renal", True, None),
        ("sore throat for 3 days", "fever-pain", "attends_rapidly", True, None),
        ("sore throat for a week", "fever-pain", "attends_rapidly", False, None),
    ],
)
def test_what_a_case_says_about_an_input(
    text: str, calculator: str, name: str, value: object, bounds: tuple[str, str] | None
) -> None:
    known = pack("gp")
    reading = reader().read(f"30 year old man. {text}.")
    facts = gather_facts(reading, Patient(), known.ancestors)
    asked = next(each for each in CALCULATORS[calculator].inputs if each.name == name)
    drawn = draw(asked, Case(facts, {vital.name: vital for vital in reading.vitals}, known.ancestors))
    assert (drawn.value if drawn else None, drawn.bounds if drawn else None) == (value, bounds)


def test_the_record_is_named_as_the_origin() -> None:
    known = pack("cardiology")
    facts = gather_facts(reader().read("palpitations"), Patient(conditions=("diabetes",), age_years=70), known.ancestors)
    worked = work_out(CALCULATORS["cha2ds2-vasc"], Case(facts, {}, known.ancestors))
    assert worked.drawn["diabetes"].origin == "record"


def test_a_value_that_cannot_be_is_not_used_and_said() -> None:
    known = small.pack()
    uses = (CalculatorUse(calculator="egfr-ckd-epi-2021", vitals=("creatinine_umol_l",)),)
    reading = small.reading("sweating", patient=Patient(age_years=60, sex="m"))
    reading = reading.model_copy(update={"vitals": (Vital(name="creatinine_umol_l", value=1.2, words="creatinine 1.2"),)})
    view = small.case_view(reading, audience="clinician")
    facts = gather_facts(view.reading, view.patient, known.ancestors)
    worked = work_out(CALCULATORS["egfr-ckd-epi-2021"], Case(facts, {v.name: v for v in reading.vitals}, known.ancestors))
    assert worked.result.value is None
    assert "1.2 mg/dl would be 106.1 µmol/l" in worked.refused[0]
    assert form_opinion(view, replace(known, calculators=uses), facts, rank(facts, known)).scores == ()


def test_messages_from_before_there_were_scores_parse() -> None:
    plain = answer(opinion("I have a cough", "patient", "gp"), "I have a cough", "patient", "gp")
    before = {name: value for name, value in plain.model_dump(mode="json").items() if name != "scores"}
    assert Answer.model_validate(before) == plain
    assert (
        Opinion.model_validate({"summary": [], "confidence": {"value": 0, "basis": ""}, "knowledge_version": "v"}).scores == ()
    )


def test_scores_cost_nothing_that_can_be_measured_in_an_opinion() -> None:
    view, known = view_of(YOUNG_CHEST_PAIN, "clinician", "cardiology"), pack("cardiology")
    facts = gather_facts(view.reading, view.patient, known.ancestors, known.medicines)
    from consilium_common.clinical.citing import Citations

    conditions = ["acute-myocardial-infarction", "pulmonary-embolism", "deep-vein-thrombosis"]
    runs = 50
    once_s = (
        min(
            timeit(lambda: score_case(view, known, facts, conditions, Citations("cardiology", known.sources)), number=runs)
            for _ in range(3)
        )
        / runs
    )
    assert once_s < 0.02, "an opinion takes some ten milliseconds, also on a busy machine"
