"""Two systems over the same cases: who is right where, and whether the difference can be chance. Pure, and read from files."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb
from pathlib import Path

from consilium_cli.evaluation.cases import DataError
from consilium_cli.evaluation.result import SetResult
from consilium_cli.evaluation.scoring import Figure, mean

# Of a file with outcomes: for each (set, figure) and system which cases it had right.
Outcomes = Mapping[tuple[str, str], Mapping[str, Mapping[str, bool]]]


@dataclass(frozen=True)
class Paired:
    """Ours against another system's outcomes on the cases that both have.

    `both`, `ours` and `theirs` count who alone was right, `neither` the rest. `difference` is our share minus theirs with its
    bootstrap interval over cases; `p` is McNemar's exact two-sided test (McNemar 1947; binomial over the cases that differ).
    """

    figure: str
    against: str
    both: int
    ours: int
    theirs: int
    neither: int
    difference: Figure
    p: float

    @property
    def n(self) -> int:
        """Return how many cases both have."""
        return self.both + self.ours + self.theirs + self.neither

    def as_json(self) -> dict[str, object]:
        """Return counts, difference and p."""
        counts = {"both_right": self.both, "only_ours": self.ours, "only_theirs": self.theirs, "neither": self.neither}
        told = {"figure": self.figure, "against": self.against, "n": self.n}
        return told | counts | {"difference": self.difference.as_json(), "p_mcnemar_exact": round(self.p, 6)}


def compare(figure: str, against: str, ours: Mapping[str, bool], theirs: Mapping[str, bool]) -> Paired | None:
    """Return the comparison over the cases that stand in both, None when there is none."""
    pairs = [(ours[case], theirs[case]) for case in sorted(ours.keys() & theirs.keys())]
    difference = mean([float(we) - float(they) for we, they in pairs])
    if difference is None:
        return None
    only_we, only_they = sum(we and not they for we, they in pairs), sum(they and not we for we, they in pairs)
    both = sum(we and they for we, they in pairs)
    rest = len(pairs) - both - only_we - only_they
    return Paired(figure, against, both, only_we, only_they, rest, difference, mcnemar(only_we, only_they))


def mcnemar(one: int, other: int) -> float:
    """Return the exact two-sided p that cases which differ fall `one` to `other` by chance alone; 1 when none differ."""
    n, least = one + other, min(one, other)
    tail = sum(comb(n, k) for k in range(least + 1))
    return min(1.0, 2 * tail / (1 << n))


def against_all(result: SetResult, published: Outcomes) -> tuple[Paired, ...]:
    """Return the comparisons of a set's outcomes with those of every other system that has the same figure for it."""
    found = [
        compare(figure, system, ours, theirs)
        for figure, ours in result.outcomes.items()
        for system, theirs in sorted(published.get((result.name, figure), {}).items())
    ]
    return tuple(each for each in found if each is not None)


def read_outcomes(file: Path) -> Outcomes:
    """Return the outcomes in a file of JSON lines `{"system", "set", "figure", "case", "right"}`, ours or published ones.

    Raises:
        DataError: when the file is missing, empty, a line is not of this form, or one case stands twice for one figure.
    """
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{str(file)!r} with outcomes to compare with cannot be read: {error!r}") from error
    found: dict[tuple[str, str], dict[str, dict[str, bool]]] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            key = str(record["set"]), str(record["figure"])
            case, right = str(record["case"]), record["right"]
            cases = found.setdefault(key, {}).setdefault(str(record["system"]), {})
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise DataError(f"{file.name}, line {number}: this is no outcome of a case: {error!r}") from error
        if not isinstance(right, bool):
            raise DataError(f"{file.name}, line {number}: right is true or false, not {right!r}")
        if case in cases:
            raise DataError(f"{file.name}, line {number}: case {case!r} stands twice for {key[1]!r}")
        cases[case] = right
    if not found:
        raise DataError(f"{file.name} holds no outcomes.")
    return found


def outcome_lines(system: str, sets: Sequence[SetResult]) -> str:
    """Return the outcomes of sets in the form that `read_outcomes` reads."""
    records = (
        {"system": system, "set": each.name, "figure": figure, "case": case, "right": right}
        for each in sets
        for figure, cases in each.outcomes.items()
        for case, right in sorted(cases.items())
    )
    return "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)
