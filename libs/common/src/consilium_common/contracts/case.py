"""The case: what was said, what was found in it, what is known of the patient, and how urgent it is."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from consilium_common.contracts.base import Contract
from consilium_common.contracts.knowledge import FindingKind, TriageLevel


class Finding(Contract):
    """One finding as read from text. `start` and `end` are character offsets; durations are in hours, severity 0 to 10."""

    id: str
    name: str
    kind: FindingKind = FindingKind.SYMPTOM
    present: bool = True
    subject: Literal["self", "other"] = "self"
    time: Literal["current", "past", "hypothetical"] = "current"
    words: str
    start: int
    end: int
    onset: Literal["sudden", "gradual"] | None = None
    duration_h: float | None = None
    severity: int | None = None
    side: Literal["left", "right", "both"] | None = None

    @property
    def counts(self) -> bool:
        """Return whether it is about this person, now or as history that matters now."""
        lasting = self.kind in {FindingKind.HISTORY, FindingKind.RISK}
        return self.subject == "self" and (self.time == "current" or (self.time == "past" and lasting))


class Vital(Contract):
    """One measured value. Names carry units: heart_rate_bpm, systolic_mmhg, diastolic_mmhg, spo2_pct, temperature_c,
    respiratory_rate_min, glucose_mmol_l, potassium_mmol_l, sodium_mmol_l, inr, weight_kg, peak_flow_pct, creatinine_umol_l,
    urea_mmol_l, height_cm, qt_ms, and the totals gcs_points, phq9_points, phq2_points, gad7_points, auditc_points.
    """

    name: str
    value: float
    words: str = ""


class Patient(Contract):
    """What is known of the patient, from the record and from the message. Ids refer to the vocabulary and the medicines."""

    age_years: float | None = None
    sex: Literal["m", "f"] | None = None
    pregnant: bool | None = None
    conditions: tuple[str, ...] = ()
    medications: tuple[str, ...] = ()
    allergies: tuple[str, ...] = ()


class Reading(Contract):
    """A message as read by `clinical.findings`. `insufficient` names why nothing could be made of it, if so.

    `assumptions` are what was taken for granted or left out, as sentences; `ask` are the questions that this leaves open.
    """

    findings: tuple[Finding, ...] = ()
    vitals: tuple[Vital, ...] = ()
    patient: Patient = Patient()
    language: str = "en"
    insufficient: Literal["unintelligible", "not-medical", "not-english"] | None = None
    assumptions: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()


class RedFlag(Contract):
    """A rule that fired, with the words that made it fire."""

    rule: str
    version: int
    level: TriageLevel
    within: str
    suspect: str
    say: str
    words: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()


class Triage(Contract):
    """The result of triage. `ask` lists questions whose answer could change the level.

    `reads_mild` says that the message as a whole reads like nothing that a doctor must see today.
    """

    level: TriageLevel
    within: str
    advice: str
    red_flags: tuple[RedFlag, ...] = ()
    reasons: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    reads_mild: bool = False
    rules_version: str


class CaseView(Contract):
    """What one specialist may see of one consult. Written encrypted, expires; every view of a consult has the same snapshot."""

    view_id: str
    snapshot_id: str
    consult_id: str
    specialist: str
    question: str
    reading: Reading
    patient: Patient
    triage: Triage
    audience: Literal["patient", "clinician"] = "patient"
    expires_at: datetime


class RouteChoice(Contract):
    """Why a specialist is called: a score from 0 to 1 and the reasons in plain words."""

    specialist: str
    score: float = Field(ge=0, le=1)
    reasons: tuple[str, ...] = ()
