"""Red-flag rules over the facts of a case: whether a condition holds, by which findings, and what one answer would change."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from consilium_common.clinical.case_facts import CaseFacts
from consilium_common.contracts.knowledge import When


@dataclass(frozen=True)
class Situation:
    """What rules look at. `severity` is 0 to 10 by finding, `vitals` by name with unit; with `any_age` age bounds hold on unknown age."""

    facts: CaseFacts
    vitals: Mapping[str, float]
    severity: Mapping[str, int]
    any_age: bool = False

    def with_finding(self, finding: str, general: frozenset[str]) -> "Situation":
        """Return the situation as it would be if that finding were present, too."""
        facts = replace(
            self.facts,
            present=self.facts.present | {finding} | general,
            absent=self.facts.absent - {finding} - general,
        )
        return replace(self, facts=facts)


def holds(when: When | str, case: Situation, about: frozenset[str] = frozenset()) -> bool:
    """Return whether a condition holds. `about` are the findings that a bound on time or severity speaks of when it names none."""
    if isinstance(when, str):
        return when in case.facts.present
    about = frozenset(named(when)) & case.facts.present or about
    if when.finding is not None and when.finding not in case.facts.present:
        return False
    if when.absent is not None and when.absent not in case.facts.absent:
        return False
    if not all(holds(part, case, about) for part in when.all):
        return False
    if when.any and sum(holds(part, case, about) for part in when.any) < (when.at_least or 1):
        return False
    if any(holds(part, case, about) for part in when.none):
        return False
    return _person_fits(when, case) and _time_fits(when, case, about) and _vital_fits(when, case)


def named(when: When | str) -> Iterator[str]:
    """Yield the findings whose presence a condition asks for."""
    if isinstance(when, str):
        yield when
        return
    if when.finding is not None:
        yield when.finding
    for part in (*when.all, *when.any):
        yield from named(part)


def fired_by(when: When | str, case: Situation, about: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return the findings and vitals by which a condition holds."""
    if not holds(when, case, about):
        return frozenset()
    if isinstance(when, str):
        return frozenset({when})
    about = frozenset(named(when)) & case.facts.present or about
    own = {name for name in (when.finding, when.vital) if name}
    return frozenset(own).union(*(fired_by(part, case, about) for part in (*when.all, *when.any)))


def missing_findings(when: When, case: Situation, general: Mapping[str, frozenset[str]]) -> list[str]:
    """Return the findings of which one alone would make the condition hold, in the order in which the rule names them."""
    candidates = dict.fromkeys(name for name in named(when) if name not in case.facts.present and name not in case.facts.absent)
    return [name for name in candidates if holds(when, case.with_finding(name, general.get(name, frozenset())))]


def _person_fits(when: When, case: Situation) -> bool:
    age = case.facts.age_years
    if age is None:
        if (when.age_min is not None or when.age_max is not None) and not case.any_age:
            return False
    elif (when.age_min is not None and age < when.age_min) or (when.age_max is not None and _above(age, when.age_max)):
        return False
    if when.sex is not None and case.facts.sex != when.sex:
        return False
    return when.pregnant is None or bool(_pregnant(case)) == when.pregnant


def _above(age: float, most: float) -> bool:
    """Return whether an age is past a bound: somebody is 15 until the 16th birthday, an infant's bound of 0.25 is exact."""
    return age >= most + 1 if float(most).is_integer() and most >= 1 else age > most


def _pregnant(case: Situation) -> bool:
    return bool(case.facts.pregnant) or "pregnancy" in case.facts.present


def _time_fits(when: When, case: Situation, about: frozenset[str]) -> bool:
    if when.onset is not None and not _began(case, about, when.onset):
        return False
    if when.severity_min is not None and max((case.severity.get(name, -1) for name in about), default=-1) < when.severity_min:
        return False
    hours = min((case.facts.duration_h[name] for name in about if name in case.facts.duration_h), default=None)
    if when.duration_max_h is not None and (hours is None or hours > when.duration_max_h):
        return False
    return when.duration_min_h is None or (hours is not None and hours >= when.duration_min_h)


def _began(case: Situation, about: Iterable[str], onset: Literal["sudden", "gradual"]) -> bool:
    return any(case.facts.onset.get(name) == onset for name in about)


def _vital_fits(when: When, case: Situation) -> bool:
    if when.vital is None:
        return True
    value = case.vitals.get(when.vital)
    if value is None:
        return False
    return (when.below is None or value < when.below) and (when.above is None or value > when.above)
