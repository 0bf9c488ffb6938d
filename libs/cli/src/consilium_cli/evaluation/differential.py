"""Which condition: whether the right one is among the first one, three or five of the merged answer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from consilium_cli.evaluation.calibration import calibrate
from consilium_cli.evaluation.cases import Case
from consilium_cli.evaluation.consilium import Consilium, Consulted
from consilium_cli.evaluation.diagnosis import Diagnoses
from consilium_cli.evaluation.result import Miss, SetResult, counted, worst_first
from consilium_cli.evaluation.scoring import Figure, known, share
from consilium_cli.evaluation.trace import trace

DEPTHS = (1, 3, 5)
DEEPEST = max(DEPTHS)


@dataclass(frozen=True)
class Judged:
    """One case with the conditions that its diagnosis means; `place` counts from 1, 0 when it is not in the answer."""

    case: Case
    meant: frozenset[str]
    place: int
    stage: str
    consulted: Consulted


def evaluate(cases: Iterable[Case], consilium: Consilium) -> list[SetResult]:
    """Return the figures of every set with diagnoses: of all its cases, and of those whose diagnosis a pack holds."""
    diagnoses = Diagnoses(condition for _, condition in consilium.conditions)
    holders: dict[str, set[str]] = {}
    for specialist, condition in consilium.conditions:
        holders.setdefault(condition.id, set()).add(specialist)
    sets: dict[str, list[Judged]] = {}
    for case in cases:
        if case.diagnosis:
            meant = diagnoses.meant_by(case.diagnosis, case.icd10)
            consulted = consilium.consult(case.text)
            place = _place(meant, consulted)
            stage = _stage(meant, place, {name for id in meant for name in holders[id]}, consulted)
            sets.setdefault(case.set, []).append(Judged(case, meant, place, stage, consulted))
    return [result for name, judged in sets.items() for result in _results(name, judged)]


def _results(name: str, judged: Sequence[Judged]) -> tuple[SetResult, SetResult]:
    held = [each for each in judged if each.meant]
    fields = sorted({each.case.field for each in judged} - {""})
    outcomes = {f"top{depth}": {each.case.id: 0 < each.place <= depth for each in judged} for depth in DEPTHS}
    whole = SetResult(
        name=name,
        n=len(judged),
        figures=_tops(judged),
        parts={field: _part(field, [each for each in judged if each.case.field == field]) for field in fields},
        not_held=counted([each.case.diagnosis.replace("\n", " ") for each in judged if not each.meant]),
        outcomes=outcomes,
        calibration=calibrate(statement for each in judged for statement in _statements(each)),
    )
    within = SetResult(
        name=f"{name}: in the packs",
        n=len(held),
        figures=_tops(held),
        confusion=_stages(held),
        misses=worst_first([_miss(each) for each in held if not 0 < each.place <= DEEPEST]),
    )
    return whole, within


def _statements(judged: Judged) -> Iterator[tuple[float, bool]]:
    """Yield what the answer states: each condition's probability, and whether the diagnosis means it."""
    for each in judged.consulted.answer.differential:
        yield each.probability, each.condition in judged.meant


def _part(field: str, judged: Sequence[Judged]) -> SetResult:
    return SetResult(name=field, n=len(judged), figures=_tops(judged))


def _tops(judged: Sequence[Judged]) -> dict[str, Figure]:
    return known(**{f"top{depth}": share(0 < each.place <= depth for each in judged) for depth in DEPTHS})


def _stages(judged: Sequence[Judged]) -> dict[tuple[str, str], int]:
    return {("held", stage): count for stage, count in counted([each.stage for each in judged]).items()}


def _place(meant: frozenset[str], consulted: Consulted) -> int:
    named = (place for place, each in enumerate(consulted.answer.differential, start=1) if each.condition in meant)
    return next(named, 0)


def _stage(meant: frozenset[str], place: int, holders: set[str], consulted: Consulted) -> str:
    """Return how far the right condition came: the first step at which it was lost."""
    if place:
        return f"top {next((depth for depth in DEPTHS if place <= depth), 'but later')}"
    if not meant:
        return "not in the packs"
    if consulted.reading.insufficient:
        return "nothing was read"
    if holders.isdisjoint(consulted.called):
        return "specialist not called"
    ranked = {each.condition.id for candidates in consulted.candidates.values() for each in candidates}
    return "no finding leads to it" if ranked.isdisjoint(meant) else "ranked too low to be shown"


def _miss(judged: Judged) -> Miss:
    got = judged.consulted.answer.differential[0].condition if judged.consulted.answer.differential else "nothing"
    lost = f"lost at: {judged.stage}{f' (place {judged.place})' if judged.place else ''}"
    weight = 0.0 if judged.place else 1.0
    return Miss(judged.case.id, " or ".join(sorted(judged.meant)), got, (lost, *trace(judged.consulted)), weight)
