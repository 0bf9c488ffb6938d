"""How long, how suddenly and how badly: durations in hours, onset, and severity from 0 to 10, with their places."""

import re
from typing import Literal, NamedTuple

from consilium_common.clinical.words import one_of

_TO_NINETEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
NUMBERS = {word: value for value, word in enumerate(_TO_NINETEEN.split())}
TENS = {
    word: 10 * tens
    for tens, word in enumerate(("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2)
}
_VAGUE = {"a": 1.0, "an": 1.0, "couple": 2.0, "few": 3.0, "several": 4.0, "some": 3.0, "many": 5.0, "half": 0.5}
_HOURS = {
    "s": 1 / 3600,
    "mi": 1 / 60,
    "h": 1.0,
    "d": 24.0,
    "n": 24.0,
    "w": 168.0,
    "f": 336.0,
    "mo": 730.0,
    "mt": 730.0,
    "y": 8766.0,
}
_SINCE_H = {
    "this morning": 6, "this afternoon": 4, "this evening": 3, "tonight": 3, "today": 8, "last night": 12,
    "overnight": 10, "yesterday": 24, "all day": 12, "all night": 8, "last week": 168, "last month": 730,
    "last year": 8766, "the weekend": 60, "lunch": 4, "breakfast": 6, "dinner": 4, "midnight": 8,
    "birth": 8766, "childhood": 87660, "monday": 84, "tuesday": 84, "wednesday": 84, "thursday": 84,
    "friday": 84, "saturday": 84, "sunday": 84,
}  # fmt: skip
_VAGUE_H = {"minutes": 0.25, "hours": 4.0, "days": 96.0, "weeks": 504.0, "months": 2190.0, "years": 26298.0, "ages": 8766.0}
# These say a time only with a word like 'since': people also eat breakfast and ask on a Monday.
_NEEDS_SINCE = frozenset(
    {"lunch", "breakfast", "dinner", "midnight", "birth", "childhood", "the weekend", "last year", "last month"}
)

_COUNT = (
    r"(?P<count>\d+(?:\.\d+)?|"
    + one_of(
        *(f"{ten}(?:[ -]{one_of(*list(NUMBERS)[1:10])})?" for ten in TENS), *sorted((*NUMBERS, *_VAGUE), key=len, reverse=True)
    )
    + ")"
)
_UNIT = (
    r"(?P<unit>seconds?|secs?|minutes?|mins?|hours?|hrs?|h|days?|nights?|weeks?|wks?|fortnights?|months?|mths?|years?|yrs?)\b"
)
_DURATION = re.compile(
    r"(?P<lead>\b(?:every|each|per|in|after|before|aged?|times|until|by|than once) (?:the )?(?:last |past )?)?"
    r"(?<![\w.])(?<!\d[-/])"
    + _COUNT
    + r"(?: of)?(?: an?)?(?: or (?:so|two|three))?(?: (?:more|good|full|solid|long))?(?: ?(?:-|to) ?\d+)?[ -]?"
    + _UNIT
    + r"(?P<tail>[ -]?(?:old|pregnant|gestation|post-?partum|later|before|apart|of age|walk|drive|away|from now|post-?op\w*))?"
    r"(?P<ago> ago| history| hx)?"
)
_ONE_NEEDS = re.compile(r"\b(?:for|last(?:ed|ing|s)?|about|around|almost|nearly|over|within|past|last|since|than|the|half) $")
_SPAN = re.compile(
    r"\bfor (?:the (?:last|past) )?(?P<long>minutes|hours|days|weeks|months|years|ages)\b"
    r"|\b(?:over|in|for|during) the (?:last|past) (?P<one>hour|day|week|month|year)\b"
)
_SINCE = re.compile(
    rf"\b(?P<since>(?:since|from|began|begun|started|starting|woke up) )?(?:early |late |on )?(?P<when>{one_of(*_SINCE_H)})\b"
)
_SEVERITY = re.compile(r"(?<![\d/.])(?:\d{1,2} ?(?:-|to) ?)?(10|\d) ?(?:/|out of) ?(?:10|ten)\b")
_WORST = r"worst (?:pain |headache )?(?:ever|of my life|imaginable)"
_SEVERITY_WORD = re.compile(
    rf"\b(?:(?P<s10>excruciating|unbearable|{_WORST}|intolerable|agoni[sz]ing|agony)"
    r"|(?P<s8>severe(?:ly)?|intense|terrible|awful|horrible|(?:very|really|so) (?:bad|painful|strong)|extreme(?:ly)?)"
    r"|(?P<s5>moderate(?:ly)?)|(?P<s2>mild(?:ly)?|slight(?:ly)?|minor))\b"
)
_SUDDEN = one_of(
    r"sudden(?:ly)?|all of a sudden|out of nowhere|out of the blue|abrupt(?:ly)?|instant(?:ly|aneous(?:ly)?)?|in seconds",
    r"within (?:seconds|a minute)|like a (?:bolt|thunderclap)|came on (?:fast|quickly)|acute onset",
)
_GRADUAL = one_of(
    r"gradual(?:ly)?|slowly|insidious(?:ly)?|progressive(?:ly)?|bit by bit|little by little",
    r"over (?:the (?:last|past) )?(?:several |(?:a )?few |many |some )?(?:weeks|months|years)",
)
_ONSET = re.compile(rf"\b(?:(?P<sudden>{_SUDDEN})|(?P<gradual>{_GRADUAL}))\b")
_NOT_BEFORE = re.compile(r"(?:\bnot|\bno|n't|\bnever|\bwithout)(?: \w+){0,2} $")


class Said(NamedTuple):
    """A quantity and where it stands; `value` is hours, a severity or an onset."""

    value: float
    start: int
    end: int


class Onset(NamedTuple):
    """How something began, and where the text says so."""

    value: Literal["sudden", "gradual"]
    start: int
    end: int


def number(text: str) -> float:
    """Return the value of `3`, `three`, `twenty-five`, `half` or `several`.

    Raises:
        ValueError: when the text is no such number.
    """
    total = 0.0
    for part in re.split(r"[ -]", text):
        if part in TENS:
            total += TENS[part]
        elif part in NUMBERS:
            total += NUMBERS[part]
        elif part in _VAGUE:
            total += _VAGUE[part]
        else:
            total += float(part)
    return total


def unit_hours(unit: str) -> float:
    """Return how many hours a unit has: `min`, `days`, `months`."""
    return _HOURS.get(unit[:2], _HOURS.get(unit[:1], 0.0))


def read_durations(text: str, taken: tuple[tuple[int, int], ...] = ()) -> list[Said]:
    """Return how long things have lasted, in hours, by place. `taken` are places that already mean something else."""
    found = [said for match in _DURATION.finditer(text) if (said := _duration(text, match)) is not None]
    for match in _SPAN.finditer(text):
        hours = _VAGUE_H[match["long"]] if match["long"] else unit_hours(match["one"])
        found.append(Said(hours, *match.span()))
    found += [
        Said(_SINCE_H[m["when"]], *m.span()) for m in _SINCE.finditer(text) if m["since"] or m["when"] not in _NEEDS_SINCE
    ]
    found = [said for said in found if not any(first < said.end and said.start < last for first, last in taken)]
    return sorted(found, key=lambda said: said.start)


def _duration(text: str, match: re.Match[str]) -> Said | None:
    lead = match["lead"] or ""
    if match["tail"] or (lead and not lead.rstrip().endswith(("last", "past"))):
        return None
    if match["count"] in {"a", "an"} and not match["ago"] and not _ONE_NEEDS.search(text[: match.start("count")]):
        return None
    return Said(number(match["count"]) * unit_hours(match["unit"]), match.start("count"), match.end())


def read_severity(text: str) -> list[Said]:
    """Return how bad things are from 0 to 10, by place; a number wins over a word beside it."""
    numbers = [Said(float(match[1]), *match.span()) for match in _SEVERITY.finditer(text)]
    words = [
        Said(float((match.lastgroup or "s0")[1:]), *match.span())
        for match in _SEVERITY_WORD.finditer(text)
        if not _negated(text, match)
    ]
    return sorted(numbers, key=lambda said: said.start) + sorted(words, key=lambda said: said.start)


def read_onsets(text: str) -> list[Onset]:
    """Return where the text says that something began suddenly or gradually."""
    return [
        Onset("sudden" if match["sudden"] else "gradual", *match.span())
        for match in _ONSET.finditer(text)
        if not _negated(text, match)
    ]


def _negated(text: str, match: re.Match[str]) -> bool:
    return _NOT_BEFORE.search(text[max(0, match.start() - 30) : match.start()]) is not None
