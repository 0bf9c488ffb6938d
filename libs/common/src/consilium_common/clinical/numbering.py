"""Numbering the citations of an answer: each specialist's own ids become 1, 2, 3 in order of first use."""

from collections.abc import Iterable, Mapping

from consilium_common.contracts.opinion import Evidence, Opinion


class Numbering:
    """Gives every piece of evidence one number, however many specialists cite it. Only what is used is kept."""

    def __init__(self, opinions: Mapping[str, Opinion]) -> None:
        self._evidence = {(agent, each.id): each for agent, opinion in opinions.items() for each in opinion.evidence}
        self._numbers: dict[tuple[str, str, str], str] = {}
        self._used: list[Evidence] = []

    def of(self, agent: str, ids: Iterable[str]) -> tuple[str, ...]:
        """Return the numbers of an agent's evidence ids; an id without evidence has none."""
        return tuple(dict.fromkeys(self.add(each) for each in self.find(agent, ids)))

    def find(self, agent: str, ids: Iterable[str]) -> tuple[Evidence, ...]:
        """Return an agent's evidence by its own ids, without using it."""
        found = (self._evidence.get((agent, id)) for id in ids)
        return tuple(each for each in found if each is not None)

    def locate(self, agent: str, locator: str) -> Evidence | None:
        """Return an agent's evidence from a place, without using it."""
        return next((each for (name, _), each in self._evidence.items() if name == agent and each.locator == locator), None)

    def add(self, evidence: Evidence) -> str:
        """Return the number of a piece of evidence, a new one when it was not used before."""
        key = (evidence.kind, evidence.locator, evidence.quote)
        if key not in self._numbers:
            self._numbers[key] = str(len(self._used) + 1)
            self._used.append(evidence.model_copy(update={"id": self._numbers[key]}))
        return self._numbers[key]

    def citations(self) -> tuple[Evidence, ...]:
        """Return everything that was used, by number."""
        return tuple(self._used)
