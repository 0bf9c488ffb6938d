"""From inputs to a result: a score, or the range that is still possible, its band, and what to ask next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from consilium_common.clinical.calculators.inputs import Bounds, CalculatorInputError, Input, Value, Values
from consilium_common.clinical.case_facts import CaseFacts


@dataclass(frozen=True)
class Band:
    """A range of scores from `least` up to the next band. `patient` is empty where it would not help to be told.

    `reassures` marks what may be said to a patient only when every input is known.
    """

    id: str
    least: float
    clinician: str
    risk: str = ""
    patient: str = ""
    reassures: bool = False


@dataclass(frozen=True)
class Stated:
    """A total that is often given as such: the vital that holds it, what is possible, and the question for it."""

    vital: str
    possible: tuple[float, float]
    ask: str


@dataclass(frozen=True)
class Population:
    """Whom a calculator is for, and in words whom it is not for. Ages are in years, durations in hours, limits included."""

    words: str
    min_age_years: float | None = None
    max_age_years: float | None = None
    in_pregnancy: bool = False
    max_duration_h: float | None = None
    excluded: Mapping[str, str] = field(default_factory=dict)

    def refusal(self, facts: CaseFacts) -> str | None:
        """Return why it does not apply to this person, or None when nothing known forbids it."""
        age = facts.age_years
        if age is not None and self.min_age_years is not None and age < self.min_age_years:
            return f"it is for people from {self.min_age_years:g} years on"
        if age is not None and self.max_age_years is not None and age > self.max_age_years:
            return f"it is for people up to {self.max_age_years:g} years"
        if not self.in_pregnancy and (facts.pregnant or "pregnancy" in facts.present):
            return "it is not for pregnancy"
        lasted = min(facts.duration_h.values(), default=0.0)
        if self.max_duration_h is not None and lasted > self.max_duration_h:
            return f"it is for what is not older than {self.max_duration_h / 24:g} days"
        return next((why for finding, why in self.excluded.items() if finding in facts.present), None)

    def is_open(self, facts: CaseFacts) -> bool:
        """Return whether the age decides if it applies, and is not known."""
        return facts.age_years is None and not (self.min_age_years is None and self.max_age_years is None)


@dataclass(frozen=True)
class Calculator:
    """A published score. `score` takes the inputs by name; `per_score` gives the risk of single scores where published."""

    id: str
    name: str
    about: str
    inputs: tuple[Input, ...]
    score: Callable[..., float]
    bands: tuple[Band, ...]
    population: Population
    sources: tuple[str, ...]
    unit: str = ""
    digits: int = 0
    top: float | None = None
    stated: Stated | None = None
    per_score: Mapping[float, str] = field(default_factory=dict)

    def band(self, score: float) -> Band:
        """Return the band of a score."""
        return next((band for band in reversed(self.bands) if score >= band.least), self.bands[0])


@dataclass(frozen=True)
class Result:
    """What a calculator gives. `value` and `band` are None while the missing inputs leave them open.

    `missing` are the inputs that are not known exactly; `decisive` those of them that can still move the band, the one with
    most effect first.
    """

    calculator: Calculator
    low: float
    high: float
    missing: tuple[Input, ...] = ()
    decisive: tuple[Input, ...] = ()

    @property
    def value(self) -> float | None:
        """Return the score when it is certain."""
        return self.low if self.low == self.high else None

    @property
    def bands(self) -> tuple[Band, ...]:
        """Return the bands that are still possible, the lowest first."""
        first, last = self.calculator.band(self.low), self.calculator.band(self.high)
        return tuple(band for band in self.calculator.bands if first.least <= band.least <= last.least)

    @property
    def band(self) -> Band | None:
        """Return the band when all that is possible falls into one."""
        return self.bands[0] if len(self.bands) == 1 else None


def evaluate(calculator: Calculator, given: Values, narrowed: Mapping[str, Bounds] | None = None) -> Result:
    """Return the result of the inputs given by name; what is missing is not assumed, it widens the result.

    `narrowed` holds inputs of which only the lowest- and the highest-scoring possible value are known.

    Raises:
        CalculatorInputError: when an input is not one of the calculator's or its value cannot be.
    """
    inputs = {each.name: each for each in calculator.inputs}
    known = narrowed or {}
    for name in (*given, *known):
        if name not in inputs:
            raise CalculatorInputError(f"{calculator.name} has no input {name!r}; it takes {', '.join(inputs)}")
    exact = {name: inputs[name].check(value) for name, value in given.items()}
    missing = tuple(each for each in calculator.inputs if each.name not in exact)
    ends = {each.name: known.get(each.name, (each.lowest, each.highest)) for each in missing}
    for name, (lowest, highest) in ends.items():
        inputs[name].check(lowest)
        inputs[name].check(highest)
    lows = {**exact, **{name: end[0] for name, end in ends.items()}}
    highs = {**exact, **{name: end[1] for name, end in ends.items()}}
    result = Result(calculator, _score(calculator, lows), _score(calculator, highs), missing)
    if result.band is not None:
        return result
    effects = {name: _effect(calculator, name, lows, highs) for name in ends}
    # Three of five risk factors: none of them alone moves the score while all are open, so then all of them matter.
    moving = [each for each in missing if effects[each.name] > 0] or missing
    decisive = sorted(moving, key=lambda each: -effects[each.name])
    return Result(calculator, result.low, result.high, missing, tuple(decisive))


def from_total(calculator: Calculator, total: float) -> Result:
    """Return the result of a total that was given as such.

    Raises:
        CalculatorInputError: when the calculator has no such total, or it is out of range.
    """
    if calculator.stated is None:
        raise CalculatorInputError(f"{calculator.name} is worked out from its inputs, not given as a total")
    low, high = calculator.stated.possible
    if not low <= total <= high or total != int(total):
        raise CalculatorInputError(
            f"{calculator.name}: {total:g} is not possible, a total is a whole number from {low:g} to {high:g}"
        )
    return Result(calculator, total, total)


def _score(calculator: Calculator, values: Mapping[str, Value]) -> float:
    return round(calculator.score(**values), calculator.digits)


def _effect(calculator: Calculator, name: str, lows: dict[str, Value], highs: dict[str, Value]) -> float:
    """Return how far one missing input moves the score, with the others at their lowest and at their highest."""
    up = _score(calculator, {**lows, name: highs[name]}) - _score(calculator, lows)
    down = _score(calculator, highs) - _score(calculator, {**highs, name: lows[name]})
    return up + down
