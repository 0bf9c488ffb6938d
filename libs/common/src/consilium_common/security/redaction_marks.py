"""What redaction works with: marks on a text, and its words with their places."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "name",
    "place",
    "organisation",
    "date",
    "age",
    "phone",
    "email",
    "url",
    "ip",
    "ssn",
    "record",
    "insurance",
    "account",
    "licence",
    "device",
    "vehicle",
    "id",
]

_TOKEN = re.compile(r"(?:St|Ste|Mt|Ft|Dr|Mr|Mrs|Ms|Mx|Prof|Rev|Jr|Sr|Hosp)\.|[^\W\d_](?:\.(?!\w))|[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+")
_ABBREVIATIONS = frozenset("st. ste. mt. ft. dr. mr. mrs. ms. mx. prof. rev. jr. sr.".split())
_ENDS_SENTENCE = re.compile(r"[.!?:;>\n\"“(\[•*]\s*$")
_POSSESSIVE = re.compile(r"(?:['’]s|['’])$")


@dataclass(frozen=True)
class Mark:
    """A stretch of a text that says who somebody is. A `weak` one does so only beside others, such as a month with its year."""

    start: int
    end: int
    kind: Kind
    rule: str
    weak: bool = False


@dataclass(frozen=True)
class Token:
    """A word or number of a text. `first` tells the first word of a sentence, `joined` whether only spaces stand before it."""

    text: str
    start: int
    end: int
    first: bool
    joined: bool

    @property
    def bare(self) -> str:
        """Return the word in small letters, without a possessive and a full stop."""
        return _POSSESSIVE.sub("", self.text).rstrip(".").lower()

    @property
    def bare_end(self) -> int:
        """Return where the word ends without its possessive."""
        return self.start + len(_POSSESSIVE.sub("", self.text))

    @property
    def possessive(self) -> bool:
        """Return whether it ends in a possessive."""
        return self.bare_end < self.end

    @property
    def capital(self) -> bool:
        """Return whether it begins with a capital letter."""
        return self.text[0].isupper()

    @property
    def shouted(self) -> bool:
        """Return whether it is two letters or more, all of them capitals."""
        letters = [each for each in _POSSESSIVE.sub("", self.text) if each.isalpha()]
        return len(letters) > 1 and all(each.isupper() for each in letters)

    @property
    def initial(self) -> bool:
        """Return whether it is an initial: one capital letter, with or without a full stop. A bare "I" is the pronoun."""
        return self.capital and len(self.text.rstrip(".")) == 1 and self.text not in {"I", "A"}


def tokens_of(text: str) -> tuple[Token, ...]:
    """Return the words and numbers of a text."""
    found: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(text):
        between = text[end : match.start()]
        previous = found[-1].text.lower() if found else ""
        after_stop = previous.endswith(".") and previous not in _ABBREVIATIONS and len(previous) > 2
        first = not found or bool(_ENDS_SENTENCE.search(between)) or after_stop
        found.append(Token(match.group(), match.start(), match.end(), first, bool(found) and between.strip(" \t") == ""))
        end = match.end()
    return tuple(found)


def merged(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Return the marks in order, overlapping ones as one: from the first start to the last end, of the longest one's kind."""
    result: list[Mark] = []
    for mark in sorted(marks, key=lambda each: (each.start, -each.end)):
        if result and mark.start < result[-1].end:
            last = result[-1]
            longest = max(last, mark, key=lambda each: each.end - each.start)
            whole = max(last.end, mark.end)
            result[-1] = Mark(last.start, whole, longest.kind, longest.rule, last.weak and mark.weak)
        else:
            result.append(mark)
    return tuple(result)
