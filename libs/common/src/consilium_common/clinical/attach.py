"""To which finding a duration, an onset or a severity belongs: its statement's, else its sentence's, else the one before."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol, TypeVar


class Place(NamedTuple):
    """Where something stands: offsets in the text, number of the sentence, number of the statement in the text."""

    start: int
    end: int
    sentence: int
    statement: int


class Spanned(Protocol):
    """Something with offsets."""

    @property
    def start(self) -> int:
        """Offset of its first character."""

    @property
    def end(self) -> int:
        """Offset after its last character."""


S = TypeVar("S", bound=Spanned)


def owners(
    findings: Sequence[Place], said: Sequence[S], place_of: Callable[[S], Place], *, wide: bool = True
) -> list[S | None]:
    """Return for each finding what was said of it, or None. Without `wide` only what stands in the same statement counts."""
    placed = [(each, place_of(each)) for each in said]
    found = [_owner(finding, findings, placed, wide=wide) for finding in findings]
    sentences = {finding.sentence for finding in findings}
    for each, place in placed:
        earlier = [sentence for sentence in sentences if sentence < place.sentence]
        if place.sentence in sentences or not earlier:
            continue
        for index, finding in enumerate(findings):
            if finding.sentence == max(earlier) and found[index] is None:
                found[index] = each
    return found


def _owner(finding: Place, findings: Sequence[Place], placed: Sequence[tuple[S, Place]], *, wide: bool) -> S | None:
    near = [(each, place) for each, place in placed if place.sentence == finding.sentence]
    beside = [(_distance(finding, place), each) for each, place in near if place.statement == finding.statement]
    if beside:
        return min(beside, key=lambda pair: pair[0])[1]
    if not wide:
        return None
    before = [(each, place) for each, place in near if place.end <= finding.start]
    if before and not any(other.sentence == finding.sentence and other.start < before[-1][1].start for other in findings):
        return before[-1][0]
    return next((each for each, place in near if place.start >= finding.end), None)


def _distance(finding: Place, place: Place) -> int:
    return max(place.start - finding.end, finding.start - place.end, 0)
