"""Reading cases: every form, what is made of it, and what is refused."""

import json
from pathlib import Path

import pytest

from consilium_cli.evaluation.cases import Case, DataError, read_cases
from consilium_cli.evaluation.ddxplus import codes, told
from consilium_common.contracts.knowledge import TriageLevel

SEMIGRAN = {"urgency_level": "ne", "correct_diagnosis": "Flu", "case_description": "A story.", "case_id": 7}
AVEY = {
    "correct_diagnosis": "Gout",
    "demographics": "56 year old Male",
    "chief_complaints": "Toe pain",
    "presentation": "It came at night.",
    "absent_findings": "No fever",
    "physical_history": "Hypertension.",
    "family_history": "-",
    "social_history": "",
    "idx": 3,
    "body_system": "Orthopedics and Rheumatology",
}
HAZARD = {"name": "Story: One_aug2", "prompt": "Help.", "action_truth": "Call 911/988", "detection_truth": 0}
CLINICAFLOW = {
    "id": "v1",
    "input": {
        "chief_complaint": "Cough",
        "history": "Two days.",
        "demographics": {"age": 40, "sex": "female"},
        "vitals": {"heart_rate": 88, "spo2": 97},
    },
    "labels": {"gold_risk_tier": "urgent"},
}
CRAFTMD = {"case_id": "case_1", "case_vignette": "A man coughs. What is the most likely diagnosis?", "category": "Neurology"}
OSCE = {
    "OSCE_Examination": {
        "Patient_Actor": {
            "Demographics": "30-year-old female",
            "History": "She coughs.",
            "Symptoms": {"Primary_Symptom": "Cough", "Secondary_Symptoms": ["Fever"]},
            "Social_History": "Works.",
        },
        "Physical_Examination_Findings": {"Vital_Signs": {"Heart_Rate": "90 bpm"}},
        "Correct_Diagnosis": "Pneumonia",
    }
}
DDXPLUS = {
    "row_key": "9",
    "age": 40,
    "sex": "F",
    "pathology": "Influenza",
    "icd10": "J10 or J11",
    "english_evidences": str({"Do you have a cough?": "True", "How intense is the pain?": "7"}),
}


MESSAGE = {"text": "My cat scratched me.", "level": "self-care", "about": "cat scratch", "kind": "chat"}


def written(folder: Path, name: str, *records: object) -> list[Case]:
    (folder / f"{name}.jsonl").write_text("\n".join(json.dumps(record) for record in records), "utf-8")
    return read_cases(folder)


def only(folder: Path, record: object) -> Case:
    (case,) = written(folder, "a_set", record)
    return case


def test_every_form_is_known_by_its_fields(tmp_path: Path) -> None:
    for number, record in enumerate((SEMIGRAN, AVEY, HAZARD, CLINICAFLOW, CRAFTMD, OSCE, DDXPLUS, MESSAGE)):
        written(tmp_path / ".", f"set_{number}", record)
    cases = read_cases(tmp_path)
    assert [case.id for case in cases] == ["7", "3", "Story: One_aug2", "v1", "case_1", "line-1", "9", "line-1"]
    assert [case.set for case in cases] == [f"set_{number}" for number in range(8)]


def test_levels_are_mapped_with_care(tmp_path: Path) -> None:
    case = only(tmp_path, SEMIGRAN)
    assert case.urgency is not None
    assert set(case.urgency.accepted) == {TriageLevel.SAME_DAY, TriageLevel.ROUTINE}
    assert case.urgency.least == TriageLevel.ROUTINE


def test_an_emergency_and_a_hazard_are_two_labels(tmp_path: Path) -> None:
    case = only(tmp_path, HAZARD)
    assert case.urgency is not None
    assert case.urgency.accepted == (TriageLevel.EMERGENCY,)
    assert case.hazard is False


def test_stories_are_told_in_full_and_empty_sections_left_out(tmp_path: Path) -> None:
    assert only(tmp_path, AVEY).text == (
        "56 year old Male. Toe pain. It came at night. No fever. Past medical history: Hypertension."
    )
    assert only(tmp_path, CLINICAFLOW).text == "40 year old female. Cough. Two days. Vitals: heart rate 88 bpm, SpO2 97%."
    assert only(tmp_path, OSCE).text == (
        "30-year-old female. She coughs. Cough. Fever Social history: Works. Heart Rate 90 bpm"
    )
    assert only(tmp_path, CRAFTMD).text == "A man coughs."


def test_questionnaires_become_sentences() -> None:
    record = {
        "age": 30,
        "sex": "M",
        "english_evidences": {
            "Do you have a cough?": "True",
            "Have you ever had pneumonia?": "True",
            "Are you a former smoker?": "True",
            "Is your skin much paler than usual?": "True",
            "Do you feel pain somewhere?": "temple(L)",
            "Does the pain radiate to another location?": "nowhere",
            "How fast did the pain appear?": "9",
            "Have you traveled out of the country in the last 4 weeks?": "No",
        },
    }
    assert told(record) == (
        "I am a 30 year old man. I have a cough. I have had pneumonia. I am a former smoker. "
        "My skin is much paler than usual. Pain in the left temple. "
        "The pain came on suddenly."
    )
    assert codes("J10 or J11") == ("J10", "J11")


def test_paraphrases_stay_in_one_half(tmp_path: Path) -> None:
    stories = [{**HAZARD, "name": f"Story {number}_aug{again}"} for number in range(40) for again in range(3)]
    cases = written(tmp_path, "hazards", *stories)
    halves = {case.group: {other.half for other in cases if other.group == case.group} for case in cases}
    assert all(len(half) == 1 for half in halves.values())
    assert {case.half for case in cases} == {"a", "b"}
    assert len(read_cases(tmp_path, "a")) + len(read_cases(tmp_path, "b")) == len(cases)


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    written(tmp_path, "cases", SEMIGRAN)
    assert len(written(tmp_path, "phi", {"query": "text", "phi": []})) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"urgency_level": "em", "case_description": "x"}\n{"urgency_level": "em"}', "line 2"),
        ('{"urgency_level": "worse", "case_description": "x"}', "worse"),
        ("not json", "line 1"),
    ],
)
def test_a_broken_record_is_refused_with_file_and_line(tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "broken.jsonl").write_text(content, "utf-8")
    with pytest.raises(DataError, match=rf"broken\.jsonl.*{reason}"):
        read_cases(tmp_path)


def test_a_folder_without_cases_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no data folder"):
        read_cases(tmp_path / "nowhere")
    with pytest.raises(DataError, match="known forms"):
        read_cases(tmp_path)
