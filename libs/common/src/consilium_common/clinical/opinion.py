"""The evidence reasoner: ranked conditions, passages and checked treatments, written out. Every sentence names its evidence.

A patient reads possibilities and advice, never a diagnosis; a clinician reads the differential with numbers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from consilium_common.clinical.advice import URGENCIES, same_step
from consilium_common.clinical.case_facts import CaseFacts
from consilium_common.clinical.citing import Citations, most_telling, sentences
from consilium_common.clinical.glossary import in_plain_words, is_untranslated
from consilium_common.clinical.matching import Candidate
from consilium_common.clinical.pack import CompiledPack
from consilium_common.clinical.questions import best_questions
from consilium_common.clinical.scores import questions, score_case
from consilium_common.clinical.second_reading import undenied
from consilium_common.clinical.treatment import check
from consilium_common.clinical.wording import is_plain, listed, lower_first, possibility_for_clinician, possibility_for_patient
from consilium_common.contracts.case import CaseView, RedFlag
from consilium_common.contracts.knowledge import Passage, Step, TriageLevel
from consilium_common.contracts.opinion import Confidence, Opinion, Possibility, Recommendation, Statement

SHOWN = 5
# Below this share a possibility is noise for a reader; one that needs somebody at once is still named down to the second.
LEAST_PROBABILITY = 0.05
LEAST_DANGEROUS = 0.02
# Odds against "something else" are compared between specialists, so a small share of it must keep its size.
SHARE_DIGITS = 6
DANGEROUS_EXTRA = 2
ADVISED = 3
# Steps are given for what is at least this likely beside the leading possibility, and outside an emergency for a dangerous
# condition only from this probability on: below, it is said what would be alarming, not "call now" to everybody.
ADVISED_SHARE = 0.4
DANGEROUS_ADVISED = 0.2
RECOMMENDATIONS = 10
QUESTIONS = 3
SCORE_QUESTIONS = 1
# Fewer findings than this leave a doubt that no share of probability shows.
ENOUGH_FINDINGS = 3
MOST_CONFIDENCE = 0.95
# Of imported texts only what a condition is and how it shows is cited: advice and treatment may have changed since they were
# written. Nobody reads on in a sentence that is longer.
READ_ON = frozenset({"about", "presentation"})
LONGEST_QUOTE = 300
TOO_LITTLE = "What was described does not point to any condition that this specialist knows; more detail is needed."


@dataclass(frozen=True)
class Found:
    """What the stores added: scores of passages by locator, reasons against drugs by drug id, names of what else presents so.

    `listed` are reasons against drugs that only imports give, `literature` imported passages, the best first. `degraded` names
    the stores that could not be asked.
    """

    scores: Mapping[str, float] = field(default_factory=dict)
    cautions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    listed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    literature: tuple[Passage, ...] = ()
    elsewhere: tuple[str, ...] = ()
    degraded: tuple[str, ...] = ()


NOTHING_FOUND = Found()


@dataclass(frozen=True)
class _Writer:
    """What all parts of one opinion are written from."""

    view: CaseView
    pack: CompiledPack
    facts: CaseFacts
    found: Found
    citations: Citations

    def names(self, findings: Sequence[str]) -> list[str]:
        """Return the names of findings, without those that a more specific one among them implies."""
        implied = {general for finding in findings for general in self.pack.ancestors.get(finding, ())}
        return [self.pack.name_of(finding) for finding in findings if finding not in implied]

    def words(self, candidate: Candidate) -> tuple[str, ...]:
        """Return the words of the question that speak most for a condition."""
        return self.pack.words.telling(self._said, candidate.condition.id)

    @cached_property
    def _said(self) -> str:
        return undenied(self.view.question, self.view.reading)

    def presentation(self, candidate: Candidate) -> str:
        """Cite the sentence that tells how a condition shows, the one nearest to what was described."""
        quote = most_telling(candidate.condition.presentation, [self.pack.name_of(f) for f in candidate.supporting])
        return self.citations.passage(candidate.condition, "presentation", quote)


def form_opinion(
    view: CaseView, pack: CompiledPack, facts: CaseFacts, candidates: Sequence[Candidate], found: Found = NOTHING_FOUND
) -> Opinion:
    """Return the opinion on a case from its ranked candidates. The same input gives the same opinion."""
    shown = shown_candidates(candidates)
    if not shown:
        return _too_little(view, pack, facts, found)
    writer = _Writer(view, pack, facts, found, Citations(pack.specialist, pack.sources, found.scores))
    # In reading order, so that the reader's first numbers belong to the possibilities.
    summary = tuple(
        statement for statement in _summary(writer, shown) if view.audience == "clinician" or is_plain(statement.text)
    )
    differential = tuple(_possibility(writer, candidate) for candidate in shown)
    recommendations = tuple(_recommendations(writer, shown))
    scores = score_case(view, pack, facts, [each.condition.id for each in shown], writer.citations)
    # What completes a score comes first, one question of it, so that the differential keeps the others.
    asked = [*islice(questions(scores), SCORE_QUESTIONS), *best_questions(shown, pack.concepts, QUESTIONS)]
    return Opinion(
        summary=summary,
        differential=differential,
        something_else=round(max(0.0, 1 - sum(each.probability for each in candidates)), SHARE_DIGITS),
        recommendations=recommendations,
        scores=scores,
        red_flags=_concerning(view, pack),
        ask_next=tuple(dict.fromkeys(asked))[:QUESTIONS],
        confidence=_confidence(view, shown, found),
        evidence=writer.citations.evidence(),
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


def _too_little(view: CaseView, pack: CompiledPack, facts: CaseFacts, found: Found) -> Opinion:
    """Return that nothing is known that fits; a score can still be worked out, such as a kidney function from a value."""
    citations = Citations(pack.specialist, pack.sources)
    scores = score_case(view, pack, facts, (), citations)
    return Opinion(
        summary=(),
        scores=scores,
        red_flags=_concerning(view, pack),
        ask_next=tuple(dict.fromkeys((*view.triage.ask, *islice(questions(scores), SCORE_QUESTIONS))))[:QUESTIONS],
        confidence=Confidence(value=0.0, basis="nothing that was described matches what is known here"),
        evidence=citations.evidence(),
        insufficient_information=TOO_LITTLE,
        degraded=found.degraded,
        knowledge_version=pack.version,
    )


def _concerning(view: CaseView, pack: CompiledPack) -> tuple[RedFlag, ...]:
    return tuple(flag for flag in view.triage.red_flags if not flag.specialties or pack.specialist in flag.specialties)


def _possibility(writer: _Writer, candidate: Candidate) -> Possibility:
    condition = candidate.condition
    recorded = [finding for finding in candidate.supporting if finding in writer.facts.from_record]
    records = [writer.citations.record(writer.view.snapshot_id, writer.pack.name_of(finding)) for finding in recorded]
    return Possibility(
        condition=condition.id,
        name=condition.name,
        lay=condition.lay[0] if condition.lay else "",
        icd10=condition.icd10,
        probability=round(candidate.probability, 4),
        supporting=tuple(writer.names(candidate.supporting)),
        against=tuple(writer.names(candidate.against)),
        words=writer.words(candidate),
        triage=condition.triage,
        evidence_ids=(writer.presentation(candidate), *records),
    )


def _summary(writer: _Writer, shown: Sequence[Candidate]) -> Iterator[Statement]:
    """Yield the leading possibility with what it is and when to seek help, then the others, then what must not be missed."""
    leading = shown[0]
    condition = leading.condition
    yield _fits(writer, leading)
    yield from _recorded(writer, leading)
    about = sentences(condition.about)[0]
    yield Statement(text=about, evidence_ids=(writer.citations.passage(condition, "about", about),))
    seek = " ".join(sentences(condition.seek_help)[:2])
    yield Statement(text=seek, evidence_ids=(writer.citations.passage(condition, "seek-help", seek),))
    for candidate in shown[1:ADVISED]:
        yield _fits(writer, candidate)
    for candidate in shown[ADVISED:]:
        if candidate.condition.triage == TriageLevel.EMERGENCY:
            alarm = sentences(candidate.condition.seek_help)[0]
            text = f"{candidate.condition.name} is less likely, but must not be missed: {lower_first(alarm)}"
            yield Statement(text=text, evidence_ids=(writer.citations.passage(candidate.condition, "seek-help", alarm),))
    yield from _written_elsewhere(writer, leading)


def _written_elsewhere(writer: _Writer, leading: Candidate) -> Iterator[Statement]:
    """Yield, after everything of the pack, what an imported text says of the leading possibility, with where it is from."""
    for passage in writer.found.literature:
        if passage.condition != leading.condition.id or passage.section not in READ_ON:
            continue
        quote = sentences(passage.text)[0]
        if len(quote) <= LONGEST_QUOTE and (writer.view.audience == "clinician" or is_plain(quote)):
            said = f"From {listed(list(passage.sources.values()))}, not reviewed for Consilium: {quote}"
            yield Statement(text=said, evidence_ids=(writer.citations.literature(passage, quote),))
            return


def _fits(writer: _Writer, candidate: Candidate) -> Statement:
    if writer.view.audience == "clinician":
        text = possibility_for_clinician(
            candidate.condition,
            candidate.probability,
            writer.names(candidate.supporting),
            writer.names(candidate.against),
            [writer.pack.name_of(finding) for finding in candidate.missing],
            writer.words(candidate),
        )
    else:
        described = [finding for finding in candidate.supporting if finding not in writer.facts.from_record]
        text = possibility_for_patient(candidate.condition, writer.names(described))
    return Statement(text=text, evidence_ids=(writer.presentation(candidate),))


def _recorded(writer: _Writer, candidate: Candidate) -> Iterator[Statement]:
    """Yield what the record adds to the leading possibility."""
    recorded = [writer.pack.name_of(finding) for finding in candidate.supporting if finding in writer.facts.from_record]
    if recorded:
        ids = tuple(writer.citations.record(writer.view.snapshot_id, name) for name in recorded)
        yield Statement(text=f"The record also names {listed([lower_first(name) for name in recorded])}.", evidence_ids=ids)


def _recommendations(writer: _Writer, shown: Sequence[Candidate]) -> Iterator[Recommendation]:
    """Yield what to do for the leading possibilities and the dangerous ones, each step once, the most urgent first."""
    likely = [each for each in shown[:ADVISED] if each.probability >= ADVISED_SHARE * shown[0].probability]
    dangerous = [each for each in shown if each not in likely and each.condition.triage == TriageLevel.EMERGENCY]
    steps = [
        (candidate, kind, number, step)
        for candidate in (*likely, *dangerous)
        for kind, steps in (("workup", candidate.condition.workup), ("management", candidate.condition.management))
        for number, step in enumerate(steps, start=1)
        if _is_for(writer.view, candidate, step)
    ]
    steps.sort(key=lambda each: URGENCIES.index(each[3].urgency))
    groups: list[list[tuple[Candidate, str, int, Step]]] = []
    for each in steps:
        step = each[3]
        group = next((g for g in groups if same_step(g[0][3].do, g[0][3].drug, step.do, step.drug)), None)
        if group is not None:
            group.append(each)
        elif len(groups) < RECOMMENDATIONS:
            groups.append([each])
    for group in groups:
        yield _recommendation(writer, group)


def _recommendation(writer: _Writer, group: Sequence[tuple[Candidate, str, int, Step]]) -> Recommendation:
    """Return the first of steps that are the same; what blocks any of them blocks it."""
    candidate, _, _, step = group[0]
    cautions = writer.found.cautions.get(step.drug or "", ())
    theirs = writer.found.listed.get(step.drug or "", ())
    blocks = (
        check(each, writer.facts, writer.pack.medicines, writer.pack.concepts, cautions, theirs) for _, _, _, each in group
    )
    return Recommendation(
        text=step.do if writer.view.audience == "clinician" else in_plain_words(step.do),
        kind=step.kind,
        urgency=step.urgency,
        condition=candidate.condition.id,
        drug=step.drug,
        for_patient=step.for_patient,
        evidence_ids=tuple(writer.citations.step(each.condition, kind, number, same) for each, kind, number, same in group),
        blocked_by=tuple(dict.fromkeys(reason for reasons in blocks for reason in reasons)),
    )


def _is_for(view: CaseView, candidate: Candidate, step: Step) -> bool:
    """Return whether a step fits reader and urgency: in an emergency only what is done today, for what is an emergency."""
    if view.audience == "patient" and not (step.for_patient and is_plain(step.do) and _is_understood(step)):
        return False
    is_emergency = candidate.condition.triage == TriageLevel.EMERGENCY
    if view.triage.level == TriageLevel.EMERGENCY:
        return is_emergency and step.urgency in {"now", "today"}
    return not is_emergency or candidate.probability >= DANGEROUS_ADVISED


def _is_understood(step: Step) -> bool:
    """Return whether a patient can do something with a step: names of tests without plain words are for who orders them."""
    return step.kind != "test" or not is_untranslated(step.do)


def _confidence(view: CaseView, shown: Sequence[Candidate], found: Found) -> Confidence:
    """Rest on how much of the whole the leading possibilities explain; few findings and each missing store lower it."""
    share = sum(candidate.probability for candidate in shown[:ADVISED])
    count = len({finding for candidate in shown for finding in candidate.supporting})
    value = share * min(1.0, (1 + count) / (1 + ENOUGH_FINDINGS)) * 0.8 ** len(found.degraded)
    basis = f"{count} finding{'' if count == 1 else 's'} that match, leading possibilities explain {_share(view, share)}"
    missing = f"; could not ask: {listed(found.degraded)}" if found.degraded else ""
    return Confidence(value=round(min(value, MOST_CONFIDENCE), 3), basis=basis + missing)


def _share(view: CaseView, share: float) -> str:
    """Return a share as a number for a clinician, in words for a patient."""
    if view.audience == "clinician":
        return f"{share:.0%}"
    return next(
        words
        for least, words in ((0.85, "nearly all of it"), (0.6, "most of it"), (0.35, "a part"), (0, "little"))
        if share >= least
    )
