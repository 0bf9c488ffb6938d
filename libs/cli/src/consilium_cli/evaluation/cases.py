"""Cases with known answers, read from a data folder.

A file's form is known by its fields, so that any folder of the same form serves.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from consilium_cli.evaluation.ddxplus import codes, told
from consilium_common.contracts.knowledge import TriageLevel
from consilium_common.errors import ConsiliumError

Record = Mapping[str, Any]
Half = Literal["a", "b"]

EMERGENCY, SAME_DAY, ROUTINE, SELF_CARE = TriageLevel
# Semigran's three classes are emergency care, non-emergency care and self-care. Seeing somebody today or in the next days are
# both non-emergency care: those vignettes do not say which.
SEMIGRAN = {"em": (EMERGENCY,), "ne": (SAME_DAY, ROUTINE), "sc": (SELF_CARE,)}
# Who need not be sent to an emergency department may still need a doctor today; what is right is only that it is no emergency.
HAZARD = {"Call 911/988": (EMERGENCY,), "None": (SAME_DAY, ROUTINE, SELF_CARE)}
# The tiers of a rule rubric, not of clinicians. Its "urgent" means hours, which is our same day.
CLINICAFLOW = {"critical": (EMERGENCY,), "urgent": (SAME_DAY,), "routine": (ROUTINE, SELF_CARE)}
VITAL_WORDS = {
    "heart_rate": "heart rate {} bpm",
    "systolic_bp": "systolic {}",
    "temperature_c": "temperature {} C",
    "spo2": "SpO2 {}%",
    "respiratory_rate": "respiratory rate {}",
}
_PARAPHRASE = re.compile(r"_aug\d+$")
_EXAM_QUESTION = re.compile(r"[^.?!\n]*\?\s*$")


class DataError(ConsiliumError):
    """The data folder or a file of it cannot be used."""

    def __init__(self, message: str) -> None:
        super().__init__("data", message)


@dataclass(frozen=True)
class Urgency:
    """The right level in the set's own words, and which of our levels agree with it."""

    label: str
    accepted: tuple[TriageLevel, ...]

    @property
    def least(self) -> TriageLevel:
        """Return the least urgent level that is still safe."""
        return min(self.accepted, key=lambda level: level.urgency)


@dataclass(frozen=True)
class Case:
    """One case. What its set does not say is None or empty. Paraphrases of one story share a `group`."""

    id: str
    set: str
    group: str
    text: str
    prose: bool = True
    urgency: Urgency | None = None
    hazard: bool | None = None
    diagnosis: str = ""
    icd10: tuple[str, ...] = ()
    field: str = ""

    @property
    def half(self) -> Half:
        """Return which half it belongs to: one may be looked at, the other only measured."""
        return "a" if sha256(f"consilium-evaluation|{self.group}".encode()).digest()[0] < 128 else "b"


@dataclass(frozen=True)
class Form:
    """A kind of file: the fields that mark it and how one of its records becomes a case (without id, set and group).

    A record without an id is called after its line; an id that stands twice is numbered.
    """

    fields: frozenset[str]
    id: Callable[[Record], str]
    read: Callable[[Record], dict[str, Any]]


def read_cases(folder: Path, half: Half | None = None) -> list[Case]:
    """Return every case below a folder, in the order of files and lines; of one half only when asked.

    Raises:
        DataError: when the folder is missing, holds no cases, or a record lacks a field of its form.
    """
    if not folder.is_dir():
        raise DataError(f"There is no data folder {str(folder)!r}; name one with --data or CONSILIUM_DATA.")
    found = [case for file in sorted(folder.rglob("*.jsonl"), key=lambda file: (file.name, file)) for case in _read(file)]
    if not found:
        raise DataError(f"No file below {str(folder)!r} has one of the known forms of cases.")
    return [case for case in found if half is None or case.half == half]


def _read(file: Path) -> Iterator[Case]:
    form: Form | None = None
    seen: Counter[str] = Counter()
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            form = form or _form_of(record)
            if form is None:
                return
            name = form.id(record) or f"line-{number}"
            seen[name] += 1
            id = name if seen[name] == 1 else f"{name}#{seen[name]}"
            yield Case(id=id, set=file.stem, group=f"{file.stem}|{_PARAPHRASE.sub('', name)}", **form.read(record))
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"{file.name}, line {number}: this is no record of its form: {error!r}") from error


def _form_of(record: object) -> Form | None:
    return next((form for form in FORMS if isinstance(record, dict) and form.fields <= record.keys()), None)


def _semigran(record: Record) -> dict[str, Any]:
    label = record["urgency_level"]
    return {
        "text": record["case_description"],
        "urgency": Urgency(label, SEMIGRAN[label]),
        "diagnosis": record.get("correct_diagnosis", ""),
    }


def _message(record: Record) -> dict[str, Any]:
    """Take a message in our own words, as in training/: its level is one of ours. `about` is no diagnosis in every case."""
    return {"text": record["text"], "urgency": Urgency(record["level"], (TriageLevel(record["level"]),))}


def _avey(record: Record) -> dict[str, Any]:
    parts = [
        f"{record['demographics']}.",
        f"{record['chief_complaints']}.",
        record["presentation"],
        _labelled("", record.get("absent_findings", "")),
        _labelled("Past medical history: ", record.get("physical_history", "")),
        _labelled("Family history: ", record.get("family_history", "")),
        _labelled("Social history: ", record.get("social_history", "")),
    ]
    return {"text": _joined(parts), "diagnosis": record["correct_diagnosis"], "field": record.get("body_system", "")}


def _agentclinic(record: Record) -> dict[str, Any]:
    """Take what the patient says and the vital signs; examination and tests are what a visit would add."""
    case = record["OSCE_Examination"]
    person = case["Patient_Actor"]
    symptoms = person["Symptoms"]
    vitals = case.get("Physical_Examination_Findings", {}).get("Vital_Signs", {})
    measured = vitals if isinstance(vitals, dict) else {"vital signs": vitals}
    parts = [
        f"{person['Demographics']}.",
        person["History"],
        ". ".join([symptoms["Primary_Symptom"], *symptoms.get("Secondary_Symptoms", [])]),
        _labelled("Past medical history: ", _flat(person.get("Past_Medical_History", ""))),
        _labelled("Social history: ", _flat(person.get("Social_History", ""))),
        _flat(person.get("Review_of_Systems", "")),
        ". ".join(f"{name.replace('_', ' ')} {value}" for name, value in measured.items()),
    ]
    return {"text": _joined(parts), "diagnosis": case["Correct_Diagnosis"]}


def _craftmd(record: Record) -> dict[str, Any]:
    return {"text": _EXAM_QUESTION.sub("", record["case_vignette"]).strip(), "field": record["category"]}


def _hazard(record: Record) -> dict[str, Any]:
    action = record["action_truth"]
    return {
        "text": record["prompt"],
        "urgency": Urgency(action, HAZARD[action]),
        "hazard": bool(record["detection_truth"]),
    }


def _clinicaflow(record: Record) -> dict[str, Any]:
    given, tier = record["input"], record["labels"]["gold_risk_tier"]
    who = given.get("demographics", {})
    vitals = given.get("vitals", {})
    measured = [words.format(vitals[name]) for name, words in VITAL_WORDS.items() if vitals.get(name) is not None]
    parts = [
        f"{who['age']} year old {who['sex']}." if who.get("age") is not None and who.get("sex") else "",
        f"{given['chief_complaint']}.",
        given.get("history", ""),
        _labelled("Vitals: ", ", ".join(measured)),
    ]
    return {"text": _joined(parts), "urgency": Urgency(tier, CLINICAFLOW[tier])}


def _ddxplus(record: Record) -> dict[str, Any]:
    return {"text": told(record), "diagnosis": record["pathology"], "icd10": codes(record.get("icd10", "")), "prose": False}


def _labelled(label: str, text: str) -> str:
    bare = text.strip()
    return f"{label}{bare.rstrip('.')}." if bare and bare not in {"-", "N/A", "None"} else ""


def _flat(value: object) -> str:
    return ". ".join(str(each) for each in value.values()) if isinstance(value, dict) else str(value)


def _joined(parts: list[str]) -> str:
    return " ".join(part.strip() for part in parts if part.strip())


def _form(id: str, read: Callable[[Record], dict[str, Any]], *fields: str) -> Form:
    return Form(frozenset(fields), lambda record: str(record.get(id, "")), read)


FORMS = (
    _form("case_id", _semigran, "urgency_level", "case_description"),
    _form("idx", _avey, "correct_diagnosis", "demographics", "presentation"),
    _form("", _agentclinic, "OSCE_Examination"),
    _form("case_id", _craftmd, "case_vignette", "category"),
    _form("name", _hazard, "prompt", "action_truth", "detection_truth"),
    _form("id", _clinicaflow, "input", "labels"),
    _form("row_key", _ddxplus, "pathology", "english_evidences"),
    _form("", _message, "text", "level", "about", "kind"),
)
