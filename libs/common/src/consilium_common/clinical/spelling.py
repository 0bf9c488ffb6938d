"""Slips of spelling: one letter wrong, missing, doubled or swapped in words of six letters and more; two in long ones."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from rapidfuzz.distance import OSA

from consilium_common.clinical.words import ENGLISH, INTENSIFIER, NOT_MISSPELT

_LEAST_LETTERS = 6
# From this length on two slips are still closer to one word than to any other.
_TWO_SLIPS_FROM = 10


class Speller:
    """Brings an unknown word back to the known one that it most likely means, by a precomputed index of deletions."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_deletion: dict[str, list[str]] = defaultdict(list)
        for known in sorted(set(words)):
            if len(known) >= _LEAST_LETTERS - 1 and known.isalpha() and known.isascii():
                for shorter in _deletions(known, _slips(known)):
                    self._by_deletion[shorter].append(known)

    def correct(self, word: str) -> str | None:
        """Return the known word that was meant, or None. First and last letter are trusted: people rarely get them wrong."""
        if len(word) < _LEAST_LETTERS or not word.isascii() or word in NOT_MISSPELT or word in ENGLISH or word in INTENSIFIER:
            return None
        slips = _slips(word)
        near = {
            known for shorter in _deletions(word, slips) for known in self._by_deletion.get(shorter, ()) if _alike(known, word)
        }
        ranked = sorted((OSA.distance(word, known), known) for known in near)
        return ranked[0][1] if ranked and ranked[0][0] <= slips else None


def _alike(known: str, word: str) -> bool:
    return known[0] == word[0] and (known[-1] == word[-1] or known[-1] == word[-2] or known[-2] == word[-1])


def _slips(word: str) -> int:
    return 2 if len(word) >= _TWO_SLIPS_FROM else 1


def _deletions(word: str, slips: int) -> Iterator[str]:
    seen, edge = {word}, {word}
    for _ in range(slips):
        edge = {each[:at] + each[at + 1 :] for each in edge for at in range(len(each))}
        seen |= edge
    yield from seen
