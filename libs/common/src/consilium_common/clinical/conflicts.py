"""Where specialists differ: on what it is, on how urgent it is, on what is safe. Differences are kept, never averaged away."""

from collections.abc import Iterator, Mapping
from itertools import permutations

from consilium_common.contracts.answer import Conflict, Position
from consilium_common.contracts.knowledge import TriageLevel
from consilium_common.contracts.opinion import Opinion, Possibility

HELD_FROM = 0.25  # a leading possibility below this is an idea, not a position
DOUBTED_TO = 0.1
HARMLESS = frozenset({TriageLevel.ROUTINE, TriageLevel.SELF_CARE})


def find_conflicts(opinions: Mapping[str, Opinion]) -> tuple[Conflict, ...]:
    """Return the differences between opinions, the most severe first; the same whatever the order of the opinions."""
    found = [*_on_conditions(opinions), *_on_urgency(opinions), *_on_treatment(opinions)]
    ranks = ("critical", "major", "minor")
    return tuple(sorted(found, key=lambda conflict: (ranks.index(conflict.severity), conflict.claim)))


def same_condition(one: Possibility, other: Possibility) -> bool:
    """Return whether two specialists mean the same: the same id, or the same three-character ICD-10 category."""
    return one.condition == other.condition or one.icd10[:3] == other.icd10[:3]


def _on_conditions(opinions: Mapping[str, Opinion]) -> Iterator[Conflict]:
    for holder, doubter in permutations(sorted(opinions), 2):
        held = opinions[holder].differential[:1]
        if not held or held[0].probability < HELD_FROM:
            continue
        for doubted in opinions[doubter].differential:
            if same_condition(held[0], doubted) and doubted.probability <= DOUBTED_TO and doubted.against:
                yield Conflict(
                    claim=held[0].name,
                    positions=(
                        _position(holder, "leading possibility", held[0]),
                        _position(doubter, f"unlikely, because of {', '.join(doubted.against[:3])}", doubted),
                    ),
                    resolution="Both views are shown; an examination decides.",
                    severity="major" if TriageLevel.EMERGENCY in {held[0].triage, doubted.triage} else "minor",
                )


def _on_urgency(opinions: Mapping[str, Opinion]) -> Iterator[Conflict]:
    leading = {agent: opinion.differential[0] for agent, opinion in sorted(opinions.items()) if opinion.differential}
    held = {agent: each for agent, each in leading.items() if each.probability >= HELD_FROM}
    urgent = {agent: each for agent, each in held.items() if each.triage == TriageLevel.EMERGENCY}
    calm = {agent: each for agent, each in held.items() if each.triage in HARMLESS}
    if urgent and calm:
        yield Conflict(
            claim="How urgent this is",
            positions=tuple(
                _position(agent, f"{each.name}: {each.triage.value.replace('-', ' ')}", each)
                for agent, each in sorted({**urgent, **calm}.items())
            ),
            resolution="The more urgent view decides what to do now.",
            severity="major",
        )


def _on_treatment(opinions: Mapping[str, Opinion]) -> Iterator[Conflict]:
    advised: dict[str, list[Position]] = {}
    blocked: dict[str, list[Position]] = {}
    for agent, opinion in sorted(opinions.items()):
        for step in opinion.recommendations:
            if step.drug is not None:
                stance = f"not: {step.blocked_by[0]}" if step.blocked_by else "recommended"
                position = Position(agent=agent, stance=stance, evidence_ids=step.evidence_ids)
                (blocked if step.blocked_by else advised).setdefault(step.drug, []).append(position)
    for drug in sorted(advised.keys() & blocked.keys()):
        yield Conflict(
            claim=f"Whether to take {drug.replace('-', ' ')}",
            positions=(*advised[drug], *blocked[drug]),
            resolution="It is not recommended until a clinician has looked at it.",
            severity="critical",
        )


def _position(agent: str, stance: str, possibility: Possibility) -> Position:
    return Position(agent=agent, stance=stance, evidence_ids=possibility.evidence_ids)
