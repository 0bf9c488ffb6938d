"""How urgent: the level that a person finally reads, against the level that was right."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from consilium_cli.evaluation.cases import Case, Urgency
from consilium_cli.evaluation.consilium import Consilium, Consulted
from consilium_cli.evaluation.paired import compare
from consilium_cli.evaluation.result import Miss, SetResult, worst_first
from consilium_cli.evaluation.scoring import detection, known, share
from consilium_cli.evaluation.trace import trace
from consilium_common.contracts.knowledge import TriageLevel

# A hazard was noticed when somebody is told to be seen today or at once.
NOTICED_FROM = TriageLevel.SAME_DAY.urgency


@dataclass(frozen=True)
class Judged:
    """One case with the level of the rules alone and the level of the whole answer."""

    case: Case
    urgency: Urgency
    consulted: Consulted

    @property
    def first(self) -> TriageLevel:
        """Return what the rules alone say."""
        return self.consulted.rules.level

    @property
    def level(self) -> TriageLevel:
        """Return the level of the answer, which specialists may have raised."""
        return self.consulted.answer.triage.level


def evaluate(cases: Iterable[Case], consilium: Consilium) -> list[SetResult]:
    """Return the figures of every set whose cases have a right level, each in the order of the cases."""
    sets: dict[str, list[Judged]] = {}
    for case in cases:
        if case.urgency is not None:
            sets.setdefault(case.set, []).append(Judged(case, case.urgency, consilium.consult(case.text)))
    results = []
    for name, judged in sets.items():
        results.append(_result(name, judged))
        if any(each.case.hazard is not None for each in judged):
            results.append(_hazards(f"{name}: hazards", judged))
    return results


def agrees(urgency: Urgency, level: TriageLevel) -> bool:
    """Return whether a level is one of the right ones."""
    return level in urgency.accepted


def safe(urgency: Urgency, level: TriageLevel) -> bool:
    """Return whether a level is at least as urgent as the least urgent right one."""
    return level.urgency >= urgency.least.urgency


def _result(name: str, judged: Sequence[Judged]) -> SetResult:
    """Return accuracy, safety and how emergencies are told apart, for the answer and for the rules alone."""
    outcomes = _outcomes(judged, lambda each: each.level)
    alone = _outcomes(judged, lambda each: each.first)
    labels = sorted({each.urgency for each in judged}, key=lambda urgency: -urgency.least.urgency)
    parts = {
        urgency.label: SetResult(
            name=urgency.label,
            n=sum(each.urgency == urgency for each in judged),
            figures=known(
                accuracy=share(agrees(urgency, each.level) for each in judged if each.urgency == urgency),
                safe=share(safe(urgency, each.level) for each in judged if each.urgency == urgency),
            ),
        )
        for urgency in labels
    }
    return SetResult(
        name=name,
        n=len(judged),
        figures={
            **known(
                accuracy=share(agrees(each.urgency, each.level) for each in judged),
                safe=share(safe(each.urgency, each.level) for each in judged),
            ),
            **detection((_is_emergency(each), each.level == TriageLevel.EMERGENCY) for each in judged),
            **known(
                accuracy_rules=share(agrees(each.urgency, each.first) for each in judged),
                safe_rules=share(safe(each.urgency, each.first) for each in judged),
            ),
        },
        parts=parts,
        confusion=Counter((each.urgency.label, str(each.level)) for each in judged),
        misses=worst_first([_miss(each) for each in judged if not agrees(each.urgency, each.level)]),
        outcomes=outcomes,
        paired=tuple(
            found
            for figure in ("accuracy", "safe")
            if (found := compare(figure, "the rules alone", outcomes[figure], alone[figure])) is not None
        ),
    )


def _outcomes(judged: Sequence[Judged], level: Callable[[Judged], TriageLevel]) -> dict[str, dict[str, bool]]:
    return {
        "accuracy": {each.case.id: agrees(each.urgency, level(each)) for each in judged},
        "safe": {each.case.id: safe(each.urgency, level(each)) for each in judged},
    }


def _hazards(name: str, judged: Sequence[Judged]) -> SetResult:
    """Return whether hazards are noticed, and whether what is neither hazard nor emergency is left alone."""
    pairs = [(each, bool(each.case.hazard), each.level.urgency >= NOTICED_FROM) for each in judged]
    benign = [noticed for each, hazard, noticed in pairs if not hazard and not _is_emergency(each)]
    missed = [(each, hazard) for each, hazard, noticed in pairs if hazard != noticed]
    return SetResult(
        name=name,
        n=len(pairs),
        figures={
            **known(accuracy=share(hazard == noticed for _, hazard, noticed in pairs)),
            **detection((hazard, noticed) for _, hazard, noticed in pairs),
            **known(benign_left_alone=share(not noticed for noticed in benign)),
        },
        confusion=Counter(("hazard" if hazard else "no hazard", str(each.level)) for each, hazard, _ in pairs),
        misses=worst_first(
            [
                replace(_miss(each), right="hazard" if hazard else "no hazard", weight=2.0 if hazard else 1.0)
                for each, hazard in missed
            ]
        ),
    )


def _is_emergency(judged: Judged) -> bool:
    return judged.urgency.accepted == (TriageLevel.EMERGENCY,)


def _miss(judged: Judged) -> Miss:
    """Return the miss; too little urgency is worse than too much, by as many levels as it is off."""
    level, right = judged.level.urgency, [accepted.urgency for accepted in judged.urgency.accepted]
    off = min(right) - level if level < min(right) else (level - max(right)) / 10
    return Miss(judged.case.id, judged.urgency.label, str(judged.level), trace(judged.consulted), off)
