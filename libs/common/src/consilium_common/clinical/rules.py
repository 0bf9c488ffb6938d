"""Red-flag rules over the facts of a case: whether a condition holds, by which findings, and what one answer would change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from consilium_common.clinical.case_facts import CaseFacts
from consilium_common.contracts.knowledge import When


@dataclass(frozen=True)
class Situation:
    """What rules look at: the facts, vitals by name with unit, and severity from 0 to 10 by finding.

    With `any_age`, age bounds hold on an unknown age: that is how a question about the age is found.
    """

    facts: CaseFacts
    vitals: Mapping[str, float]
    severity: Mapping[str, int]
    any_age: bool = False

    def with_finding(self, finding: str, general: frozenset[str]) -> "Situation":
        """Return the situation as it would be if that finding were present, too."""
        added = general | {finding}
        return replace(self, facts=replace(self.facts, present=self.facts.present | added, absent=self.facts.absent - added))


@dataclass(frozen=True, slots=True)
class Test:
    """A `When` made ready: `named` are the findings that it or a part asks for, `timed` whether a part has a bound on time.

    `needs_finding`: it cannot hold while none of `named` is present, so that most rules are passed over at a glance.
    """

    when: When
    parts_all: tuple["Test", ...]
    parts_any: tuple["Test", ...]
    parts_none: tuple["Test", ...]
    named: frozenset[str]
    timed: bool
    needs_finding: bool


def prepare(when: When | str) -> Test:
    """Return a condition ready to be tested; a bare string means that this finding is present."""
    if isinstance(when, str):
        when = When(finding=when)
    parts_all, parts_any, parts_none = (tuple(map(prepare, parts)) for parts in (when.all, when.any, when.none))
    own = frozenset({when.finding} if when.finding else ())
    bounds = (when.onset, when.severity_min, when.duration_min_h, when.duration_max_h)
    return Test(
        when=when,
        parts_all=parts_all,
        parts_any=parts_any,
        parts_none=parts_none,
        named=own.union(*(part.named for part in (*parts_all, *parts_any))),
        needs_finding=bool(own)
        or any(part.needs_finding for part in parts_all)
        or (bool(parts_any) and all(part.needs_finding for part in parts_any)),
        timed=any(bound is not None for bound in bounds) or any(part.timed for part in (*parts_all, *parts_any, *parts_none)),
    )


def holds(test: Test, case: Situation, about: frozenset[str] = frozenset()) -> bool:
    """Return whether a condition holds. `about` are the findings of which a bound on time speaks when it names none."""
    when, present = test.when, case.facts.present
    if when.finding is not None and when.finding not in present:
        return False
    if when.absent is not None and when.absent not in case.facts.absent:
        return False
    if test.timed:
        about = test.named & present or about
    if not all(holds(part, case, about) for part in test.parts_all):
        return False
    if test.parts_any and sum(holds(part, case, about) for part in test.parts_any) < (when.at_least or 1):
        return False
    if any(holds(part, case, about) for part in test.parts_none):
        return False
    return _person_fits(when, case) and (not test.timed or _time_fits(when, case, about)) and _vital_fits(when, case)


def fired_by(test: Test, case: Situation, about: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return the findings and vitals by which a condition holds."""
    about = test.named & case.facts.present or about
    if not holds(test, case, about):
        return frozenset()
    own = frozenset(name for name in (test.when.finding, test.when.vital) if name)
    return own.union(*(fired_by(part, case, about) for part in (*test.parts_all, *test.parts_any)))


class AsIf:
    """A situation as it would be with one more finding; each such situation is made once for all rules."""

    def __init__(self, case: Situation, general: Mapping[str, frozenset[str]]) -> None:
        self.case = case
        self._general = general
        self._made: dict[str, Situation] = {}

    def with_finding(self, finding: str) -> Situation:
        """Return the situation with this finding present."""
        if finding not in self._made:
            self._made[finding] = self.case.with_finding(finding, self.general(finding))
        return self._made[finding]

    def general(self, finding: str) -> frozenset[str]:
        """Return the more general findings that one implies."""
        return self._general.get(finding, frozenset())


def missing_findings(test: Test, as_if: AsIf) -> list[str]:
    """Return the findings of which one alone would make the condition hold, sorted."""
    case = as_if.case
    candidates = test.named - case.facts.present - case.facts.absent
    about = test.named & case.facts.present
    for part in test.parts_all:
        if not candidates:
            return []
        if not holds(part, case, about):
            # Only what this part names, or a kind of it, can make it hold.
            candidates = frozenset(name for name in candidates if not part.named.isdisjoint(as_if.general(name) | {name}))
    return [name for name in sorted(candidates) if holds(test, as_if.with_finding(name))]


def _person_fits(when: When, case: Situation) -> bool:
    age = case.facts.age_years
    if age is None:
        if (when.age_min is not None or when.age_max is not None) and not case.any_age:
            return False
    elif (when.age_min is not None and age < when.age_min) or (when.age_max is not None and _above(age, when.age_max)):
        return False
    if when.sex is not None and case.facts.sex != when.sex:
        return False
    return when.pregnant is None or _pregnant(case) == when.pregnant


def _above(age: float, most: float) -> bool:
    """Return whether an age is past a bound: somebody is 15 until the 16th birthday, an infant's bound of 0.25 is exact."""
    return age >= most + 1 if most >= 1 and float(most).is_integer() else age > most


def _pregnant(case: Situation) -> bool:
    return bool(case.facts.pregnant) or "pregnancy" in case.facts.present


def _time_fits(when: When, case: Situation, about: frozenset[str]) -> bool:
    if when.onset is not None and not _began(case, about, when.onset):
        return False
    if when.severity_min is not None and max((case.severity.get(name, -1) for name in about), default=-1) < when.severity_min:
        return False
    # The shortest counts: the newest change is what brought the person here.
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
