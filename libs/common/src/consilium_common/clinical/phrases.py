"""Finding the vocabulary's phrases in a text: words apart, in another order, or slightly misspelt."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from consilium_common.clinical.spelling import Speller
from consilium_common.clinical.text import Token, plain, stem, tokenize
from consilium_common.clinical.words import ARTICLES, BODY_PARTS, LIGHT, LOCATIVE, ORDERED, SYNONYMS

_MOST_BETWEEN = 2
# Abbreviations that are also words or too short to be safe: read only in capitals.
_CAPITALS_ONLY = frozenset(
    {"sob", "pid", "cap", "cat", "mad", "gas", "als", "has", "sad", "fit", "hit", "aids", "scd", "rest", "met", "cha"}
)
_COMPLAINTS = frozenset(
    stem(word) for word in "pain headache rash lump cough dizziness swelling bleeding wound mole period".split()
)
_TOPICS = _COMPLAINTS | {SYNONYMS.get(stem(word), stem(word)) for word in BODY_PARTS}


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to say something: the stems that must be there and how strictly. `alone` is a single word's own stem."""

    target: str
    stems: tuple[str, ...]
    literal: bool = False
    ordered: bool = True
    alone: str = ""
    capitals: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found at these token indexes, with `gap` words in between."""

    phrase: Phrase
    at: tuple[int, ...]
    gap: int


class _View:
    """The tokens of one text as the search needs them: places of each stem, and what stands between two places."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
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

    def gap(self, first: int, second: int) -> int:
        """Return how many telling words and pauses are between two places; a large number across clauses."""
        low, high = self.tokens[first], self.tokens[second]
        if low.clause != high.clause:
            return 99
        return self._weights[second] - self._weights[first + 1] + high.pauses - low.pauses

    def pauses(self, first: int, second: int) -> int:
        """Return how many commas are between two places."""
        return self.tokens[second].pauses - self.tokens[first].pauses


class PhraseIndex:
    """Every phrase of a vocabulary, found in one pass over a text."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        """Take pairs of target and phrase."""
        pairs = [(target, phrase) for target, phrase in phrases if phrase.strip()]
        self.compounds = frozenset(word for _, phrase in pairs for word in plain(phrase).split() if len(word) > 5)
        self.phrases = tuple(dict.fromkeys(made for target, phrase in pairs if (made := parse(target, phrase, self.compounds))))
        rarity = Counter(word for phrase in self.phrases for word in set(phrase.stems))
        self._by_anchor: dict[str, list[tuple[Phrase, frozenset[str]]]] = defaultdict(list)
        for phrase in self.phrases:
            self._by_anchor[min(phrase.stems, key=lambda word: (rarity[word], word))].append((phrase, frozenset(phrase.stems)))
        self.stems = frozenset(rarity)
        self._speller = Speller(self.stems)

    def tokenize(self, text: str) -> list[Token]:
        """Return the tokens of a text, with slips of spelling put right in the stems."""
        tokens = tokenize(text, self.compounds)
        for token in tokens:
            if token.stem not in self.stems:
                token.stem = token.own = self._speller.correct(token.word, token.stem)
        return tokens

    def find(self, tokens: Sequence[Token], text: str) -> list[Match]:
        """Return the best matches in order of place. A match inside a better one is dropped."""
        view = _View(tokens)
        found: list[Match] = []
        for word in view.stems:
            for phrase, needed in self._by_anchor.get(word, ()):
                if needed <= view.stems:
                    found.extend(_locate(phrase, view, text))
        return _best(found, view)


def parse(target: str, phrase: str, compounds: frozenset[str] = frozenset()) -> Phrase | None:
    """Return a phrase ready for the search, or None when it holds no word."""
    tokens = [token for token in tokenize(phrase, compounds) if token.word not in ARTICLES] or tokenize(phrase)
    telling = [token for token in tokens if token.word not in LIGHT and token.word not in LOCATIVE]
    if not tokens:
        return None
    if len(telling) < min(2, len(tokens)):
        return Phrase(target, tuple(token.stem for token in tokens), literal=True)
    alone = telling[0].own if len(telling) == 1 else ""
    bare = phrase.strip()
    capitals = bare if bare.isupper() and bare.isalpha() and (len(bare) <= 2 or bare.lower() in _CAPITALS_ONLY) else ""
    coded = any(len(token.word) == 1 or token.word[0].isdigit() for token in telling)
    ordered = coded or any(token.word in ORDERED for token in telling) or len({token.stem for token in telling}) < len(telling)
    return Phrase(target, tuple(token.stem for token in telling), ordered=ordered, alone=alone, capitals=capitals)


def normal_form(phrase: str) -> tuple[str, ...]:
    """Return what makes two phrases the same to a reader: their stems, in any order where order says nothing."""
    made = parse("", phrase)
    if made is None:
        return ()
    if made.alone:
        return (made.alone,)
    return made.stems if made.ordered or made.literal else tuple(sorted(made.stems))


def _locate(phrase: Phrase, view: _View, text: str) -> list[Match]:
    if phrase.literal:
        return _literal(phrase, view)
    if len(phrase.stems) == 1:
        places = [at for at in view.places[phrase.stems[0]] if view.tokens[at].own == phrase.alone]
        if phrase.capitals:
            places = [at for at in places if text[view.tokens[at].start : view.tokens[at].end] == phrase.capitals]
        return [Match(phrase, (at,), 0) for at in places]
    found = _in_order(phrase, view)
    if not phrase.ordered:
        taken = {match.at[0] for match in found} | {match.at[-1] for match in found}
        found += [match for match in _in_any_order(phrase, view) if not taken & set(match.at)]
    return found


def _literal(phrase: Phrase, view: _View) -> list[Match]:
    found = []
    for start in view.places[phrase.stems[0]]:
        at, index = [start], start
        for word in phrase.stems[1:]:
            index += 1
            while index < len(view.tokens) and view.tokens[index].word in ARTICLES:
                index += 1
            if index >= len(view.tokens) or view.tokens[index].stem != word or view.gap(start, index) > len(phrase.stems):
                break
            at.append(index)
        else:
            found.append(Match(phrase, tuple(at), 0))
    return found


def _in_order(phrase: Phrase, view: _View) -> list[Match]:
    found = []
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
            if total <= max(_MOST_BETWEEN, len(phrase.stems) - 1):
                found.append(Match(phrase, tuple(at), total))
    return found


def _in_any_order(phrase: Phrase, view: _View) -> list[Match]:
    found = []
    for start in view.places[phrase.stems[0]]:
        at = [start]
        for word in phrase.stems[1:]:
            near = min(view.places[word], key=lambda place: abs(place - start))
            at.append(near)
        low, high = min(at), max(at)
        gap = view.gap(low, high) - sum(view.tokens[place].weight for place in at if low < place < high)
        if len(set(at)) == len(at) and gap <= _MOST_BETWEEN and view.pauses(low, high) == 0:
            found.append(Match(phrase, tuple(sorted(at)), gap))
    return found


def _best(found: list[Match], view: _View) -> list[Match]:
    kept: list[Match] = []
    for match in sorted(found, key=lambda each: (-len(each.at), each.gap, each.at, each.phrase.target)):
        places = set(match.at)
        if not any(_displaces(better, match, places, view) for better in kept):
            kept.append(match)
    return sorted(kept, key=lambda each: (each.at, each.phrase.target))


def _displaces(better: Match, match: Match, places: set[int], view: _View) -> bool:
    common = places.intersection(better.at)
    if not common:
        return False
    if len(common) == len(places):
        return len(better.at) > len(match.at) or better.phrase.target == match.phrase.target or better.gap < match.gap
    return match.gap > better.gap and not _listed(match, view)


def _listed(match: Match, view: _View) -> bool:
    low, high = match.at[0], match.at[-1]
    return view.pauses(low, high) > 0 or any(view.tokens[place].word in {"and", "or", "plus"} for place in range(low + 1, high))
