"""The evidence reasoner: ranked conditions, passages and checked treatments, written out. Every sentence names its evidence.

A patient reads possibilities and advice, never a diagnosis; a clinician reads the differential with numbers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from consilium_common.clinical.case_facts import CaseFacts
from consilium_common.clinical.citing import Citations, sentences
from consilium_common.clinical.matching import Candidate
from consilium_common.clinical.pack import CompiledPack
from consilium_common.clinical.questions import best_questions
from consilium_common.clinical.treatment import check
from consilium_common.contracts.case import CaseView
from consilium_common.contracts.knowledge import Step, TriageLevel
from consilium_common.contracts.opinion import Confidence, Opinion, Possibility, Recommendation, Statement

SHOWN = 5
# Below this share a possibility is noise for a reader; one that needs somebody at once is still named down to the second.
LEAST_PROBABILITY = 0.05
LEAST_DANGEROUS = 0.02
DANGEROUS_EXTRA = 2
ADVISED = 3
RECOMMENDATIONS = 10
QUESTIONS = 3
URGENCIES = ("now", "today", "soon", "routine")
TOO_LITTLE = "What was described does not point to any condition that this specialist knows; more detail is needed."


@dataclass(frozen=True)
class Found:
    """What the stores added: scores of passages by locator, reasons against drugs by drug id, names of what else presents so.

    `degraded` names the stores that could not be asked.
    """

    scores: Mapping[str, float] = field(default_factory=dict)
    cautions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    elsewhere: tuple[str, ...] = ()
    degraded: tuple[str, ...] = ()


def form_opinion(
    view: CaseView, pack: CompiledPack, facts: CaseFacts, candidates: Sequence[Candidate], found: Found = Found()
) -> Opinion:
    """Return the opinion on a case from its ranked candidates. The same input gives the same opinion."""
    shown = shown_candidates(candidates)
    citations = Citations(pack.specialist, pack.sources, found.scores)
    if not shown:
        return _too_little(view, pack, found)
    # What it is about is cited first, so that the reader's first numbers belong to the possibilities.
    differential = tuple(_possibility(candidate, pack, citations) for candidate in shown)
    summary = tuple(_summary(view, pack, shown, citations))
    recommendations = tuple(_recommendations(view, pack, facts, shown, citations, found))
    return Opinion(
        summary=summary,
        differential=differential,
        recommendations=recommendations,
        red_flags=tuple(flag for flag in view.triage.red_flags if not flag.specialties or pack.specialist in flag.specialties),
        ask_next=best_questions(shown, pack.concepts, QUESTIONS),
        confidence=_confidence(shown, found),
        evidence=citations.evidence(),
        degraded=found.degraded,
        knowledge_version=pack.version,
    )


def shown_candidates(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Return the candidates worth showing: the leading ones, and less likely ones that must not be missed."""
    leading = [each for each in candidates if each.probability >= LEAST_PROBABILITY][:SHOWN]
    dangerous = [
        each
        for each in candidates
        if each not in leading and each.condition.triage == TriageLevel.EMERGENCY and each.probability >= LEAST_DANGEROUS
    ]
    return (*leading, *dangerous[:DANGEROUS_EXTRA])


def _too_little(view: CaseView, pack: CompiledPack, found: Found) -> Opinion:
    return Opinion(
        summary=(),
        red_flags=tuple(flag for flag in view.triage.red_flags if pack.specialist in flag.specialties),
        ask_next=view.triage.ask[:QUESTIONS],
        confidence=Confidence(value=0.0, basis="nothing that was described matches what is known here"),
        insufficient_information=TOO_LITTLE,
        degraded=found.degraded,
        knowledge_version=pack.version,
    )


def _possibility(candidate: Candidate, pack: CompiledPack, citations: Citations) -> Possibility:
    condition = candidate.condition
    return Possibility(
        condition=condition.id,
        name=condition.name,
        lay=condition.lay[0] if condition.lay else "",
        icd10=condition.icd10,
        probability=round(candidate.probability, 4),
        supporting=tuple(pack.name_of(finding) for finding in candidate.supporting),
        against=tuple(pack.name_of(finding) for finding in candidate.against),
        triage=condition.triage,
        evidence_ids=(citations.passage(condition, "presentation"),),
    )


def _summary(view: CaseView, pack: CompiledPack, shown: Sequence[Candidate], citations: Citations) -> Iterator[Statement]:
    clinician = view.audience == "clinician"
    for candidate in shown[:ADVISED]:
        cited = citations.passage(candidate.condition, "presentation")
        yield Statement(text=_clinician(candidate, pack) if clinician else _patient(candidate, pack), evidence_ids=(cited,))
    leading = shown[0].condition
    yield Statement(text=sentences(leading.about)[0], evidence_ids=(citations.passage(leading, "about"),))
    for candidate in shown[1:]:
        if candidate.condition.triage == TriageLevel.EMERGENCY and candidate.condition is not leading:
            cited = citations.passage(candidate.condition, "seek-help")
            text = f"{candidate.condition.name} is less likely, but it must not be missed."
            yield Statement(text=text, evidence_ids=(cited,))
    yield Statement(text=" ".join(sentences(leading.seek_help)[:2]), evidence_ids=(citations.passage(leading, "seek-help"),))


def _patient(candidate: Candidate, pack: CompiledPack) -> str:
    """Say a possibility in plain words, with what speaks for it; never a diagnosis."""
    condition = candidate.condition
    known = not condition.lay or "(" in condition.name or condition.lay[0].lower() in condition.name.lower()
    named = condition.name if known else f"{condition.name} ({condition.lay[0]})"
    reasons = _listed([pack.name_of(finding).lower() for finding in candidate.supporting[:3]])
    return (
        f"What you describe ({reasons}) can fit with {_lower_first(named)}."
        if reasons
        else f"It can fit with {_lower_first(named)}."
    )


def _clinician(candidate: Candidate, pack: CompiledPack) -> str:
    condition = candidate.condition
    supporting = _listed([pack.name_of(finding) for finding in candidate.supporting[:5]]) or "no specific finding"
    against = _listed([pack.name_of(finding) for finding in candidate.against[:3]])
    contrary = f"; against it: {against}" if against else ""
    return f"{condition.name} ({condition.icd10}), {candidate.probability:.0%}: supported by {supporting}{contrary}."


def _recommendations(
    view: CaseView, pack: CompiledPack, facts: CaseFacts, shown: Sequence[Candidate], citations: Citations, found: Found
) -> Iterator[Recommendation]:
    """Yield what to do for the leading possibilities and those that must not be missed, the most urgent first."""
    wanted = [*shown[:ADVISED], *(each for each in shown[ADVISED:] if each.condition.triage == TriageLevel.EMERGENCY)]
    steps = [
        (candidate, kind, number, step)
        for candidate in wanted
        for kind, listed in (("workup", candidate.condition.workup), ("management", candidate.condition.management))
        for number, step in enumerate(listed, start=1)
        if _is_for(view, candidate, step)
    ]
    said: set[str] = set()
    for candidate, kind, number, step in sorted(steps, key=lambda each: URGENCIES.index(each[3].urgency)):
        if step.do.lower() in said or len(said) == RECOMMENDATIONS:
            continue
        said.add(step.do.lower())
        yield Recommendation(
            text=step.do,
            kind=step.kind,
            urgency=step.urgency,
            condition=candidate.condition.id,
            drug=step.drug,
            for_patient=step.for_patient,
            evidence_ids=(citations.step(candidate.condition, kind, number, step),),
            blocked_by=check(step, facts, pack.medicines, pack.concepts, found.cautions.get(step.drug or "", ())),
        )


def _is_for(view: CaseView, candidate: Candidate, step: Step) -> bool:
    """Return whether a step fits reader and urgency: in an emergency only what is done today, for what is an emergency."""
    if view.audience == "patient" and not step.for_patient:
        return False
    if view.triage.level != TriageLevel.EMERGENCY:
        return True
    return candidate.condition.triage == TriageLevel.EMERGENCY and step.urgency in {"now", "today"}


def _confidence(shown: Sequence[Candidate], found: Found) -> Confidence:
    """Rest on how much of the whole the three leading possibilities explain; each store that was missing takes a fifth."""
    share = sum(candidate.probability for candidate in shown[:ADVISED])
    value = share * 0.8 ** len(found.degraded)
    count = len({finding for candidate in shown for finding in candidate.supporting})
    basis = f"{count} finding{'s' if count != 1 else ''} that match, leading possibilities explain {share:.0%}"
    missing = f"; could not ask: {_listed(list(found.degraded))}" if found.degraded else ""
    return Confidence(value=round(min(value, 0.95), 3), basis=basis + missing)


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words[:-1]) + (" and " if len(words) > 1 else "") + words[-1] if words else ""


def _lower_first(text: str) -> str:
    """Return a name for the middle of a sentence; abbreviations and proper names keep their capitals."""
    first = text.split(" ", 1)[0]
    return text if len(first) < 2 or not first[1:].islower() or "'" in first or "’" in first else text[0].lower() + text[1:]
