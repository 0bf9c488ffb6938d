"""Drawing a calculator's inputs from a case: what was said, measured or recorded, and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from consilium_common.clinical.calculators.inputs import Bounds, CalculatorInputError, Input, Value
from consilium_common.clinical.calculators.scoring import Calculator, Result, evaluate, from_total
from consilium_common.clinical.case_facts import Ancestors, CaseFacts
from consilium_common.contracts.case import Vital

From = Literal["said", "measured", "record", "person", "total"]


@dataclass(frozen=True)
class Drawn:
    """An input as a case gives it: a value, or the two ends of what is still possible, and where it comes from."""

    origin: From
    value: Value | None = None
    bounds: Bounds | None = None
    words: str = ""


@dataclass(frozen=True)
class Case:
    """What inputs are drawn from."""

    facts: CaseFacts
    vitals: Mapping[str, Vital]
    ancestors: Ancestors

    def denied(self, finding: str) -> bool:
        """Return whether a finding or something more general was denied: who has no pain has no chest pain."""
        absent = self.facts.absent
        return finding in absent or not self.ancestors.get(finding, frozenset()).isdisjoint(absent)

    def source_of(self, findings: Iterable[str]) -> From:
        """Return 'record' when only the record names them."""
        present = self.facts.present.intersection(findings)
        return "record" if present and present <= self.facts.from_record else "said"


@dataclass(frozen=True)
class Worked:
    """A calculator worked out for a case, with the inputs that were drawn and what was refused."""

    result: Result
    drawn: Mapping[str, Drawn]
    refused: tuple[str, ...] = ()


def work_out(calculator: Calculator, case: Case) -> Worked:
    """Return the result of a calculator for a case. A value that cannot be is not used, and it is said."""
    stated = calculator.stated and case.vitals.get(calculator.stated.vital)
    if stated:
        try:
            return Worked(from_total(calculator, stated.value), {"total": Drawn("total", stated.value, words=stated.words)})
        except CalculatorInputError as error:
            return Worked(evaluate(calculator, {}), {}, (str(error),))
    drawn: dict[str, Drawn] = {}
    refused: list[str] = []
    for each in calculator.inputs:
        found = draw(each, case)
        if found is None:
            continue
        try:
            for value in (found.value,) if found.value is not None else found.bounds or ():
                each.check(value)
        except CalculatorInputError as error:
            refused.append(str(error))
        else:
            drawn[each.name] = found
    given = {name: found.value for name, found in drawn.items() if found.value is not None}
    narrowed = {name: found.bounds for name, found in drawn.items() if found.bounds is not None}
    return Worked(evaluate(calculator, given, narrowed), drawn, tuple(refused))


def draw(asked: Input, case: Case) -> Drawn | None:
    """Return an input of a case, or None when nothing in it says anything about it."""
    origin = asked.origin
    if origin.judge is not None and (judged := origin.judge(case.facts)) is not None:
        return Drawn("said", judged[0], words=judged[1])
    if origin.person is not None:
        value = case.facts.age_years if origin.person == "age_years" else case.facts.sex
        return None if value is None else Drawn("person", value)
    if asked.kind == "yes-no":
        return _yes_or_no(asked, case)
    if asked.kind == "choice":
        return _option(asked, case)
    measured = case.vitals.get(origin.vital or "")
    return Drawn("measured", measured.value, words=measured.words) if measured is not None else None


def _yes_or_no(asked: Input, case: Case) -> Drawn | None:
    origin = asked.origin
    measured = case.vitals.get(origin.vital or "")
    reached = measured is not None and (
        (origin.above is not None and measured.value > origin.above)
        or (origin.least is not None and measured.value >= origin.least)
    )
    if measured is not None and reached:
        return Drawn("measured", True, words=measured.words)
    # Said or recorded beside a value that does not reach it: who is on dialysis may have a low creatinine after it.
    if found := _present(origin.findings, case):
        return Drawn(case.source_of(found), True, words=", ".join(found))
    if measured is not None:
        return Drawn("measured", False, words=measured.words)
    if found := _present(origin.contrary, case):
        return Drawn(case.source_of(found), False, words=", ".join(found))
    if _all_denied(origin.findings, case):
        return Drawn("said", False)
    if origin.none_else is not None and origin.none_else in case.facts.present:
        return Drawn("said", False, words="nothing else was named")
    return None


def _option(asked: Input, case: Case) -> Drawn | None:
    """Return an option, or the ends of those that are left: an option that is named is at least that."""
    origin, options = asked.origin, asked.options
    if origin.findings:
        if found := _present(origin.findings, case):
            return Drawn(case.source_of(found), bounds=(options[1], options[-1]), words=", ".join(found))
        return Drawn("said", options[0]) if _all_denied(origin.findings, case) else None
    named = [place for place, option in enumerate(options) if _present(origin.options.get(option, ()), case)]
    possible = [
        place
        for place, option in enumerate(options)
        if place == 0 or origin.only_said or not _all_denied(origin.options.get(option, ()), case)
    ]
    if not named and len(possible) == len(options):
        return None
    words = ", ".join(_present(origin.options.get(options[named[-1]], ()), case)) if named else ""
    lowest = named[-1] if named else 0
    # The first option is said outright ('normal ECG'); any other may still be outdone by one above it.
    highest = lowest if named == [0] else max(*possible, lowest)
    if lowest == highest:
        return Drawn("said", options[lowest], words=words)
    return Drawn("said", bounds=(options[lowest], options[highest]), words=words)


def _all_denied(findings: Sequence[str], case: Case) -> bool:
    return bool(findings) and all(case.denied(finding) for finding in findings)


def _present(findings: Iterable[str], case: Case) -> tuple[str, ...]:
    return tuple(finding for finding in findings if finding in case.facts.present)
