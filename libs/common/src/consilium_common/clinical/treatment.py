"""The treatment check: what speaks against a step for this patient. What is blocked stays visible with its reasons."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from consilium_common.clinical.case_facts import CaseFacts
from consilium_common.contracts.knowledge import FindingConcept, Medicine, Step

# A minor interaction is known and lived with; it blocks nothing.
INTERACTIONS = {"critical": "dangerous together with", "significant": "interacts with"}
IN_PREGNANCY = {
    "avoid": "pregnancy: to be avoided",
    "caution": "pregnancy: only after asking a clinician",
    "unknown": "pregnancy: not known to be safe",
}
# Two medicines of one of these groups at once are a mistake unless a clinician has decided so. Wider groups, such as
# antihypertensives, are combined on purpose.
NEVER_TWICE = frozenset(
    {
        "ace-inhibitor",
        "anticoagulant",
        "arb",
        "benzodiazepine",
        "beta-blocker",
        "nsaid",
        "opioid",
        "paracetamol",
        "ppi",
        "ssri",
        "statin",
        "triptan",
    }
)


@dataclass(frozen=True)
class _Check:
    facts: CaseFacts
    medicines: Mapping[str, Medicine]
    concepts: Mapping[str, FindingConcept]

    def name(self, id: str) -> str:
        """Return the plain name of a finding."""
        return self.concepts[id].name.lower() if id in self.concepts else id.replace("-", " ")


def check(
    step: Step,
    facts: CaseFacts,
    medicines: Mapping[str, Medicine],
    concepts: Mapping[str, FindingConcept],
    cautions: Iterable[str] = (),
    listed: Iterable[str] = (),
) -> tuple[str, ...]:
    """Return why a step must not be followed without a clinician; empty when nothing known speaks against it.

    `cautions` are reasons, as `fact: why`, that the knowledge graph gave for this step's drug. A fact that is not known
    blocks nothing; a drug that is not known does. `listed` are reasons that imported lists alone give; they come last, and not
    before what must be done now: those lists hold mistakes, and what is dangerous in an emergency stands in the medicines here.
    """
    checked = _Check(facts, medicines, concepts)
    reasons: list[str] = []
    later: Iterable[str] = ()
    if step.drug is not None:
        medicine = medicines.get(step.drug)
        reasons += _medicine(medicine, checked) if medicine else [f"nothing is known here about the safety of {step.drug}"]
        reasons += (caution for caution in cautions if not _is_said(caution, reasons))
        later = listed if step.urgency != "now" else ()
    for fact in step.unless:
        if fact in facts.present and not any(reason.startswith(_beginning(fact, checked)) for reason in reasons):
            reasons.append(f"not with {checked.name(fact)}")
    return tuple(dict.fromkeys((*reasons, *later)))


def _beginning(fact: str, case: _Check) -> str:
    """Return how a reason begins that has already named a fact."""
    return "allergy to" if fact.endswith("-allergy") else case.name(fact)


def _medicine(medicine: Medicine, case: _Check) -> Iterator[str]:
    yield from _allergies(medicine, case)
    for contra in medicine.contraindicated:
        if contra.when in case.facts.present and not contra.when.endswith("-allergy"):
            yield f"{case.name(contra.when)}: {contra.why}"
    if _maybe_pregnant(case.facts) and medicine.pregnancy in IN_PREGNANCY:
        yield IN_PREGNANCY[medicine.pregnancy]
    age = case.facts.age_years
    if medicine.min_age_years is not None and age is not None and age < medicine.min_age_years:
        yield f"not under {medicine.min_age_years:g} years"
    for taken in case.facts.medications:
        yield from _together(medicine, taken, case)


def _maybe_pregnant(facts: CaseFacts) -> bool:
    return bool(facts.pregnant) or not facts.present.isdisjoint({"pregnancy", "possible-pregnancy"})


def _allergies(medicine: Medicine, case: _Check) -> Iterator[str]:
    """Yield the allergies to a medicine itself, to its class, and to another medicine of a class in which allergies cross or of
    which this medicine is warned.

    Allergies cross in a class when the vocabulary has an allergy to that class: penicillins, but not painkillers in general.
    """
    names = {medicine.id, *medicine.classes}
    listed = {contra.when for contra in medicine.contraindicated}
    for allergy in sorted(fact for fact in case.facts.stated if fact.endswith("-allergy")):
        cause = allergy.removesuffix("-allergy")
        other = case.medicines.get(cause)
        crossing = {name for name in (other.classes if other else ()) if f"{name}-allergy" in case.concepts}
        above = {name.removesuffix("-allergy") for name in case.facts.present if _is_above(name, allergy, case)}
        related = crossing | above
        if cause in names or allergy in listed:
            yield f"allergy to {cause.replace('-', ' ')}"
        elif not names.isdisjoint(related) or any(f"{name}-allergy" in listed for name in related):
            yield f"allergy to {cause.replace('-', ' ')}, which is closely related"


def _is_above(general: str, allergy: str, case: _Check) -> bool:
    concept = case.concepts.get(allergy)
    return concept is not None and general in concept.is_a


def _together(medicine: Medicine, taken: str, case: _Check) -> Iterator[str]:
    """Yield what speaks against a medicine beside another: the same one, the same group, or an interaction either names."""
    if taken == medicine.id:
        yield f"{medicine.name} is already taken"
        return
    other = case.medicines.get(taken)
    ours = {medicine.id, *medicine.classes}
    theirs = {other.id, *other.classes} if other else {taken}
    if other is not None and (twice := sorted(ours & theirs & NEVER_TWICE)):
        yield f"{other.name} is already taken, which is of the same kind ({twice[0].replace('-', ' ')})"
    for one, names in ((medicine, theirs), (other, ours)):
        for interaction in one.interacts if one else ():
            if interaction.with_ in names and interaction.severity in INTERACTIONS:
                partner = other.name if other else taken.replace("-", " ")
                yield f"{INTERACTIONS[interaction.severity]} {partner}: {interaction.effect}"


def _is_said(caution: str, reasons: Iterable[str]) -> bool:
    """Return whether a reason gives the same why; the graph is built from the same medicines and names facts in its own way."""
    why = caution.partition(": ")[2] or caution
    return any(reason.endswith(why) for reason in reasons)
