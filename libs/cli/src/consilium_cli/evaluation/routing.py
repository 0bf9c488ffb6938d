"""Which specialist: whether the one for the field is among those called, and how many are called."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from consilium_cli.evaluation.cases import Case
from consilium_cli.evaluation.consilium import Consilium
from consilium_cli.evaluation.result import Miss, SetResult, worst_first
from consilium_cli.evaluation.scoring import known, mean, share
from consilium_cli.evaluation.trace import first_look

# Whose field each set's own categories are. One specialist each, so that calling everybody is the only way to cheat, and the
# number of those called shows that.
FIELDS = {
    # Avey's body systems
    "Cardiovascular": "cardiology",
    "Neurology": "neurology",
    "Orthopedics and Rheumatology": "orthopedics",
    "Dermatology": "gp",
    "Endocrine": "gp",
    "Gastrointestinal": "gp",
    "Hematology": "gp",
    "Infectious": "gp",
    "Nephrology": "gp",
    "Obstetrics and Gynecology": "gp",
    "Ophthalmology": "gp",
    "Otorhinolaryngology": "gp",
    "Respiratory": "gp",
    "Urology": "gp",
    # CRAFT-MD's categories
    "Cardiovascular System": "cardiology",
    "Rheumatology": "orthopedics",
    "Endocrinology": "gp",
    "Gastrointestinal System": "gp",
    "Hematology and Oncology": "gp",
    "Infectious Diseases": "gp",
    "Other": "gp",
    "Pediatrics and Neonatology": "gp",
    "Renal and Genitourinary System": "gp",
}


@dataclass(frozen=True)
class Judged:
    """One case with the right specialist and those called."""

    case: Case
    right: str
    called: tuple[str, ...]
    why: tuple[str, ...]

    @property
    def found(self) -> bool:
        """Return whether the right one is among them."""
        return self.right in self.called


def evaluate(cases: Iterable[Case], consilium: Consilium) -> list[SetResult]:
    """Return the figures of every set whose cases belong to a field; a field that the table lacks is left out."""
    sets: dict[str, list[Judged]] = {}
    for case in cases:
        if case.field in FIELDS:
            reading, _, triage = consilium.triage(case.text)
            choices = consilium.called(case.text, reading, triage)
            reasons = [f"{choice.specialist} {choice.score}: {'; '.join(choice.reasons)}" for choice in choices]
            why = (f"field: {case.field}", *first_look(reading, triage), *reasons)
            called = tuple(choice.specialist for choice in choices)
            sets.setdefault(case.set, []).append(Judged(case, FIELDS[case.field], called, why))
    return [_result(name, judged, parts=True) for name, judged in sets.items()]


def _result(name: str, judged: Sequence[Judged], *, parts: bool = False) -> SetResult:
    fields = sorted({each.case.field for each in judged}) if parts else []
    return SetResult(
        name=name,
        n=len(judged),
        figures=known(
            recall=share(each.found for each in judged),
            first=share(each.called[:1] == (each.right,) for each in judged),
            called=mean([float(len(each.called)) for each in judged]),
        ),
        parts={field: _result(field, [each for each in judged if each.case.field == field]) for field in fields},
        confusion=_confusion(judged) if parts else {},
        misses=worst_first([_miss(each) for each in judged if not each.found]) if parts else (),
        outcomes={"recall": {each.case.id: each.found for each in judged}} if parts else {},
    )


def _confusion(judged: Sequence[Judged]) -> dict[tuple[str, str], int]:
    """Count whom cases of each specialist reached, everybody called counted."""
    counts: dict[tuple[str, str], int] = {}
    for each in judged:
        for name in each.called or ("nobody",):
            counts[each.right, name] = counts.get((each.right, name), 0) + 1
    return counts


def _miss(judged: Judged) -> Miss:
    return Miss(judged.case.id, judged.right, ", ".join(judged.called) or "nobody", judged.why)
