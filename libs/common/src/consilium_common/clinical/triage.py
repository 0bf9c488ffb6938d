"""Triage: how soon somebody must be seen, by rules and by NEWS2, before any model is asked. It can only go up."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from consilium_common.clinical.case_facts import COMPLAINT_KINDS, CaseFacts, gather_facts
from consilium_common.clinical.news2 import EMERGENCY_FROM, MEASURED, URGENT_FROM, applies, news2
from consilium_common.clinical.pack import ancestors_of
from consilium_common.clinical.rules import AsIf, Situation, Test, fired_by, holds, missing_findings, prepare
from consilium_common.clinical.second_reading import NO_WEIGHTS, SecondReading, WordWeights, read_again, undenied, why_at_home
from consilium_common.clinical.unread import against_self_care
from consilium_common.clinical.wording import listed, quoted
from consilium_common.contracts.case import Patient, Reading, RedFlag, Triage
from consilium_common.contracts.knowledge import FindingConcept, Medicine, RedFlagRule, TriageLevel

_MOST_QUESTIONS = 3
_NOTHING: frozenset[str] = frozenset()
_NOTHING_FOUND = ("No warning sign was found in what you wrote.",)
_NOBODY = CaseFacts()
_ASK_AGE = "How old are you?"
# What self-care rules exclude and people seldom say unasked. Pregnancy is asked between the first and the last periods.
_PREGNANCY, _DEFENCES = "pregnancy", "immunosuppression"
_ASK_PREGNANCY_OR_DEFENCES = "Could you be pregnant, or does an illness or a medicine weaken your defences?"
_FERTILE_YEARS = (10, 55)
# Whom the second reading alone never keeps at home.
_NOT_AT_HOME = frozenset({_PREGNANCY, _DEFENCES, "infant"})
_OTHERWISE = {
    _ASK_AGE: "for a baby or small child",
    _PREGNANCY: "in pregnancy",
    _DEFENCES: "with weak defences, for example by chemotherapy, steroid tablets or a transplant",
}
# On the ACVPU scale of NEWS2: new confusion, or anything less than alert.
_NOT_ALERT = frozenset({"confusion", "reduced-alertness", "unresponsive"})
_WITHIN = {
    TriageLevel.EMERGENCY: "now",
    TriageLevel.SAME_DAY: "today",
    TriageLevel.ROUTINE: "within the next days, sooner if it gets worse",
    TriageLevel.SELF_CARE: "no appointment needed unless it gets worse or stays",
}
_ADVICE = {
    TriageLevel.EMERGENCY: "Call the emergency number now.",
    TriageLevel.SAME_DAY: "Speak to a doctor or an urgent care service today.",
    TriageLevel.ROUTINE: (
        "No warning sign was recognised in your message, which does not rule one out. Arrange an appointment, sooner if it"
        " gets worse or changes; if you feel very ill, call the emergency number."
    ),
    TriageLevel.SELF_CARE: (
        "This can usually be looked after at home. Ask a pharmacist or doctor if it gets worse or does not settle."
    ),
}

# What was not understood cannot be called harmless: the safer level, and the truth about it.
_UNREAD = {
    "not-english": (
        TriageLevel.SAME_DAY,
        (
            "How urgent this is could not be judged, because only English can be read so far. "
            "If it could be an emergency, call the emergency number now; otherwise ask again in English or see a doctor today."
        ),
    ),
    "unintelligible": (
        TriageLevel.ROUTINE,
        (
            "How urgent this is could not be judged, because the message could not be understood. Only English can be read. "
            "If it could be an emergency, call the emergency number now; otherwise describe in plain words what you feel."
        ),
    ),
    "not-medical": (
        TriageLevel.ROUTINE,
        (
            "No health problem was recognised in the message, so there is nothing to judge. Only English can be read. "
            "If you feel unwell, say what you feel; in an emergency call the emergency number now."
        ),
    ),
}


@dataclass(frozen=True)
class Rules:
    """The red flags with the vocabulary that they refer to, and the weights of the second reading.

    Built once; `version` names the rules and the weights.
    """

    red_flags: Sequence[RedFlagRule]
    findings: Iterable[FindingConcept]
    medicines: Iterable[Medicine] = ()
    word_weights: WordWeights = NO_WEIGHTS

    @cached_property
    def concepts(self) -> Mapping[str, FindingConcept]:
        """Return the vocabulary by id."""
        return {concept.id: concept for concept in self.findings}

    @cached_property
    def ancestors(self) -> Mapping[str, frozenset[str]]:
        """Return all more general findings of each."""
        return ancestors_of(self.concepts.values())

    @cached_property
    def medicine_by_id(self) -> Mapping[str, Medicine]:
        """Return the medicines by id."""
        return {medicine.id: medicine for medicine in self.medicines}

    @cached_property
    def by_urgency(self) -> tuple[tuple[RedFlagRule, Test], ...]:
        """Return the rules with what they test, the most urgent first, otherwise as they are written."""
        ordered = sorted(self.red_flags, key=lambda rule: -rule.level.urgency)
        return tuple((rule, prepare(rule.when)) for rule in ordered)

    @cached_property
    def reach(self) -> tuple[frozenset[str], ...]:
        """Return for each rule of `by_urgency` what its findings are kinds of."""
        return tuple(
            frozenset().union(*(self.ancestors.get(name, _NOTHING) for name in test.named)) for _, test in self.by_urgency
        )

    @cached_property
    def version(self) -> str:
        """Return the version that a triage names."""
        rules = hashlib.sha256("\n".join(rule.model_dump_json() for rule in self.red_flags).encode()).hexdigest()[:12]
        return f"{rules}.{self.word_weights.version}" if self.word_weights.version else rules


def assess(reading: Reading, patient: Patient, rules: Rules, text: str) -> Triage:
    """Return how urgent a case is. `patient` is what is known of the person beside the message; pure and deterministic.

    `text` is the message that was read. What alarms in it although no finding was read there bars self-care, unless it reads
    harmless as a whole. Read as a whole it can be more urgent than the rules found it; and where no rule fits, it can be
    something to look after at home.
    """
    case = _situation(reading, patient, rules)
    again = SecondReading(undenied(text, reading), rules.word_weights)
    flags = tuple(
        _red_flag(rule, test, case, reading, rules)
        for rule, test in rules.by_urgency
        if _may_hold(test, case) and holds(test, case)
    )
    raising = tuple(flag for flag in flags if flag.level.urgency >= TriageLevel.ROUTINE.urgency)
    level, reasons = _base_level(flags, case, rules)
    if level == TriageLevel.SELF_CARE:
        if not again.harmless and against_self_care(text, reading):
            level, reasons = TriageLevel.ROUTINE, _NOTHING_FOUND
    elif case.facts.present.isdisjoint(_NOT_AT_HOME) and (why := why_at_home(reading, again)):
        level, reasons = TriageLevel.SELF_CARE, (why,)
    if raising:
        level = max((flag.level for flag in raising), key=lambda each: each.urgency)
        reasons = tuple(f"{flag.suspect.rstrip('.')}: {_quoted(flag.words)}" for flag in raising)
    first = next((flag for flag in raising if flag.level == level), None)
    triage = Triage(
        level=level,
        within=first.within if first else _WITHIN[level],
        advice=first.say if first else _ADVICE[level],
        red_flags=raising,
        reasons=reasons,
        rules_version=rules.version,
    )
    triage = read_again(_with_news2(_honest(triage, reading), case), reading, again)
    unsaid = _unsaid(flags, case, rules) if triage.level == TriageLevel.SELF_CARE else ()
    if unsaid:
        exceptions = listed([_OTHERWISE[each] for each in unsaid])
        triage = triage.model_copy(update={"advice": f"{triage.advice} But {exceptions}, speak to a doctor today instead."})
    ask = (*reading.ask[:_MOST_QUESTIONS], *_questions(triage.level, case, rules, unsaid))
    return triage.model_copy(update={"ask": tuple(dict.fromkeys(ask))[:_MOST_QUESTIONS]})


def _may_hold(test: Test, case: Situation) -> bool:
    return not test.needs_finding or not test.named.isdisjoint(case.facts.present)


def _honest(triage: Triage, reading: Reading) -> Triage:
    """Return the triage, or for a message that could not be read and set off no rule, the safer level and why."""
    if reading.insufficient is None or triage.red_flags:
        return triage
    level, advice = _UNREAD[reading.insufficient]
    return triage.model_copy(
        update={"level": level, "within": _WITHIN[level], "advice": advice, "reasons": (advice.split(". ")[0] + ".",)}
    )


def raise_to(triage: Triage, level: TriageLevel, reason: str) -> Triage:
    """Return the triage at `level` with the reason added, or unchanged when it is that urgent already."""
    if level.urgency <= triage.level.urgency:
        return triage
    return triage.model_copy(
        update={"level": level, "within": _WITHIN[level], "advice": _ADVICE[level], "reasons": (reason, *triage.reasons)}
    )


def _situation(reading: Reading, patient: Patient, rules: Rules) -> Situation:
    facts = gather_facts(reading, patient, rules.ancestors, rules.medicine_by_id)
    severity: dict[str, int] = {}
    for finding in reading.findings:
        if finding.severity is not None and finding.present and finding.counts:
            for name in (finding.id, *rules.ancestors.get(finding.id, ())):
                severity[name] = max(severity.get(name, 0), finding.severity)
    return Situation(facts, {vital.name: vital.value for vital in reading.vitals}, severity)


def _red_flag(rule: RedFlagRule, test: Test, case: Situation, reading: Reading, rules: Rules) -> RedFlag:
    by = fired_by(test, case)
    words = [
        finding.words
        for finding in reading.findings
        if finding.present and finding.counts and (finding.id in by or rules.ancestors.get(finding.id, frozenset()) & by)
    ]
    words += [vital.words for vital in reading.vitals if vital.name in by]
    words += [rules.concepts[name].name for name in sorted(by & case.facts.from_record) if name in rules.concepts]
    return RedFlag(
        rule=rule.id,
        version=rule.version,
        level=rule.level,
        within=rule.within,
        suspect=rule.suspect,
        say=rule.say,
        words=tuple(dict.fromkeys(words)),
        specialties=rule.specialties,
    )


def _base_level(flags: Sequence[RedFlag], case: Situation, rules: Rules) -> tuple[TriageLevel, tuple[str, ...]]:
    """Return the level when no rule raises it: self-care only when such rules explain every complaint, else routine."""
    mild = {flag.rule: flag for flag in flags if flag.level == TriageLevel.SELF_CARE}
    if mild:
        explained = {name for rule, test in rules.by_urgency if rule.id in mild for name in test.named}
        if all(
            complaint in explained or rules.ancestors.get(complaint, frozenset()) & explained
            for complaint in case.facts.complaints
        ):
            return TriageLevel.SELF_CARE, tuple(f"{flag.suspect.rstrip('.')}: {_quoted(flag.words)}" for flag in mild.values())
    return TriageLevel.ROUTINE, _NOTHING_FOUND


def _unsaid(flags: Sequence[RedFlag], case: Situation, rules: Rules) -> tuple[str, ...]:
    """Return what is not known of the person and would bar the self-care rules that hold: the age, pregnancy, weak defences."""
    mild = {flag.rule for flag in flags if flag.level == TriageLevel.SELF_CARE}
    tests = [test for rule, test in rules.by_urgency if rule.id in mild]
    barring = _NOTHING.union(*(part.named for test in tests for part in test.parts_none)) if tests else _NOT_AT_HOME
    facts, (first, last) = case.facts, _FERTILE_YEARS
    open_ = barring - facts.present - facts.absent
    fertile = facts.sex != "m" and (facts.age_years is None or first <= facts.age_years <= last)
    unsaid = (
        (_ASK_AGE, facts.age_years is None),
        (_PREGNANCY, _PREGNANCY in open_ and fertile),
        (_DEFENCES, _DEFENCES in open_),
    )
    return tuple(name for name, is_open in unsaid if is_open)


def _quoted(words: Iterable[str]) -> str:
    return quoted(words) or "what is known of you"


def _with_news2(triage: Triage, case: Situation) -> Triage:
    if not applies(case.facts.age_years, case.facts.pregnant):
        return triage
    score = news2(case.vitals, alert=not (_NOT_ALERT & case.facts.present))
    if MEASURED.isdisjoint(case.vitals):
        return triage
    if score.total >= EMERGENCY_FROM:
        return raise_to(
            triage,
            TriageLevel.EMERGENCY,
            f"The measured values together give {score.total} points on the NEWS2 scale, 7 or more is an emergency.",
        )
    if score.total >= URGENT_FROM:
        return raise_to(
            triage,
            TriageLevel.SAME_DAY,
            f"The measured values together give {score.total} points on the NEWS2 scale, 5 or 6 is urgent.",
        )
    if score.single_red:
        return raise_to(
            triage,
            TriageLevel.SAME_DAY,
            "One measured value alone gives 3 points on the NEWS2 scale and needs to be seen today.",
        )
    return triage


def _questions(level: TriageLevel, case: Situation, rules: Rules, unsaid: Sequence[str]) -> tuple[str, ...]:
    """Return up to three questions whose answer would raise the level, the most urgent and closest first.

    `unsaid` is what is not known of the person and could bar self-care; it is asked before anything else.
    """
    # What is harmless at 30 may not be at 70, in a baby, in pregnancy or with weak defences.
    first = [_ASK_AGE] if level == TriageLevel.SELF_CARE and case.facts.age_years is None else []
    if _PREGNANCY in unsaid and _DEFENCES in unsaid:
        first.append(_ASK_PREGNANCY_OR_DEFENCES)
    else:
        first += [concept.ask for name in unsaid if (concept := rules.concepts.get(name)) and concept.ask]
    return tuple(dict.fromkeys((*first, *_closest(level, case, rules))))[:_MOST_QUESTIONS]


def _closest(level: TriageLevel, case: Situation, rules: Rules) -> list[str]:
    """Return questions whose answer would raise the level, the most urgent and closest first."""
    asked: dict[str, tuple[int, bool, int, int]] = {}
    as_if = AsIf(case, rules.ancestors)
    somebody = AsIf(Situation(replace(_NOBODY, age_years=case.facts.age_years), {}, {}), rules.ancestors)
    for urgency, known, order in _closest_first(level, case, rules):
        test = rules.by_urgency[order][1]
        if known and case.facts.age_years is None and holds(test, replace(case, any_age=True)):
            asked.setdefault(_ASK_AGE, (urgency, False, known - 1, order))
        for finding in missing_findings(test, as_if):
            concept = rules.concepts.get(finding)
            if concept is None or not concept.ask:
                continue
            # Worth asking when it has to do with what was said: together with it, or a kind of it.
            if rules.ancestors.get(finding, _NOTHING) & case.facts.complaints or not holds(
                test, somebody.with_finding(finding)
            ):
                # Whether something is there now says more than who somebody is.
                asked.setdefault(concept.ask, (urgency, concept.kind not in COMPLAINT_KINDS, known, order))
        if sum(not background for _, background, _, _ in asked.values()) >= _MOST_QUESTIONS:
            break  # whatever follows is less urgent or less close
    return sorted(asked, key=lambda question: asked[question])


def _closest_first(level: TriageLevel, case: Situation, rules: Rules) -> list[tuple[int, int, int]]:
    """Return the rules above a level that have to do with the case: urgency and known findings, both negated, and place."""
    near: list[tuple[int, int, int]] = []
    for order, (rule, test) in enumerate(rules.by_urgency):
        if rule.level.urgency <= level.urgency:
            break
        known = len(case.facts.present & test.named)
        if known or not case.facts.present.isdisjoint(rules.reach[order]):
            near.append((-rule.level.urgency, -known, order))
    return sorted(near)
