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

_TOKEN = re.compile(
    r"(?:St|Ste|Mt|Ft|Dr|Mr|Mrs|Ms|Mx|Prof|Rev|Jr|Sr|Hosp)\.|[^\W\d_](?:\.(?!\w))|[^\W\d_][^\W_]*(?:['’-][^\W\d_]+)*|\d+[^\W_]*"
)
_ABBREVIATIONS = frozenset(["st.", "ste.", "mt.", "ft.", "dr.", "mr.", "mrs.", "ms.", "mx.", "prof.", "rev.", "jr.", "sr."])
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


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number of a text.

    `bare` is the word in small letters without possessive and full stop, which ends at `bare_end`. `first` tells the first word
    of a sentence, `joined` that only spaces stand before it, `shouted` that it is two letters or more, all of them capitals.
    """

    text: str
    start: int
    end: int
    first: bool
    joined: bool
    bare: str
    bare_end: int
    capital: bool
    shouted: bool
    initial: bool

    @property
    def possessive(self) -> bool:
        """Return whether it ends in a possessive."""
        return self.bare_end < self.end


def _token(text: str, start: int, *, first: bool, joined: bool) -> Token:
    stem = _POSSESSIVE.sub("", text)
    letters = [each for each in stem if each.isalpha()]
    return Token(
        text=text,
        start=start,
        end=start + len(text),
        first=first,
        joined=joined,
        bare=stem.rstrip(".").lower(),
        bare_end=start + len(stem),
        capital=text[0].isupper(),
        shouted=len(letters) > 1 and all(each.isupper() for each in letters),
        # A bare "I" is the pronoun, "A" the article.
        initial=len(text.rstrip(".")) == 1 and text[0].isupper() and text not in {"I", "A"},
    )


def tokens_of(text: str) -> tuple[Token, ...]:
    """Return the words and numbers of a text."""
    found: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(text):
        between = text[end : match.start()]
        previous = found[-1].text.lower() if found else ""
        after_stop = previous.endswith(".") and previous not in _ABBREVIATIONS and len(previous) > 2
        first = not found or bool(_ENDS_SENTENCE.search(between)) or after_stop
        joined = bool(found) and between.strip(" \t") == ""
        found.append(_token(match.group(), match.start(), first=first, joined=joined))
        end = match.end()
    return tuple(found)


def mostly_capitals(tokens: Sequence[Token]) -> bool:
    """Return whether nearly every word has a capital, as in a heading: then a capital says nothing."""
    words = [each for each in tokens if each.text[0].isalpha() and len(each.text) > 2]
    return len(words) > 3 and sum(each.capital for each in words) > 0.7 * len(words)


def merged(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Return the marks in order, overlapping ones as one: from the first start to the last end, of the longest one's kind."""
    result: list[Mark] = []
    for mark in sorted(marks, key=lambda each: (each.start, -each.end)):
        if result and mark.start < result[-1].end:
            last = result[-1]
            longest = max(last, mark, key=lambda each: (each.end - each.start, each.kind != "id"))
            whole = max(last.end, mark.end)
            result[-1] = Mark(last.start, whole, longest.kind, longest.rule, last.weak and mark.weak)
        else:
            result.append(mark)
    return tuple(result)
