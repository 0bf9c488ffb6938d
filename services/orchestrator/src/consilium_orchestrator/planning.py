"""Who is asked, until when, and what each of them may see. No I/O."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from consilium_common.contracts.base import new_id
from consilium_common.contracts.case import CaseView, Patient, Reading, RouteChoice, Triage
from consilium_common.contracts.commands import Audience
from consilium_common.contracts.manifest import DataScope, Profile

MERGE_MARGIN_S = 0.3  # what the aggregator keeps of the deadline for merging and publishing
VIEW_LIFETIME_S = 3600  # a view outlives every redelivery of its task, and little more


@dataclass(frozen=True)
class Asked:
    """Which of the chosen specialists are asked, and why the others cannot be."""

    asked: tuple[str, ...]
    unavailable: dict[str, str]


@dataclass(frozen=True)
class Case:
    """All that is known of a case before anybody is asked."""

    reading: Reading
    triage: Triage
    choices: tuple[RouteChoice, ...]
    asked: Asked
    profiles: Mapping[str, Profile]


def who_is_asked(choices: Sequence[RouteChoice], known: Mapping[str, Profile], instances: Callable[[str], int]) -> Asked:
    """Split the chosen specialists into those that get a task and those that are not known or not running."""
    asked = [choice.specialist for choice in choices if choice.specialist in known and instances(choice.specialist) > 0]
    absent = [choice.specialist for choice in choices if choice.specialist not in asked]
    reasons = {name: "is not running" if name in known else "is not known here" for name in absent}
    return Asked(tuple(asked), reasons)


def answer_by(now: datetime, consult_deadline: datetime, profiles: Sequence[Profile]) -> datetime:
    """Return until when opinions are waited for: what the slowest of those asked may take, within the consult's deadline."""
    latest = consult_deadline - timedelta(seconds=MERGE_MARGIN_S)
    longest = max((profile.manifest.limits.deadline_s for profile in profiles), default=0.0)
    return min(latest, now + timedelta(seconds=longest))


def patient_in_scope(patient: Patient, data: Sequence[DataScope]) -> Patient:
    """Return of a patient what a manifest's data scope allows."""
    return Patient(
        age_years=patient.age_years if "demographics" in data else None,
        sex=patient.sex if "demographics" in data else None,
        pregnant=patient.pregnant if "demographics" in data else None,
        conditions=patient.conditions if "conditions" in data else (),
        medications=patient.medications if "medications" in data else (),
        allergies=patient.allergies if "allergies" in data else (),
    )


def case_view(
    profile: Profile,
    *,
    consult_id: str,
    snapshot_id: str,
    question: str,
    reading: Reading,
    triage: Triage,
    audience: Audience,
    now: datetime,
) -> CaseView:
    """Return one specialist's view of a case: the question and what was read from it, the rest as its scope allows."""
    data = profile.manifest.data
    patient = patient_in_scope(reading.patient, data)
    vitals = reading.vitals if "vitals" in data else ()
    return CaseView(
        view_id=new_id("v"),
        snapshot_id=snapshot_id,
        consult_id=consult_id,
        specialist=profile.manifest.name,
        question=question,
        reading=reading.model_copy(update={"patient": patient, "vitals": vitals}),
        patient=patient,
        triage=triage,
        audience=audience,
        expires_at=now + timedelta(seconds=VIEW_LIFETIME_S),
    )
