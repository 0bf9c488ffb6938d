"""The treatment check: what speaks against a step for this patient. What is blocked stays visible with its reasons."""

from collections.abc import Iterable, Iterator, Mapping

from consilium_common.clinical.case_facts import CaseFacts
from consilium_common.contracts.knowledge import FindingConcept, Medicine, Step

SEVERITY_WORDS = {"critical": "dangerous together with", "significant": "interacts with", "minor": "interacts slightly with"}


def check(
    step: Step,
    facts: CaseFacts,
    medicines: Mapping[str, Medicine],
    concepts: Mapping[str, FindingConcept],
    cautions: Iterable[str] = (),
) -> tuple[str, ...]:
    """Return why a step must not be followed without a clinician; empty when nothing known speaks against it.

    `cautions` are reasons that the knowledge graph gave for this step's drug. Unknown facts block nothing: the step's text
    and the answer's disclaimers say what was not known.
    """
    reasons = [f"not with {_name(fact, concepts)}" for fact in step.unless if fact in facts.present]
    if step.drug is not None and (medicine := medicines.get(step.drug)) is not None:
        reasons += _medicine_reasons(medicine, facts, medicines, concepts)
        reasons += cautions
    return tuple(dict.fromkeys(reasons))


def _medicine_reasons(
    medicine: Medicine, facts: CaseFacts, medicines: Mapping[str, Medicine], concepts: Mapping[str, FindingConcept]
) -> Iterator[str]:
    for name in (medicine.id, *medicine.classes):
        if f"{name}-allergy" in facts.present:
            yield f"allergy to {name.replace('-', ' ')}"
    for contra in medicine.contraindicated:
        if contra.when in facts.present:
            yield f"{_name(contra.when, concepts)}: {contra.why}"
    if facts.pregnant and medicine.pregnancy in {"avoid", "caution"}:
        yield "pregnancy: to be avoided" if medicine.pregnancy == "avoid" else "pregnancy: only after asking a clinician"
    if medicine.min_age_years is not None and facts.age_years is not None and facts.age_years < medicine.min_age_years:
        yield f"not under {medicine.min_age_years:g} years"
    for taken in facts.medications:
        yield from _together(medicine, taken, medicines)


def _together(medicine: Medicine, taken: str, medicines: Mapping[str, Medicine]) -> Iterator[str]:
    """Yield what speaks against taking a medicine beside another: the same one, or an interaction that either of them names."""
    if taken == medicine.id:
        yield f"{medicine.name} is already taken"
        return
    other = medicines.get(taken)
    if other is None:
        return
    pairs = ((medicine, {other.id, *other.classes}), (other, {medicine.id, *medicine.classes}))
    for one, names in pairs:
        for interaction in one.interacts:
            if interaction.with_ in names:
                yield f"{SEVERITY_WORDS[interaction.severity]} {other.name}: {interaction.effect}"


def _name(finding: str, concepts: Mapping[str, FindingConcept]) -> str:
    return concepts[finding].name if finding in concepts else finding.replace("-", " ")
