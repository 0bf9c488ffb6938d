"""What a calculator asks for: each input with its unit, what is possible, where a case gives it, and the question for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from consilium_common.clinical.case_facts import CaseFacts

Value = bool | float | str
Values = Mapping[str, Value]
Bounds = tuple[Value, Value]
Kind = Literal["yes-no", "number", "choice"]


class CalculatorInputError(ValueError):
    """A value that an input cannot have; the message says which, and what would be right."""


@dataclass(frozen=True)
class Origin:
    """Where a case gives an input; what is not there stays unknown.

    yes-no: yes when one of `findings` is present or a measured `vital` is above `above` or from `least` on; no when it is not,
    when all findings are denied or one of `contrary` is present. `none_else` is a finding which says that whatever was not
    named is not there.
    number: the `vital`, or the age of the `person`.
    choice: `options` maps an option to the findings that say so; one that is denied is out, unless `only_said`. With `findings`
    instead, the first option is that they are denied, and one that is present can be any of the others.
    `judge` reads what no finding says alone.
    """

    findings: tuple[str, ...] = ()
    contrary: tuple[str, ...] = ()
    vital: str | None = None
    above: float | None = None
    least: float | None = None
    none_else: str | None = None
    person: Literal["age_years", "sex"] | None = None
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    only_said: bool = False
    judge: Callable[[CaseFacts], tuple[Value, str] | None] | None = None

    @property
    def named(self) -> frozenset[str]:
        """Return every finding that it looks for."""
        every = {*self.findings, *self.contrary, *(finding for findings in self.options.values() for finding in findings)}
        return frozenset(every | ({self.none_else} if self.none_else else set()))


@dataclass(frozen=True)
class Input:
    """One input. `lowest` and `highest` are the values that give the lowest and the highest score, whatever the others are."""

    name: str
    label: str
    ask: str
    kind: Kind
    lowest: Value
    highest: Value
    origin: Origin
    unit: str = ""
    options: tuple[str, ...] = ()
    other_units: tuple[tuple[str, float], ...] = ()
    patient_knows: bool = True

    def check(self, value: Value) -> Value:
        """Return the value, or refuse what cannot be.

        Raises:
            CalculatorInputError: when it is of another kind, none of the options or out of the possible range.
        """
        if self.kind == "yes-no":
            if not isinstance(value, bool):
                raise CalculatorInputError(f"{self.label}: yes or no is expected, not {value!r}")
        elif self.kind == "choice":
            if value not in self.options:
                raise CalculatorInputError(f"{self.label}: {value!r} is none of {', '.join(self.options)}")
        else:
            self._check_number(value)
        return value

    def _check_number(self, value: Value) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise CalculatorInputError(
                f"{self.label}: a number{f' in {self.unit}' if self.unit else ''} is expected, not {value!r}"
            )
        low, high = sorted((float(self.lowest), float(self.highest)))
        if not low <= value <= high:
            unit = f" {self.unit}" if self.unit else ""
            message = f"{self.label}: {value:g}{unit} is not possible, it must be between {low:g} and {high:g}{unit}"
            for other, factor in self.other_units:
                if low <= value * factor <= high:
                    message += f"; {value:g} {other} would be {value * factor:.4g}{unit}"
            raise CalculatorInputError(message)

    def shown(self, value: Value) -> str:
        """Return a value as it is read: 'yes', '58 years', 'normal'."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, str):
            return {"m": "male", "f": "female"}.get(value, value)
        return f"{value:g}{f' {self.unit}' if self.unit else ''}"


def yes_no(name: str, label: str, ask: str, origin: Origin, *, lowers: bool = False, patient_knows: bool = True) -> Input:
    """Return an input that is yes or no. `lowers` says that yes gives the lower score."""
    return Input(name, label, ask, "yes-no", lowers, not lowers, origin, patient_knows=patient_knows)


def choice(name: str, label: str, ask: str, options: tuple[str, ...], origin: Origin, *, patient_knows: bool = True) -> Input:
    """Return an input with named options, the one with the lowest score first."""
    return Input(name, label, ask, "choice", options[0], options[-1], origin, options=options, patient_knows=patient_knows)


def number(
    name: str,
    label: str,
    ask: str,
    unit: str,
    possible: tuple[float, float],
    origin: Origin,
    *,
    lowers: bool = False,
    other_units: tuple[tuple[str, float], ...] = (),
    patient_knows: bool = False,
) -> Input:
    """Return a number with its unit and what is possible. `lowers` says that more of it gives a lower score.

    `other_units` are often mistaken for it, with the factor to this unit.
    """
    low, high = possible[::-1] if lowers else possible
    return Input(name, label, ask, "number", low, high, origin, unit=unit, other_units=other_units, patient_knows=patient_knows)


def age(*, possible: tuple[float, float] = (0, 120), lowers: bool = False) -> Input:
    """Return the age of the person."""
    return number(
        "age_years",
        "age",
        "How old are you?",
        "years",
        possible,
        Origin(person="age_years"),
        lowers=lowers,
        patient_knows=True,
    )


def sex(*, lowest: Literal["m", "f"]) -> Input:
    """Return the sex of the person, the one with the lower score first."""
    options = ("m", "f") if lowest == "m" else ("f", "m")
    return choice("sex", "sex", "Are you male or female?", options, Origin(person="sex"))


def vital(
    name: str,
    label: str,
    ask: str,
    unit: str,
    possible: tuple[float, float],
    *,
    lowers: bool = False,
    patient_knows: bool = False,
) -> Input:
    """Return a measured value; its name is that of the vital."""
    return number(name, label, ask, unit, possible, Origin(vital=name), lowers=lowers, patient_knows=patient_knows)


def creatinine(*, lowers: bool) -> Input:
    """Return serum creatinine in µmol/l. Below 15 or above 2,500 it is another unit or another person's."""
    return number(
        "creatinine_umol_l",
        "serum creatinine",
        "What was the creatinine in the last blood test?",
        "µmol/l",
        (15, 2500),
        Origin(vital="creatinine_umol_l"),
        lowers=lowers,
        other_units=(("mg/dl", UMOL_L_PER_MG_DL),),
    )


# 113.12 g/mol: 1 mg/dl is 88.4 µmol/l.
UMOL_L_PER_MG_DL = 88.4
