"""To which finding a duration, an onset or a severity belongs: its statement's, else its sentence's, else the one before."""

from bisect import bisect_left
from collections import defaultdict
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
    placed: dict[int, list[tuple[S, Place]]] = defaultdict(list)
    for each in said:
        place = place_of(each)
        placed[place.sentence].append((each, place))
    by_sentence: dict[int, list[int]] = defaultdict(list)
    for index, finding in enumerate(findings):
        by_sentence[finding.sentence].append(index)
    found: list[S | None] = [None] * len(findings)
    for sentence, indices in by_sentence.items():
        first = min(findings[index].start for index in indices)
        for index in indices:
            found[index] = _owner(findings[index], first, placed.get(sentence, ()), wide=wide)
    sentences = sorted(by_sentence)
    for sentence, near in placed.items():
        earlier = bisect_left(sentences, sentence)
        if sentence in by_sentence or not earlier:
            continue
        for index in by_sentence[sentences[earlier - 1]]:
            found[index] = found[index] or near[0][0]
    return found


def _owner(finding: Place, first: int, near: Sequence[tuple[S, Place]], *, wide: bool) -> S | None:
    """Return what of a sentence belongs to one of its findings; `first` is where the first of them begins."""
    beside = [(_distance(finding, place), each) for each, place in near if place.statement == finding.statement]
    if beside:
        return min(beside, key=lambda pair: pair[0])[1]
    if not wide:
        return None
    before = [(each, place) for each, place in near if place.end <= finding.start]
    if before and first >= before[-1][1].start:
        return before[-1][0]
    return next((each for each, place in near if place.start >= finding.end), None)


def _distance(finding: Place, place: Place) -> int:
    return max(place.start - finding.end, finding.start - place.end, 0)
