"""Who the patient is: age in years, sex and pregnancy, as the text says them."""

import re
from collections.abc import Callable
from typing import Literal

from consilium_common.clinical.times import NUMBERS, TENS, number

_WORDS = "|".join(
    (*(f"{ten}[ -](?:{'|'.join(list(NUMBERS)[1:10])})" for ten in TENS), *TENS, *sorted(NUMBERS, key=len, reverse=True))
)
_COUNT = rf"(?P<n>\d{{1,3}}(?:\.5)?|{_WORDS})"
_YEARS = {"d": 1 / 365.25, "w": 7 / 365.25, "m": 1 / 12, "y": 1.0}
_OLDEST_YEARS = 120
_AGES = (
    re.compile(rf"\b{_COUNT} ?-? ?(?P<unit>years?|yrs?|y|months?|mths?|mo|weeks?|wks?|days?)(?: ?-? ?|\.? ?/ ?)(?:old|o\b|of age)"),
    re.compile(rf"\b(?:aged?|age is|age:) ?{_COUNT}(?: ?(?P<unit>years?|months?|weeks?|days?))?\b(?!%)"),
    re.compile(rf"\bi(?:'m| am|m) (?:an? |now |almost |nearly )?{_COUNT}\b(?! ?(?:%|/|\.\d|-?(?:weeks?|months?|days?|min\w*|hours?|kg|lbs?|pounds|stone|cm|feet|ft|percent|of|in|out|th|st|nd|rd)\b))"),
    re.compile(r"(?:^|[(,] ?|\b(?:i|patient|me) \(?)(?P<n>\d{1,3}) ?-?(?:yo?\b)? ?(?:m|f|male|female|man|woman|lady|gentleman)\b"),
    re.compile(r"(?P<n>\d{1,3}) ?-?yo?\b"),
    re.compile(r"\b(?:she|he|who)(?:'s| is) (?P<n>\d{1,3})\b(?! ?(?:weeks?|months?|days?|kg|lbs?|cm|%|hours?|min))"),
    re.compile(r"\b(?:husband|wife|partner|mother|mum|mom|father|dad|son|daughter|patient|grandmother|grandfather),? \(?(?P<n>\d{1,3})\b[,)]"),
)  # fmt: skip
_DECADE = re.compile(
    r"\bin (?:my|her|his) (?:(?:early|mid|late)[ -])?(?:(?P<n>[2-9])0'?s|(?P<word>twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties))\b"
)
_DECADES = {
    word: 10 * tens
    for tens, word in enumerate("twenties thirties forties fifties sixties seventies eighties nineties".split(), start=2)
}
_THEN = re.compile(r"\b(?:when|was|were|since|at|until|died)(?: \w+){0,3} $")
_NEWBORN = re.compile(r"\b(?:newborn|new born baby|neonate)\b")

_MALE = re.compile(r"\b(?:i(?:'m| am|m) an? (?:\w+[ -]){0,4}?(?:man|male|guy|bloke|dad|father)|\d{1,3}[ -]?(?:year|yr|y/?o?|month|week|day)s?[ -]?(?:old|o)?[ -]{0,2}(?:\w+ ){0,2}?(?:man|male|boy|gentleman|m)\b"
                   r"|\(?\d{1,3} ?m\b\)?|sex: ?m(?:ale)?|my (?:penis|testicles?|balls|prostate|erection))")  # fmt: skip
_FEMALE = re.compile(r"\b(?:i(?:'m| am|m) an? (?:\w+[ -]){0,4}?(?:woman|female|girl|lady|mum|mom|mother)|\d{1,3}[ -]?(?:year|yr|y/?o?|month|week|day)s?[ -]?(?:old|o)?[ -]{0,2}(?:\w+ ){0,2}?(?:woman|female|girl|lady|f)\b"
                     r"|\(?\d{1,3} ?f\b(?!eet|t)\)?|sex: ?f(?:emale)?|i(?:'m| am|m| might be| could be| may be) (?:\w+ ){0,4}?pregnant|\d+ weeks? pregnant"
                     r"|my (?:periods?|vagina|uterus|womb|cervix|ovar(?:y|ies)|menopause|pregnancy|last period|menstrua\w+|contractions|waters? broke))")  # fmt: skip
_PRONOUNS = re.compile(r"\b(?:(?P<m>he|his|him)|(?P<f>she|her|hers))\b")
_FIRST_PERSON = re.compile(r"\b(?:i|i'm|my|me|im|ive|i've)\b")


def read_age(text: str, about_patient: Callable[[int], bool]) -> tuple[float | None, str | None]:
    """Return the age in years and an assumption, if one was needed. `about_patient` tells whether a place speaks of the patient."""
    for pattern in _AGES:
        for found in pattern.finditer(text):
            if not about_patient(found.start("n")) or _THEN.search(text[max(0, found.start() - 40) : found.start()]):
                continue
            unit = (found.groupdict().get("unit") or "y")[0]
            years = number(found["n"]) * _YEARS[unit]
            if years <= _OLDEST_YEARS:
                return round(years, 3), None
    found_decade = _DECADE.search(text)
    if found_decade and about_patient(found_decade.start()):
        base = int(found_decade["n"]) * 10 if found_decade["n"] else _DECADES[found_decade["word"]]
        return float(base + 5), f"age taken as {base + 5}, the middle of '{found_decade.group()}'"
    newborn = _NEWBORN.search(text)
    if newborn and about_patient(newborn.start()):
        return 0.02, "a newborn taken as one week old"
    return None, None


def read_sex(text: str) -> Literal["m", "f"] | None:
    """Return the sex that the text states or that its words leave no doubt about; pronouns count when nobody says 'I'."""
    male, female = _MALE.search(text), _FEMALE.search(text)
    if male and female:
        return "m" if male.start() < female.start() else "f"
    if male or female:
        return "m" if male else "f"
    if _FIRST_PERSON.search(text):
        return None
    first = _PRONOUNS.search(text)
    return None if first is None else ("m" if first["m"] else "f")
