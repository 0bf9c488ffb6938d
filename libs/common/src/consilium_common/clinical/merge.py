"""Opinions to one answer: who said what, what differs, what is missing. Triage only goes up; dissent stays visible.

A pure function of its input: the same opinions in any order give the same bytes, so that whoever merges, and however often, the
answer and its hash are the same.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from consilium_common.clinical.advice import merge_recommendations
from consilium_common.clinical.conflicts import find_conflicts
from consilium_common.clinical.coverage import confidence, cover, disclaimers
from consilium_common.clinical.differential import MergedPossibility, merge_differentials
from consilium_common.clinical.numbering import Numbering
from consilium_common.clinical.raising import raise_triage
from consilium_common.clinical.scores import merge_scores
from consilium_common.clinical.summary import summarise
from consilium_common.contracts.answer import Answer, Conflict, Coverage
from consilium_common.contracts.case import Triage
from consilium_common.contracts.commands import OpinionGiven, Plan
from consilium_common.contracts.opinion import Opinion, Possibility

DIFFERENTIAL = 8
QUESTIONS = 4
INSUFFICIENT = {
    "unintelligible": "The message could not be understood. Describe in plain English what you feel, where, and since when.",
    "not-medical": "No health problem was recognised in the message. Describe in English what you feel, where, and since when.",
    "not-english": "Only English can be read so far. If this could be an emergency, call your local emergency number now; "
    "otherwise ask again in English.",
}
NOBODY = "No specialist could give an opinion, so there is only the first assessment of how urgent this is."
TOO_LITTLE = "What was described does not point to any condition that is known here; more detail is needed."

Outcome = Literal["completed", "incomplete", "failed"]


@dataclass(frozen=True)
class MergedAnswer:
    """The answer and how the consult ends with it: failed when there is nothing beyond the triage advice."""

    answer: Answer
    outcome: Outcome


def merge(plan: Plan, given: Mapping[str, OpinionGiven], timed_out: Collection[str] = ()) -> MergedAnswer:
    """Put the opinions of one attempt together. `timed_out` are those who were asked and have not answered in time."""
    opinions = {name: g.opinion for name, g in sorted(given.items()) if name in plan.asked and g.opinion is not None}
    coverage = cover(plan, given, timed_out)
    insufficient = _insufficient(plan, opinions)
    answer = _answer(plan, opinions, coverage, insufficient)
    answer = answer.model_copy(update={"content_sha256": content_hash(answer)})
    return MergedAnswer(answer, _outcome(plan, opinions, coverage, insufficient))


def content_hash(answer: Answer) -> str:
    """Return the SHA-256 of everything in an answer but the hash, as JSON with sorted keys and no spaces."""
    content = answer.model_dump(mode="json", exclude={"content_sha256"})
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def _answer(plan: Plan, opinions: Mapping[str, Opinion], coverage: Sequence[Coverage], insufficient: str | None) -> Answer:
    merged = merge_differentials(opinions)
    triage, cause = raise_triage(plan.triage, merged)
    numbering = Numbering(opinions)
    # In reading order, since citations are numbered as they are first used.
    summary = tuple(summarise(triage, cause, opinions, merged, numbering))
    scores = merge_scores(opinions, triage.level, plan.audience, numbering)
    differential = tuple(_possibility(each, numbering) for each in merged[:DIFFERENTIAL])
    recommendations = merge_recommendations(opinions, merged, triage.level, numbering)
    conflicts = tuple(_renumbered(conflict, numbering) for conflict in find_conflicts(opinions))
    return Answer(
        triage=triage,
        summary=summary,
        differential=differential,
        recommendations=recommendations,
        scores=scores,
        conflicts=conflicts,
        coverage=tuple(coverage),
        confidence=confidence(opinions, coverage),
        citations=numbering.citations(),
        ask_next=_questions(triage, opinions, merged),
        disclaimers=(*disclaimers(opinions, coverage), *plan.reading.assumptions),
        insufficient_information=insufficient,
        audience=plan.audience,
    )


def _outcome(plan: Plan, opinions: Mapping[str, Opinion], coverage: Sequence[Coverage], insufficient: str | None) -> Outcome:
    if not opinions and plan.reading.insufficient is None:
        return "failed"
    complete = insufficient is None and all(entry.status == "answered" for entry in coverage)
    return "completed" if complete else "incomplete"


def _insufficient(plan: Plan, opinions: Mapping[str, Opinion]) -> str | None:
    if plan.reading.insufficient is not None:
        return INSUFFICIENT[plan.reading.insufficient]
    if not opinions:
        return NOBODY
    return TOO_LITTLE if all(opinion.insufficient_information for opinion in opinions.values()) else None


def _possibility(merged: MergedPossibility, numbering: Numbering) -> Possibility:
    every = [view.possibility for view in merged.views]
    cited = (number for view in merged.views for number in numbering.of(view.agent, view.possibility.evidence_ids))
    return merged.best.model_copy(
        update={
            "probability": round(merged.probability, 4),
            "supporting": tuple(dict.fromkeys(name for each in every for name in each.supporting)),
            "against": tuple(dict.fromkeys(name for each in every for name in each.against)),
            "words": tuple(dict.fromkeys(word for each in every for word in each.words)),
            "triage": merged.triage,
            "evidence_ids": tuple(dict.fromkeys(cited)),
        }
    )


def _questions(triage: Triage, opinions: Mapping[str, Opinion], merged: Sequence[MergedPossibility]) -> tuple[str, ...]:
    """Return what could change the triage first, then what tells the likeliest possibilities apart."""
    order = dict.fromkeys((*(view.agent for group in merged for view in group.views), *opinions))
    return tuple(dict.fromkeys((*triage.ask, *(each for agent in order for each in opinions[agent].ask_next))))[:QUESTIONS]


def _renumbered(conflict: Conflict, numbering: Numbering) -> Conflict:
    positions = (
        position.model_copy(update={"evidence_ids": numbering.of(position.agent, position.evidence_ids)})
        for position in conflict.positions
    )
    return conflict.model_copy(update={"positions": tuple(positions)})
