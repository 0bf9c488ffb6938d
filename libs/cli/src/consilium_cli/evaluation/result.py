"""What an evaluation finds out about one set of cases. Never holds a case's text, only its id and what was made of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from consilium_cli.evaluation.scoring import Figure

if TYPE_CHECKING:
    from consilium_cli.evaluation.calibration import Calibration
    from consilium_cli.evaluation.paired import Paired


@dataclass(frozen=True)
class Miss:
    """A case that went wrong: what was right, what came instead, and the trace of why. Worse misses have more `weight`."""

    case: str
    right: str
    got: str
    why: tuple[str, ...] = ()
    weight: float = 0.0


@dataclass(frozen=True)
class SetResult:
    """The figures of one set, of its parts (levels, body systems), and what went wrong, the worst first.

    `confusion` counts pairs (right, got); `not_held` are right diagnoses that no pack knows, with how often. `outcomes` tells
    by figure which cases were right, so that other systems can be compared case by case; `paired` holds such comparisons.
    """

    name: str
    n: int
    figures: Mapping[str, Figure]
    parts: Mapping[str, "SetResult"] = field(default_factory=dict)
    confusion: Mapping[tuple[str, str], int] = field(default_factory=dict)
    misses: tuple[Miss, ...] = ()
    not_held: Mapping[str, int] = field(default_factory=dict)
    outcomes: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    calibration: "Calibration | None" = None
    paired: tuple["Paired", ...] = ()

    def as_json(self, worst: int) -> dict[str, object]:
        """Return the result for programs, with at most `worst` misses."""
        shown: dict[str, object] = {"set": self.name, "n": self.n}
        shown |= {name: figure.as_json() for name, figure in self.figures.items()}
        if self.parts:
            shown["parts"] = [part.as_json(0) for part in self.parts.values()]
        if self.confusion:
            shown["confusion"] = [
                {"right": right, "got": got, "n": count} for (right, got), count in sorted(self.confusion.items())
            ]
        if self.calibration is not None:
            shown["calibration"] = self.calibration.as_json()
        if self.paired:
            shown["paired"] = [each.as_json() for each in self.paired]
        if self.not_held:
            shown["not_in_the_packs"] = dict(sorted(self.not_held.items()))
        if worst:
            shown["worst"] = [
                {"case": miss.case, "right": miss.right, "got": miss.got, "why": list(miss.why)} for miss in self.misses[:worst]
            ]
        return shown


def worst_first(misses: list[Miss]) -> tuple[Miss, ...]:
    """Return misses in the order in which somebody should look at them."""
    return tuple(sorted(misses, key=lambda miss: (-miss.weight, miss.case)))


def counted(names: list[str]) -> dict[str, int]:
    """Return how often each name stands there, the most frequent first."""
    return dict(sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0])))
