"""The facts of a case: what is present, what was denied, and who the person is, with every general finding implied."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from consilium_common.contracts.case import Finding, Patient, Reading
from consilium_common.contracts.knowledge import FindingKind, Medicine

Onset = Literal["sudden", "gradual"]
Ancestors = Mapping[str, frozenset[str]]

# A known age says what a rule may ask by the word; the bounds are those of the vocabulary (years, exclusive).
_AGE_GROUPS = (("young-infant", 0.0, 0.25), ("infant", 0.0, 1.0), ("young-child", 1.0, 5.0))
COMPLAINT_KINDS = frozenset({FindingKind.SYMPTOM, FindingKind.SIGN, FindingKind.MEASUREMENT})


@dataclass(frozen=True)
class CaseFacts:
    """What judging needs of a case.

    `stated` are the findings as they were given; `present` adds every general finding that a stated one implies. `absent`
    was explicitly denied. `from_record` are those of `stated` that only the record names. Durations are in hours.
    """

    stated: frozenset[str] = frozenset()
    present: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    complaints: frozenset[str] = frozenset()
    from_record: frozenset[str] = frozenset()
    age_years: float | None = None
    sex: Literal["m", "f"] | None = None
    pregnant: bool | None = None
    medications: tuple[str, ...] = ()
    allergies: tuple[str, ...] = ()
    onset: Mapping[str, Onset] = field(default_factory=dict)
    duration_h: Mapping[str, float] = field(default_factory=dict)


def imply(findings: Iterable[str], ancestors: Ancestors) -> frozenset[str]:
    """Return the findings with every more general one: who has crushing chest pain has chest pain."""
    stated = frozenset(findings)
    return stated.union(*(ancestors.get(finding, frozenset()) for finding in stated))


def gather_facts(
    reading: Reading, patient: Patient, ancestors: Ancestors, medicines: Mapping[str, Medicine] | None = None
) -> CaseFacts:
    """Return the facts of a reading and of what is known of the patient.

    What the message says wins over the record, except that a recorded allergy stands although it is denied. A medicine of
    class `nsaid` implies the finding `nsaid-use`.
    """
    counted = [finding for finding in reading.findings if finding.counts]
    said = {finding.id for finding in counted if finding.present}
    denied = {finding.id for finding in counted if not finding.present} - said
    person = _person(reading.patient, patient)
    told = _described(reading.patient, ancestors, medicines or {})
    known_of = _described(person, ancestors, medicines or {})
    record = {f for f in known_of - told - said if f not in denied or f.endswith("-allergy")}
    denied -= record
    stated = frozenset(said | told | record)
    present = imply(stated, ancestors)
    complaints = {finding.id for finding in counted if finding.present and finding.kind in COMPLAINT_KINDS}
    known = [finding for finding in counted if finding.present]
    return CaseFacts(
        stated=stated,
        present=present,
        absent=_absent(denied, person, present),
        complaints=frozenset(complaints),
        from_record=frozenset(record),
        age_years=person.age_years,
        sex=person.sex,
        pregnant=person.pregnant,
        medications=person.medications,
        allergies=person.allergies,
        onset=_spread({f.id: f.onset for f in known if f.onset}, ancestors),
        duration_h=_durations(known, ancestors),
    )


def _person(said: Patient, record: Patient) -> Patient:
    """Return one patient of two descriptions; single values from what was said now, lists from both."""

    def both(ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*ours, *theirs)))

    return Patient(
        age_years=said.age_years if said.age_years is not None else record.age_years,
        sex=said.sex or record.sex,
        pregnant=said.pregnant if said.pregnant is not None else record.pregnant,
        conditions=both(said.conditions, record.conditions),
        medications=both(said.medications, record.medications),
        allergies=both(said.allergies, record.allergies),
    )


def _described(person: Patient, ancestors: Ancestors, medicines: Mapping[str, Medicine]) -> set[str]:
    """Return the findings that describe the person: history, allergies, pregnancy, age group, use of a class of medicines."""
    found = set(person.conditions)
    found |= {allergy if allergy.endswith("-allergy") else f"{allergy}-allergy" for allergy in person.allergies}
    for medication in person.medications:
        classes = medicines[medication].classes if medication in medicines else ()
        found |= {use for name in classes if (use := f"{name}-use") in ancestors}
    if person.pregnant:
        found.add("pregnancy")
    if (age := person.age_years) is not None:
        found |= {group for group, least, below in _AGE_GROUPS if least <= age < below and group in ancestors}
    return found


def _absent(denied: set[str], person: Patient, present: frozenset[str]) -> frozenset[str]:
    if person.pregnant is False:
        denied = denied | {"pregnancy"}
    return frozenset(denied) - present


def _spread(values: Mapping[str, Onset], ancestors: Ancestors) -> dict[str, Onset]:
    """Return the onsets with the general findings; a sudden one among several is the one that matters."""
    spread: dict[str, Onset] = {}
    for finding, onset in sorted(values.items()):
        for name in (finding, *ancestors.get(finding, ())):
            if spread.get(name) != "sudden":
                spread[name] = onset
    return spread


def _durations(known: Iterable[Finding], ancestors: Ancestors) -> dict[str, float]:
    """Return hours by finding, the shortest where several say it: the newest change brought the person here."""
    hours: dict[str, float] = {}
    for finding in known:
        if finding.duration_h is None:
            continue
        for name in (finding.id, *ancestors.get(finding.id, ())):
            hours[name] = min(finding.duration_h, hours.get(name, finding.duration_h))
    return hours
