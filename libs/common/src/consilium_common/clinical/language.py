"""Why nothing can be made of a text: no words, another language, or nothing about health."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Literal

from consilium_common.clinical.text import Token
from consilium_common.clinical.words import ENGLISH, MEDICAL, OTHER_LANGUAGES, SAME

Insufficient = Literal["unintelligible", "not-medical", "not-english"]

_LATIN_END = 0x250
_FEW_WORDS = 3
_MEDICAL_STEMS = frozenset(SAME.get(word, word) for word in MEDICAL)
_LETTERS = re.compile(r"[^\W\d_]")
_VOWEL = re.compile(r"[aeiouyà-ÿ]")


def language_of(text: str, tokens: Sequence[Token]) -> str:
    """Return 'en', another language's code when its common words prevail, or 'und' for another script."""
    if not text.isascii():
        letters = _LETTERS.findall(text)
        if letters and sum(ord(letter) >= _LATIN_END for letter in letters) > len(letters) / 2:
            return "und"
    words = Counter(token.word for token in tokens)
    english = sum(words[word] for word in words.keys() & ENGLISH)
    scores = {code: sum(words[word] for word in words.keys() & common) for code, common in OTHER_LANGUAGES.items()}
    best = max(scores, key=lambda code: (scores[code], code))
    return best if scores[best] >= _FEW_WORDS and scores[best] > 1.5 * english else "en"


def insufficient(
    text: str, tokens: Sequence[Token], language: str, known: Collection[str], *, found: bool
) -> Insufficient | None:
    """Return why a text cannot be worked with, or None. `known` are the stems of the vocabulary, `found` whether it named a finding."""
    if language != "en":
        return "not-english"
    if found:
        return None
    words = [token for token in tokens if token.word.isalpha()]
    understood = sum(token.word in ENGLISH or token.stem in known or token.own in _MEDICAL_STEMS for token in words)
    if not words or _binary(text) or (understood == 0 and not any(_speakable(token.word) for token in words)):
        return "unintelligible"
    if any(token.own in _MEDICAL_STEMS or token.word in MEDICAL for token in words):
        return None
    return "unintelligible" if understood < max(1, len(words) // 5) else "not-medical"


def _speakable(word: str) -> bool:
    vowels = len(_VOWEL.findall(word))
    return len(word) == 1 or 0.2 <= vowels / len(word) <= 0.8


def _binary(text: str) -> bool:
    odd = sum(not char.isprintable() and not char.isspace() for char in text)
    return odd > len(text) / 20
