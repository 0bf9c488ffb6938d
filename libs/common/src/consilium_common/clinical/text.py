"""Words of a text with their places: tokens, light stems and boundaries. Offsets always point into the text as it was given."""

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from consilium_common.clinical.idioms import idiom_places
from consilium_common.clinical.words import ARTICLES, BOUNDARY_WORDS, INTENSIFIER, LIGHT, LOCATIVE, SAME, SYNONYMS

_WORD = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*")
_BREAK = re.compile(r"[.!?;\n•|]+")
# A slash between words lists them, as 'or' does: 'no fever/cough' denies both.
_PAUSE = re.compile(r"[,:()\[\]–—]|(?<![a-z])/|/(?![a-z])| - ")
_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "\u00a0": " ", "\u2011": "-", "\u2010": "-"}
)
_CONTRACTED = re.compile(r"(?:n't|'(?:m|re|ve|s|d|ll))$")
_SPELLING = (
    (re.compile(r"ae"), "e"),
    (re.compile(r"oe(?=a|d|s[oe]|m)"), "e"),
    (re.compile(r"(col|tum|od|lab|behavi)our"), r"\1or"),
)
_VOWEL = re.compile(r"[aeiouy]")
_MIN_STEM = 3


@dataclass(slots=True)
class Token:
    """One word: its plain form, its stems, its place, its clause, the pauses before it, and whether it counts in between."""

    word: str
    own: str
    stem: str
    start: int
    end: int
    sentence: int
    clause: int
    pauses: int
    weight: int = 1
    masked: bool = False

    @property
    def light(self) -> bool:
        """Return whether the word says nothing of its own."""
        return self.word in LIGHT or self.word in ARTICLES


def plain(text: str) -> str:
    """Return the text in lower case with plain quotes, each character in its place."""
    text = text.replace("`", "'") if text.isascii() else text.translate(_PLAIN)
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(low if len(low := char.lower()) == 1 else char for char in text)


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Return a word's stem: plurals, verb endings, -ness, -ly and British spellings removed; close words share one."""
    if (same := SAME.get(word)) is not None:
        return same
    if len(word) <= _MIN_STEM or not word.isalpha():
        return word
    if len(word) > 5:
        for pattern, put in _SPELLING:
            word = pattern.sub(put, word)
    return SAME.get(bare := _strip(word), bare)


def _strip(word: str) -> str:
    word = _cut(word, "ness", 3)
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "shes", "ches", "xes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    word = _cut(word, "ly", 4)
    cut = _cut(word, "ing", 3)
    if not cut.endswith("eed"):
        cut = _cut(cut, "ed", 3)
    if cut != word:
        return _trim(_undouble(cut))
    return _trim(word)


def _trim(word: str) -> str:
    return word[:-1] if len(word) > 4 and word[-1] in "eyi" else word


def _undouble(word: str) -> str:
    """Return `stop` for `stopp` and `travel` for `travell`, but leave `fall` and `hiss`."""
    double = len(word) > _MIN_STEM and word[-1] == word[-2] and word[-1] not in "eosz"
    return word[:-1] if double and (word[-1] != "l" or len(word) > 5) else word


def _cut(word: str, ending: str, least: int) -> str:
    rest = word[: -len(ending)]
    return rest if word.endswith(ending) and len(rest) >= least and _VOWEL.search(rest) else word


def base_form(word: str) -> str:
    """Return a word without its contraction: `can't` is `cannot`, `isn't` is `not`, `father's` is `father`."""
    if word in SAME and SAME[word] in {"cannot", "not"}:
        return SAME[word]
    if word.endswith("n't"):
        return "not"
    word = _CONTRACTED.sub("", word)
    return {"im": "i", "ive": "i", "id": "i", "hes": "he", "shes": "she", "theres": "there"}.get(word, word)


def tokenize(text: str, compounds: Collection[str] = ()) -> list[Token]:
    """Return the words of a text. Neighbours that the vocabulary writes as one word (`head ache`) become one token."""
    low = plain(text)
    breaks = [found.end() for found in _BREAK.finditer(low) if not _inside_number(low, found)]
    pauses = [found.end() for found in _PAUSE.finditer(low)]
    tokens: list[Token] = []
    clause = 0
    for found in _WORD.finditer(low):
        word, own, merged, counts = _forms(found.group())
        start, end = found.span()
        sentence = bisect_right(breaks, start)
        clause += word in BOUNDARY_WORDS
        token = Token(word, own, merged, start, end, sentence, sentence * 1000 + clause, bisect_right(pauses, start), counts)
        if word == "able" and any(each.word == "not" and each.sentence == sentence for each in tokens[-2:]):
            token.word = token.own = token.stem = "cannot"
        if not (tokens and _joined(tokens[-1], token, compounds)):
            tokens.append(token)
    _mask(tokens, low)
    return tokens


@lru_cache(maxsize=8192)
def _forms(raw: str) -> tuple[str, str, str, int]:
    """Return a word's plain form, its own stem, the stem of its synonyms, and whether it counts as standing in between."""
    word = base_form(raw)
    own = stem(word)
    counts = word not in LIGHT and word not in ARTICLES and word not in LOCATIVE and word not in INTENSIFIER
    return word, own, SYNONYMS.get(own, own), int(counts)


def _mask(tokens: list[Token], low: str) -> None:
    """Mark the words that mean nothing bodily in a fixed expression, such as `back` in `came back`."""
    masks = idiom_places(low)
    for token in tokens if masks else ():
        token.masked = any(first <= token.start < last for first, last in masks)


def index_at(tokens: Sequence[Token], offset: int) -> int:
    """Return the index of the token at an offset, or of the next one; of the last one past the end."""
    return min(bisect_right(tokens, offset, key=lambda token: token.end), len(tokens) - 1)


def _inside_number(text: str, found: re.Match[str]) -> bool:
    return found.group() == "." and text[found.end() : found.end() + 1].isdigit()


def _joined(before: Token, token: Token, compounds: Collection[str]) -> bool:
    if before.sentence != token.sentence or before.pauses != token.pauses:
        return False
    word = before.word + token.word
    if before.word == "can" and token.word == "not":
        word = "cannot"
    elif len(word) < 6 or word not in compounds or before.masked:
        return False
    before.word, before.own, before.end = word, stem(word), token.end
    before.stem = before.own
    return True
