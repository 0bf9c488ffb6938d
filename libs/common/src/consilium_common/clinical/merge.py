"""Opinions to one answer: who said what, what differs, what is missing. Triage only goes up; dissent stays visible.

A pure function of its input: the same opinions in any order give the same bytes, so that whoever merges, and however often, the
answer and its hash are the same.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from consilium_common.clinical.conflicts import find_conflicts, same_condition
from consilium_common.clinical.numbering import Numbering
from consilium_common.clinical.triage import raise_to
from consilium_common.contracts.answer import Answer, Coverage, Position
from consilium_common.contracts.case import Triage
from consilium_common.contracts.commands import OpinionGiven, Plan
from consilium_common.contracts.knowledge import TriageLevel
from consilium_common.contracts.opinion import Confidence, Evidence, Opinion, Possibility, Recommendation, Statement

SUMMARY_OF_LEAD, SUMMARY_OF_OTHERS = 5, 2
DIFFERENTIAL = 8
RECOMMENDATIONS = 12
QUESTIONS = 4
URGENCIES = ("now", "today", "soon", "routine")
# A specialist's leading possibility raises triage to its own level from the first share on; an emergency that is not leading
# makes it at least same-day from the second.
LEADING_RAISES, EMERGENCY_RAISES = 0.4, 0.25
WHOLE = 0.95  # the rest is always something else

NO_DIAGNOSIS = "This is information, not a diagnosis. It cannot replace an examination by a clinician."
INSUFFICIENT = {
    "unintelligible": "The message could not be understood. Describe in plain words what you feel, where, and since when.",
    "not-medical": "Nothing in the message describes a health problem. Describe what you feel, where, and since when.",
    "not-english": "Only English can be read so far. If this could be an emergency, call your local emergency number now; "
    "otherwise ask again in English.",
}
NOBODY = "No specialist could give an opinion, so there is only the first assessment of how urgent this is."
TOO_LITTLE = "What was described does not point to any condition that is known here; more detail is needed."

Outcome = Literal["completed", "incomplete", "failed"]


@dataclass(frozen=True)
class MergedAnswer:
    """The answer and how the consult ends with it."""

    answer: Answer
    outcome: Outcome


def merge(plan: Plan, given: Mapping[str, OpinionGiven], timed_out: Collection[str] = ()) -> MergedAnswer:
    """Put the opinions of one attempt together. `timed_out` are those who were asked and have not answered in time."""
    opinions = {name: g.opinion for name, g in sorted(given.items()) if name in plan.asked and g.opinion is not None}
    order = _by_weight(plan, opinions)
    numbering = Numbering(opinions)
    triage = _triage(plan.triage, opinions)
    conflicts = find_conflicts(opinions)
    coverage = tuple(_coverage(plan, given, timed_out))
    insufficient = _insufficient(plan, opinions)
    # In reading order, since citations are numbered as they are first used.
    summary = tuple(_summary(triage, opinions, order, numbering))
    differential = _differential(plan, opinions, order, numbering)
    recommendations = _recommendations(opinions, order, numbering)
    answer = Answer(
        triage=triage,
        summary=summary,
        differential=differential,
        recommendations=recommendations,
        conflicts=tuple(
            c.model_copy(update={"positions": tuple(_renumbered(p, numbering) for p in c.positions)}) for c in conflicts
        ),
        coverage=coverage,
        confidence=_confidence(opinions, coverage),
        ask_next=tuple(dict.fromkeys((*triage.ask, *(q for name in order for q in opinions[name].ask_next))))[:QUESTIONS],
        disclaimers=tuple(_disclaimers(opinions, coverage)),
        insufficient_information=insufficient,
        citations=numbering.citations(),
    )
    complete = bool(opinions) and insufficient is None and all(entry.status == "answered" for entry in coverage)
    return MergedAnswer(
        answer.model_copy(update={"content_sha256": content_hash(answer)}), "completed" if complete else "incomplete"
    )


def content_hash(answer: Answer) -> str:
    """Return the SHA-256 of everything in an answer but the hash, as JSON with sorted keys and no spaces."""
    content = answer.model_dump(mode="json", exclude={"content_sha256"})
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def _by_weight(plan: Plan, opinions: Mapping[str, Opinion]) -> list[str]:
    """Return who answered, the one whom routing trusted most first."""
    scores = {choice.specialist: choice.score for choice in plan.choices}
    return sorted(opinions, key=lambda name: (-scores.get(name, 0.0), name))


def _triage(triage: Triage, opinions: Mapping[str, Opinion]) -> Triage:
    for name, opinion in sorted(opinions.items()):
        for place, each in enumerate(opinion.differential):
            if place == 0 and each.probability >= LEADING_RAISES:
                triage = raise_to(triage, each.triage, f"{name}: {each.name} is the leading possibility")
            elif each.triage == TriageLevel.EMERGENCY and each.probability >= EMERGENCY_RAISES:
                triage = raise_to(triage, TriageLevel.SAME_DAY, f"{name}: {each.name} has to be excluded")
    return triage


def _coverage(plan: Plan, given: Mapping[str, OpinionGiven], timed_out: Collection[str]) -> Iterator[Coverage]:
    for name in sorted({*plan.asked, *plan.unavailable}):
        answer = given.get(name)
        if name in plan.unavailable:
            yield Coverage(agent=name, status="unavailable", reason=plan.unavailable[name])
        elif answer is not None and answer.opinion is not None:
            yield Coverage(agent=name, status="answered")
        elif answer is not None:
            yield Coverage(agent=name, status="failed", reason=answer.problem.detail if answer.problem else "gave no opinion")
        else:
            yield Coverage(
                agent=name, status="timed_out", reason="did not answer in time" if name in timed_out else "did not answer"
            )


def _insufficient(plan: Plan, opinions: Mapping[str, Opinion]) -> str | None:
    if plan.reading.insufficient is not None:
        return INSUFFICIENT[plan.reading.insufficient]
    if not opinions:
        return NOBODY
    if all(opinion.insufficient_information for opinion in opinions.values()):
        return TOO_LITTLE
    return None


def _summary(
    triage: Triage, opinions: Mapping[str, Opinion], order: Sequence[str], numbering: Numbering
) -> Iterator[Statement]:
    for flag in triage.red_flags:
        if flag.level == triage.level and flag.say == triage.advice:
            rule = Evidence(
                id="rule",
                kind="knowledge",
                title=f"Warning sign: {flag.suspect}",
                source=f"red-flag rule {flag.rule}, version {flag.version}",
                locator=f"redflags/{flag.rule}",
                quote=flag.say,
                score=1.0,
            )
            yield Statement(text=flag.say, evidence_ids=(numbering.add(rule),))
            break
    said: set[str] = set()
    for place, name in enumerate(order):
        limit = SUMMARY_OF_LEAD if place == 0 else SUMMARY_OF_OTHERS
        fresh = [statement for statement in opinions[name].summary if statement.text not in said][:limit]
        for statement in fresh:
            said.add(statement.text)
            yield Statement(text=statement.text, evidence_ids=numbering.of(name, statement.evidence_ids))


def _differential(
    plan: Plan, opinions: Mapping[str, Opinion], order: Sequence[str], numbering: Numbering
) -> tuple[Possibility, ...]:
    """Return the possibilities of all, one entry for each condition, weighed by how much routing trusted who said it."""
    scores = {choice.specialist: choice.score for choice in plan.choices}
    most = max((scores.get(name, 0.0) for name in order), default=0.0)
    groups: list[list[tuple[str, float, Possibility]]] = []
    for name in order:
        trust = scores.get(name, 0.0) / most if most else 1.0
        for each in opinions[name].differential:
            # One specialist tells its own conditions apart; only what another one means by the same is joined.
            group = next((g for g in groups if name not in {who for who, _, _ in g} and same_condition(g[0][2], each)), None)
            entry = (name, each.probability * trust, each)
            groups.append([entry]) if group is None else group.append(entry)
    ranked = sorted(groups, key=lambda group: (-max(p for _, p, _ in group), group[0][2].condition))[:DIFFERENTIAL]
    whole = sum(max(p for _, p, _ in group) for group in ranked)
    scale = min(1.0, WHOLE / whole) if whole else 1.0
    return tuple(_joined(group, scale, numbering) for group in ranked)


def _joined(group: Sequence[tuple[str, float, Possibility]], scale: float, numbering: Numbering) -> Possibility:
    _, _, first = max(group, key=lambda entry: (entry[1], entry[0]))
    every = [each for _, _, each in group]
    return first.model_copy(
        update={
            "probability": round(max(p for _, p, _ in group) * scale, 4),
            "supporting": tuple(dict.fromkeys(word for each in every for word in each.supporting)),
            "against": tuple(dict.fromkeys(word for each in every for word in each.against)),
            "triage": max((each.triage for each in every), key=lambda level: level.urgency),
            "evidence_ids": tuple(dict.fromkeys(n for name, _, each in group for n in numbering.of(name, each.evidence_ids))),
        }
    )


def _recommendations(opinions: Mapping[str, Opinion], order: Sequence[str], numbering: Numbering) -> tuple[Recommendation, ...]:
    """Return what to do, each step once, the most urgent first. What anybody blocks is blocked, with the reasons of all."""
    blocked: dict[str, list[str]] = {}
    for name in sorted(opinions):
        for step in opinions[name].recommendations:
            blocked.setdefault(step.drug or step.text, []).extend(step.blocked_by)
    steps = [(name, step) for name in order for step in opinions[name].recommendations]
    steps.sort(key=lambda pair: URGENCIES.index(pair[1].urgency))
    once: dict[str, Recommendation] = {}
    for name, step in steps:
        reasons = tuple(dict.fromkeys(blocked[step.drug or step.text]))
        if step.text not in once and len(once) < RECOMMENDATIONS:
            cited = numbering.of(name, step.evidence_ids)
            once[step.text] = step.model_copy(update={"evidence_ids": cited, "blocked_by": reasons})
    return tuple(once.values())


def _renumbered(position: Position, numbering: Numbering) -> Position:
    return position.model_copy(update={"evidence_ids": numbering.of(position.agent, position.evidence_ids)})


def _confidence(opinions: Mapping[str, Opinion], coverage: Sequence[Coverage]) -> Confidence:
    """Rest on the surest opinion, lowered by the share of views that are missing."""
    if not opinions:
        return Confidence(value=0.0, basis="no specialist has given an opinion")
    surest = max(sorted(opinions), key=lambda name: opinions[name].confidence.value)
    present = len(opinions) / len(coverage)
    missing = [entry.agent for entry in coverage if entry.status != "answered"]
    basis = f"{surest}: {opinions[surest].confidence.basis}"
    if missing:
        basis += f"; lowered, because the view of {', '.join(missing)} is missing"
    return Confidence(value=round(opinions[surest].confidence.value * (0.5 + 0.5 * present), 3), basis=basis)


def _disclaimers(opinions: Mapping[str, Opinion], coverage: Sequence[Coverage]) -> Iterator[str]:
    yield NO_DIAGNOSIS
    for entry in coverage:
        if entry.status != "answered":
            yield (
                f"The view of {entry.agent} is missing: it {entry.reason}."
                if entry.status != "failed"
                else (f"The view of {entry.agent} is missing: {entry.reason}")
            )
    skipped = sorted({store for opinion in opinions.values() for store in opinion.degraded})
    if skipped:
        yield f"Not everything could be looked up: {', '.join(skipped)} did not answer. The answer rests on the rest."
