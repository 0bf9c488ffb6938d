"""Findings and context to ranked conditions: log odds that add up, normalised together with "something else"."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import NamedTuple

from consilium_common.clinical.case_facts import CaseFacts
from consilium_common.clinical.pack import CompiledCondition, CompiledPack, Link
from consilium_common.contracts.knowledge import Condition

# How far the logarithm of the prevalence counts. Below 1, because who asks has selected themselves: everyday illness is
# under-reported to any service, and a rare disease must stay reachable by typical findings.
PRIOR_TRUST = 0.4
# How far summed evidence counts. Findings of one illness are not independent, which the damping inside families mostly sees to;
# with this value stated and observed frequencies lie closest on published cases.
EVIDENCE_TRUST = 0.95
# The second finding of one family (crushing chest pain besides chest pain) counts half, the third a quarter.
FAMILY_DAMPING = 0.5
# A general complaint is weak support for a specific kind of it.
PARTIAL_SUPPORT = 0.3
# People leave out much, so what is not mentioned counts little against, and nothing when it is history or risk.
UNMENTIONED = 0.12
UNEXPLAINED = -0.75
AGAINST = -1.2
RISK = 0.45
ONSET_FITS, ONSET_DIFFERS = 0.3, -0.8
COURSE_DIFFERS = -0.8
ACUTE_AT_MOST_H = 6 * 7 * 24.0
CHRONIC_AT_LEAST_H = 3 * 24.0
# "Something else" stands for all conditions that a pack does not hold: as common as an everyday complaint (per 100,000 a year),
# indifferent to the findings, but growing with what a condition must explain before it is believed.
ELSE_PER_100K_YEAR = 3000.0
ELSE_PER_COMPLAINT = 0.1
# What only the graph or a passage suggests starts this much lower, and with full strength gains this much.
EXTRA_PENALTY, EXTRA_GAIN = -2.0, 0.5
# Words that speak so much for a condition lead to it where no finding does. Of 388 messages of mere paperwork one in a hundred
# says so much for any.
LED_BY_WORDS = 3.5


class Candidate(NamedTuple):
    """A condition with its probability (0 to 1) and the findings for it, against it and not mentioned, most telling first."""

    condition: Condition
    probability: float
    log_odds: float
    supporting: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Stated:
    """The complaints of a case, each with what it implies, and what words speak for; computed once for all conditions."""

    facts: CaseFacts
    vague: frozenset[str]
    implied: tuple[tuple[str, frozenset[str]], ...]
    heard: Mapping[str, float]


def rank(
    case: CaseFacts, pack: CompiledPack, extra: Mapping[str, float] | None = None, heard: Mapping[str, float] | None = None
) -> tuple[Candidate, ...]:
    """Return the conditions that a present complaint is linked to or that words lead to, most probable first.

    Probabilities sum to less than 1; the rest is something else. Empty means insufficient information: nothing present is
    linked to any condition and no words lead to one. `extra` names conditions that the graph or passages suggest, with a
    strength from 0 to 1; `heard` is what words speak for each condition, as a logarithm (`CaseWords.speak_for`).
    """
    stated = _state(case, pack, heard or {})
    found = [candidate for compiled in pack.conditions.values() if (candidate := _judge(stated, compiled)) is not None]
    return _with_extra(stated, pack, found, extra or {})


def _with_extra(
    stated: _Stated, pack: CompiledPack, candidates: Sequence[Candidate], extra: Mapping[str, float]
) -> tuple[Candidate, ...]:
    """Return the candidates with those of `extra` added from a weaker prior or strengthened, normalised anew."""
    merged = {candidate.condition.id: candidate for candidate in candidates}
    for condition, strength in sorted(extra.items()):
        bounded = min(max(strength, 0.0), 1.0)
        known = merged.get(condition)
        if known is not None:
            merged[condition] = _shift(known, EXTRA_GAIN * bounded)
        elif condition in pack.conditions and bounded > 0 and stated.facts.complaints:
            added = _judge(stated, pack.conditions[condition], linked_only=False)
            if added is not None:
                merged[condition] = _shift(added, EXTRA_PENALTY + EXTRA_GAIN * bounded)
    return _normalise(merged.values(), stated.facts)


def _state(case: CaseFacts, pack: CompiledPack, heard: Mapping[str, float]) -> _Stated:
    """Return the complaints prepared; `vague` are the general ones of which no kind was stated."""
    specified = frozenset().union(*(pack.ancestors.get(f, frozenset()) for f in case.stated))
    implied = tuple((f, pack.ancestors.get(f, frozenset()) | {f}) for f in sorted(case.complaints))
    return _Stated(case, case.complaints - specified, implied, heard)


def _judge(stated: _Stated, compiled: CompiledCondition, *, linked_only: bool = True) -> Candidate | None:
    """Return the candidate with its log odds, or None when nothing links it to the case or it cannot be in this person."""
    case = stated.facts
    spoken = stated.heard.get(compiled.condition.id, 0.0)
    linked_only = linked_only and spoken < LED_BY_WORDS
    if linked_only and compiled.complaints.isdisjoint(case.present) and compiled.vaguely.isdisjoint(stated.vague):
        return None
    context = _context(case, compiled)
    if context is None:
        return None
    sums = _Evidence()
    for link in compiled.links:
        sums.add(link, case, stated.vague)
    if linked_only and not sums.linked:
        return None
    contrary = sorted(compiled.against & case.present)
    risks = sorted(compiled.risk & case.present)
    evidence = sums.total() + AGAINST * _damped_count(len(contrary)) + RISK * _damped_count(len(risks))
    evidence += UNEXPLAINED * _damped_count(_unexplained(stated, compiled))
    evidence += _time(case, compiled)
    return Candidate(
        condition=compiled.condition,
        probability=0.0,
        log_odds=context + EVIDENCE_TRUST * evidence + spoken,
        supporting=(*sums.supporting, *risks),
        against=(*sums.against, *contrary),
        missing=tuple(sums.missing),
    )


def _unexplained(stated: _Stated, compiled: CompiledCondition) -> int:
    """Return how many complaints have nothing to do with the condition."""
    return sum(finding not in compiled.touches and compiled.explains.isdisjoint(implied) for finding, implied in stated.implied)


class _Evidence:
    """The log likelihood ratios of one condition by family; for and against apart, so that more support never lowers it."""

    def __init__(self) -> None:
        self._for: dict[str, list[float]] = {}
        self._against: dict[str, list[float]] = {}
        self.supporting: list[str] = []
        self.against: list[str] = []
        self.missing: list[str] = []
        self.linked = False

    def add(self, link: Link, case: CaseFacts, vague: frozenset[str]) -> None:
        """Count one finding as present, denied, vaguely supported or not mentioned."""
        if link.finding in case.present:
            self._count(link.root, link.if_present)
            self.linked |= link.complaint and link.if_present > 0
            (self.supporting if link.if_present > 0 else self.against).append(link.finding)
        elif link.finding in case.absent or not link.general.isdisjoint(case.absent):
            self._count(link.root, link.if_absent)
            if link.if_absent < 0:
                self.against.append(link.finding)
        else:
            self.missing.append(link.finding)
            if link.complaint and link.if_present > 0 and not link.general.isdisjoint(vague):
                self.linked = True
                self._count(link.root, PARTIAL_SUPPORT * link.if_present)
            elif link.complaint:
                self._count(link.root, UNMENTIONED * min(0.0, link.if_absent))

    def total(self) -> float:
        """Return the sum over the families, damped inside each."""
        return sum(_damped(values) for values in self._for.values()) - sum(_damped(values) for values in self._against.values())

    def _count(self, root: str, value: float) -> None:
        (self._for if value > 0 else self._against).setdefault(root, []).append(abs(value))


def _damped(values: list[float]) -> float:
    total, weight = 0.0, 1.0
    for value in sorted(values, reverse=True):
        total += weight * value
        weight *= FAMILY_DAMPING
    return total


def _damped_count(count: int) -> float:
    """Return how much `count` equal pieces of evidence count: 1, 1.7, 2.2, … up to 3.3."""
    return (1 - 0.7**count) / 0.3


def _context(case: CaseFacts, compiled: CompiledCondition) -> float | None:
    """Return the log prior for this age and sex; None when the condition cannot occur in them."""
    factor = 1.0
    if case.age_years is not None:
        factor *= next((b.factor for b in compiled.bands if b.from_years <= case.age_years < b.to_years), 1.0)
    if case.sex is not None:
        factor *= compiled.sex.get(case.sex, 1.0)
    return PRIOR_TRUST * compiled.log_prior + log(factor) if factor > 0 else None


def _time(case: CaseFacts, compiled: CompiledCondition) -> float:
    """Return what onset and duration of the findings that this condition lists say for or against it."""
    condition, total = compiled.condition, 0.0
    onsets = {case.onset[link.finding] for link in compiled.links if link.finding in case.onset}
    if onsets and condition.onset != "either":
        total += ONSET_FITS if condition.onset in onsets else ONSET_DIFFERS
    hours = [case.duration_h[link.finding] for link in compiled.links if link.finding in case.duration_h]
    if hours and condition.course == "acute" and min(hours) > ACUTE_AT_MOST_H:
        total += COURSE_DIFFERS
    if hours and condition.course == "chronic" and max(hours) < CHRONIC_AT_LEAST_H:
        total += COURSE_DIFFERS
    return total


def _shift(candidate: Candidate, by: float) -> Candidate:
    return candidate._replace(log_odds=candidate.log_odds + by)


def _normalise(candidates: Iterable[Candidate], case: CaseFacts) -> tuple[Candidate, ...]:
    """Return the candidates with probabilities over all of them and something else, most probable first."""
    ordered = sorted(candidates, key=lambda c: (-c.log_odds, c.condition.id))
    if not ordered:
        return ()
    something_else = PRIOR_TRUST * log(ELSE_PER_100K_YEAR) + ELSE_PER_COMPLAINT * len(case.complaints)
    top = max(ordered[0].log_odds, something_else)
    weights = [exp(candidate.log_odds - top) for candidate in ordered]
    whole = sum(weights) + exp(something_else - top)
    return tuple(each._replace(probability=weight / whole) for each, weight in zip(ordered, weights, strict=True))
