"""How hard a text is to read: the Flesch-Kincaid grade level (Kincaid et al. 1975, US Navy), years of school that it takes."""

import re
from collections.abc import Collection

_SENTENCE_END = re.compile(r"[.!?:;]+(?=\s|$)|\n+")
_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?|\d+(?:[.,/]\d+)*")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_END = re.compile(r"(?:[^aeiouy]e|[^aeiouytd]ed|[^aeiouyscxzg]es)$")
_SPOKEN_LE = re.compile(r"[^aeiouyl]le[sd]?$")
# Two vowels side by side that are spoken apart: 'diet', 'fluid', 'period', 'area'.
_APART = re.compile(
    r"ia(?!l$|n$|ns$)|io(?!n|us)|ie(?:t|ty|n)|iu|ua(?!r)|ui(?=d)|eo(?!us|n$|p)|ea(?=s?$)(?<=[rds]ea)"
    r"|oea$|oe(?=m|t)|uou|(?<=r)iou|ei(?=ng)|yi"
)
_PLAIN = "word"


def syllables(word: str) -> int:
    """Return how many syllables an English word is spoken with; a number counts as one, since it is read at a glance."""
    low = word.lower().replace("'", "")
    if not low.isalpha():
        return 1
    count = len(_VOWELS.findall(low)) + len(_APART.findall(low))
    if _SILENT_END.search(low) and not _SPOKEN_LE.search(low):
        count -= 1
    return max(count, 1)


def grade(text: str, explained: Collection[str] = ()) -> float:
    """Return the Flesch-Kincaid grade level of a text: 0.39 words a sentence + 11.8 syllables a word - 15.59.

    `explained` are terms that the text itself explains in plain words, such as the name of a condition that is followed by
    what it is; each counts as one plain word, since its length says nothing about how hard the text is to follow.
    """
    for term in sorted(explained, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(term)}\b", _PLAIN, text, flags=re.IGNORECASE)
    sentences = [words for part in _SENTENCE_END.split(text) if (words := _WORD.findall(part))]
    count = sum(len(words) for words in sentences)
    if count == 0:
        return 0.0
    spoken = sum(syllables(word) for words in sentences for word in words)
    return round(0.39 * count / len(sentences) + 11.8 * spoken / count - 15.59, 1)
