"""Where a phrase stands in a text: its words close together, in order or turned round, and which of two readings is better."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from consilium_common.clinical.phrases import Phrase
from consilium_common.clinical.text import Token, stem
from consilium_common.clinical.words import ARTICLES, BODY_PARTS, HEAD_NOUNS, OWN_MEANING, SAME, SYNONYMS, word_set

_MOST_BETWEEN = 2
_FAR = 99
# No phrase stretches further, light words included.
_WINDOW = 16
# A short plural is slang or another word than its singular: uppers, mets, runs.
_SHORT_PLURAL = 6
_PAIR = 2
_COORDINATORS = frozenset({"and", "or", "plus", "nor"})
_COMPLAINTS = frozenset(map(stem, word_set("pain headache rash lump cough dizziness swelling bleeding wound mole period")))
_PARTS = {SYNONYMS.get(stem(word), stem(word)) for word in BODY_PARTS}
_TOPICS = _COMPLAINTS | _PARTS


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found at these token indexes, with `gap` words in between; `exact` when it needed no synonym."""

    phrase: Phrase
    at: tuple[int, ...]
    gap: int
    exact: bool


class View:
    """The tokens of one text as the search needs them: places of each stem, and what stands between two places."""

    def __init__(self, tokens: Sequence[Token], text: str) -> None:
        self.tokens = tokens
        self.text = text
        self.places: dict[str, list[int]] = defaultdict(list)
        spoken_of: dict[bool, Token] = {}
        for index, token in enumerate(tokens):
            if not token.masked:
                self.places[token.stem].append(index)
            if token.stem in _TOPICS:
                spoken_of[token.stem in _COMPLAINTS] = token
            elif token.word in {"it", "they"}:
                # 'It locks' after 'my knee' is said of the knee.
                for topic in spoken_of.values():
                    if token.sentence - topic.sentence <= 1:
                        self.places[topic.stem].append(index)
        self.stems = frozenset(self.places)
        self._weights = list(accumulate((token.weight for token in tokens), initial=0))

    def together(self, stems: Sequence[str]) -> bool:
        """Return whether all the stems stand anywhere near each other; most phrases are sorted out here."""
        places = [self.places[stem] for stem in stems]
        return any(all(_near(each, anchor) for each in places) for anchor in min(places, key=len))

    def gap(self, first: int, second: int) -> int:
        """Return how many telling words and pauses are between two places; a large number across clauses."""
        low, high = self.tokens[first], self.tokens[second]
        if low.clause != high.clause:
            return _FAR
        return self._weights[second] - self._weights[first + 1] + high.pauses - low.pauses

    def pauses(self, first: int, second: int) -> int:
        """Return how many commas are between two places."""
        return self.tokens[second].pauses - self.tokens[first].pauses

    def listed(self, first: int, second: int) -> bool:
        """Return whether a comma or an 'and' is between two places."""
        return self.pauses(first, second) > 0 or any(token.word in _COORDINATORS for token in self.tokens[first + 1 : second])

    def adjectives_wait(self, first: int, second: int) -> bool:
        """Return whether a list from a word to a body part only describes that part: `red, hot and swollen knee`."""
        between = self.tokens[first + 1 : second]
        return self.tokens[second].stem in _PARTS and all(token.weight or token.word in _COORDINATORS for token in between)


def _near(places: Sequence[int], anchor: int) -> bool:
    first = bisect_left(places, anchor - _WINDOW)
    return first < len(places) and places[first] <= anchor + _WINDOW


def locate(phrase: Phrase, view: View) -> list[Match]:
    """Return everywhere that a phrase stands; all its stems are known to be in the text."""
    if phrase.alone:
        found = _alone(phrase, view)
    elif not view.together(phrase.stems):
        found = []
    elif phrase.literal:
        found = _literal(phrase, view)
    else:
        found = _in_order(phrase, view)
        if not phrase.ordered:
            found += _turned(phrase, view, {at for match in found for at in match.at})
    return found


def _alone(phrase: Phrase, view: View) -> list[Match]:
    found = []
    for at in view.places[phrase.stems[0]]:
        token = view.tokens[at]
        exact = token.word == phrase.alone
        if token.own != phrase.own[0] or not (exact or (not phrase.own_words_only and _inflects(token.word, phrase.alone))):
            continue
        if not phrase.capitals or view.text[token.start : token.end] == phrase.capitals:
            found.append(Match(phrase, (at,), 0, exact))
    return found


def _inflects(word: str, phrase: str) -> bool:
    """Return whether a word is a form of a phrase's one word that means the same: `weary` is not `wearing`."""
    if word in OWN_MEANING or (phrase in SAME and SAME[phrase] != phrase and not phrase.endswith(("ing", "s", "ed", "ness"))):
        return False
    if (
        phrase.endswith("s")
        and len(phrase) <= _SHORT_PLURAL
        and not phrase.endswith(("ss", "us", "is"))
        and not word.endswith("s")
    ):
        return False
    if phrase.endswith("y") and not word.endswith(("y", "ies", "ily", "iness")):
        return False
    return not (phrase.endswith("ed") and word.endswith("ing"))


def _literal(phrase: Phrase, view: View) -> list[Match]:
    found: list[Match] = []
    for start in view.places[phrase.stems[0]]:
        at, index = [start], start
        for word in phrase.stems[1:]:
            index += 1
            while index < len(view.tokens) and view.tokens[index].word in ARTICLES and view.tokens[index].stem != word:
                index += 1
            if index >= len(view.tokens) or view.tokens[index].stem != word or view.gap(start, index) > len(phrase.stems):
                break
            at.append(index)
        else:
            _keep(found, phrase, view, at, 0)
    return found


def _in_order(phrase: Phrase, view: View) -> list[Match]:
    found: list[Match] = []
    pair = len(phrase.stems) == _PAIR
    most = 0 if phrase.tight and pair else 1 if phrase.tight else max(_MOST_BETWEEN, len(phrase.stems) - 1)
    for start in view.places[phrase.stems[0]]:
        at, total = [start], 0
        for word in phrase.stems[1:]:
            places = view.places[word]
            after = bisect_left(places, at[-1] + 1)
            if after == len(places) or (gap := view.gap(at[-1], places[after])) > _MOST_BETWEEN:
                break
            at.append(places[after])
            total += gap
        else:
            if total <= most and not (pair and _ends_before(at[0], at[1], view)):
                _keep(found, phrase, view, at, total)
    return found


def _ends_before(first: int, second: int, view: View) -> bool:
    """Return whether a complaint is over before the other word comes: `pain and short of breath` is no pain on breathing."""
    if view.tokens[first].word not in HEAD_NOUNS:
        return False
    following = view.tokens[first + 1]
    return (second > first + 1 and following.word in _COORDINATORS) or following.pauses > view.tokens[first].pauses


def _turned(phrase: Phrase, view: View, taken: set[int]) -> list[Match]:
    """Return where the words stand in another order, close together and within one statement."""
    found: list[Match] = []
    for start in view.places[phrase.stems[0]]:
        at = [start]
        for word in phrase.stems[1:]:
            places = view.places[word]
            after = bisect_left(places, start)
            near = [place for place in places[max(0, after - 1) : after + 1] if place not in at]
            if not near:
                break
            at.append(min(near, key=lambda place: abs(place - start)))
        low, high = min(at), max(at)
        if len(at) < len(phrase.stems) or taken.intersection(at) or view.gap(low, high) > _MOST_BETWEEN + len(at) - _PAIR:
            continue
        gap = view.gap(low, high) - sum(view.tokens[place].weight for place in at if low < place < high)
        parted = view.listed(low, high) and not view.adjectives_wait(low, high)
        if gap <= (0 if phrase.tight else _MOST_BETWEEN) and not parted:
            _keep(found, phrase, view, at, gap)
    return found


def _keep(found: list[Match], phrase: Phrase, view: View, at: Sequence[int], gap: int) -> None:
    """Add a match; a word that a pronoun stands for must be right beside the rest."""
    exact = all(view.tokens[place].own == own for place, own in zip(at, phrase.own, strict=True))
    if phrase.own_words_only and not exact:
        return
    if gap == 0 or all(view.tokens[place].stem == stem for place, stem in zip(at, phrase.stems, strict=True)):
        found.append(Match(phrase, tuple(sorted(at)), gap, exact))


def best(found: list[Match], view: View) -> list[Match]:
    """Return the matches that stand, by place: longer before shorter, closer before wider, own words before synonyms."""
    kept: list[Match] = []
    by_place: dict[int, list[Match]] = defaultdict(list)
    for match in sorted(found, key=lambda each: (-len(each.at), each.gap, not each.exact, each.at, each.phrase.target)):
        rivals = {id(better): better for at in match.at for better in by_place[at]}.values()
        if not any(_displaces(better, match, view) for better in rivals):
            kept.append(match)
            for at in match.at:
                by_place[at].append(match)
    return sorted(kept, key=lambda each: (each.at, each.phrase.target))


def _displaces(better: Match, match: Match, view: View) -> bool:
    common = len(set(match.at).intersection(better.at))
    if common == len(match.at):
        same = better.phrase.target == match.phrase.target
        return same or len(better.at) > len(match.at) or better.gap < match.gap or (better.exact and not match.exact)
    return match.gap > better.gap and not _shared_in_a_list(better, match, view)


def _shared_in_a_list(better: Match, match: Match, view: View) -> bool:
    """Return whether both have a right to the words they share: `pain in chest and arm`, `swollen, painful knee`."""
    shared = set(match.at).intersection(better.at)
    told_of_all = shared == {match.at[0]} or all(view.tokens[at].stem in _PARTS for at in shared)
    return told_of_all and view.listed(match.at[0], match.at[-1])
