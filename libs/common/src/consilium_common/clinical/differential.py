"""Several differentials as one, as if a single pack had held all conditions: nothing is counted twice, who said it is kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from consilium_common.contracts.knowledge import TriageLevel
from consilium_common.contracts.opinion import Opinion, Possibility

# An opinion always leaves at least this much for something else; odds against nothing would be infinite. One that does not say
# how much it leaves to what it does not know is believed less far.
LEAST_ELSE = 0.0005
LEAST_ELSE_UNSAID = 0.02


@dataclass(frozen=True)
class View:
    """What one agent holds of a possibility. `place` is its rank there, from 0; `odds` are against something else."""

    agent: str
    possibility: Possibility
    place: int
    odds: float


@dataclass(frozen=True)
class MergedPossibility:
    """One possibility with the views of all agents that named it, the most convinced first."""

    views: tuple[View, ...]
    probability: float

    @property
    def best(self) -> Possibility:
        """Return the view of the most convinced agent."""
        return self.views[0].possibility

    @property
    def agents(self) -> frozenset[str]:
        """Return who named it."""
        return frozenset(view.agent for view in self.views)

    @property
    def triage(self) -> TriageLevel:
        """Return the most urgent level that anybody gives it."""
        return max((view.possibility.triage for view in self.views), key=lambda level: level.urgency)


def merge_differentials(opinions: Mapping[str, Opinion]) -> tuple[MergedPossibility, ...]:
    """Return the merged differential, most probable first; probabilities sum to less than 1.

    Every agent's odds are against the same "something else", so they can stand beside each other. Where two agents name the
    same condition, or one of the same ICD-10 category, the more convinced one counts, not the sum. What agents weighed and did
    not list takes its share of the whole, so that the possibilities of a large pack stand no lower for it; only once, since
    they may have weighed the same.
    """
    groups = _by_category(_by_id(view for agent, opinion in sorted(opinions.items()) for view in _views(agent, opinion)))
    unlisted = max((_unlisted_odds(opinion) for opinion in opinions.values()), default=0.0)
    whole = 1 + sum(views[0].odds for views in groups) + unlisted
    merged = (MergedPossibility(tuple(views), views[0].odds / whole) for views in groups)
    return tuple(sorted(merged, key=lambda each: (-each.probability, each.best.condition)))


def _views(agent: str, opinion: Opinion) -> Iterable[View]:
    something_else = _something_else(opinion)
    for place, possibility in enumerate(opinion.differential):
        yield View(agent, possibility, place, possibility.probability / something_else)


def _listed(opinion: Opinion) -> float:
    return sum(possibility.probability for possibility in opinion.differential)


def _something_else(opinion: Opinion) -> float:
    """Return the share of conditions that the agent does not know; all that it did not list where it does not say."""
    if opinion.something_else is None:
        return max(1 - _listed(opinion), LEAST_ELSE_UNSAID)
    return max(opinion.something_else, LEAST_ELSE)


def _unlisted_odds(opinion: Opinion) -> float:
    """Return the odds of the conditions that the agent weighed and did not list."""
    if opinion.something_else is None or not opinion.differential:
        return 0.0
    return max(1 - _listed(opinion) - opinion.something_else, 0.0) / _something_else(opinion)


def _order(view: View) -> tuple[float, str, str]:
    return (-view.odds, view.possibility.condition, view.agent)


def _by_id(views: Iterable[View]) -> list[list[View]]:
    groups: dict[str, list[View]] = {}
    for view in views:
        groups.setdefault(view.possibility.condition, []).append(view)
    return sorted((sorted(group, key=_order) for group in groups.values()), key=lambda group: _order(group[0]))


def _by_category(groups: Sequence[list[View]]) -> list[list[View]]:
    """Join groups of one ICD-10 category when no agent stands in both: who tells two conditions apart means two."""
    joined: list[list[View]] = []
    for group in groups:
        alike = (other for other in joined if _category(other) == _category(group))
        match = next((other for other in alike if _agents(other).isdisjoint(_agents(group))), None)
        if match is None:
            joined.append(list(group))
        else:
            match.extend(group)
            match.sort(key=_order)
    return joined


def _category(group: Sequence[View]) -> str:
    return group[0].possibility.icd10[:3]


def _agents(group: Iterable[View]) -> set[str]:
    return {view.agent for view in group}
