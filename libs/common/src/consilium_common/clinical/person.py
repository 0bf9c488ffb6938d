"""Who the patient is: age in years and sex, as the text says them."""

import re
from collections.abc import Callable, Sequence
from typing import Literal

from consilium_common.clinical.times import NUMBERS, TENS, number
from consilium_common.clinical.words import one_of

_ONES = one_of(*list(NUMBERS)[1:10])
_SPELT = one_of(*(f"{ten}[ -]{_ONES}" for ten in TENS), *TENS, *sorted(NUMBERS, key=len, reverse=True))
_COUNT = rf"(?P<n>\d{{1,3}}(?:\.5)?|{_SPELT})"
_YEARS = {"d": 1 / 365.25, "w": 7 / 365.25, "m": 1 / 12, "y": 1.0}
_OLDEST_YEARS = 120
_NEWBORN_YEARS = 0.02

# 'I am 20 weeks' or 'I am 30 kg' is no age.
_OTHER_UNITS = (
    r"weeks?|wks?|months?|mths?|days?|min\w*|hours?|hrs?|kg|lbs?|pounds|stone|cm|feet|foot|ft|percent|degrees|times"
    r"|of|in|out|th|st|nd|rd"
)
_NOT_YEARS = rf"(?! ?(?:%|/|\.\d|-?(?:{_OTHER_UNITS})\b))"
_MAN = r"(?:man|male|boy|gentleman|m)"
_WOMAN = r"(?:woman|female|girl|lady|f)"
_RELATED = one_of(
    r"husband|wife|partner|mother|mum|mom|father|dad|son|daughter|patient",
    r"grandfather|grandmother|gran|grandad|granddad|grandma|grandpa|nan",
)
_SMALL = one_of(r"baby|infant|newborn|toddler|little one|(?:grand)?son|(?:grand)?daughter|(?:little )?(?:boy|girl)|child|kid")
_NEARLY = r"(?:now |only |just |about |nearly |almost )"
_AGES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_COUNT} ?-? ?(?P<unit>years?|yrs?|y|months?|mths?|mo|weeks?|wks?|days?)(?: ?-? ?|\.? ?/ ?)(?:old|o\b|of age)",
        rf"\b(?:aged?|age is|age:) ?{_COUNT}(?: ?(?P<unit>years?|months?|weeks?|days?))?\b(?!%)",
        rf"\bi(?:'m| am|m) (?:an? |now |almost |nearly )?{_COUNT}\b{_NOT_YEARS}",
        rf"(?:^|[(,] ?|\b(?:i|patient|me) \(?)(?P<n>\d{{1,3}}) ?-?(?:yo?\b)? ?(?:{_MAN}|{_WOMAN})\b",
        r"(?P<n>\d{1,3}) ?-?yo?\b",
        rf"\b(?:she|he|who)(?:'s| is) (?P<n>\d{{1,3}})\b{_NOT_YEARS}",
        # 'The baby is 5 weeks and …' needs no 'old'; 'is 5 weeks early' or 'is 3 days post op' is no age.
        (
            rf"\b{_SMALL}(?:'s| is) {_NEARLY}?{_COUNT} ?(?P<unit>weeks?|wks?|months?|mths?|days?)"
            r"(?=$|[,.;!?)]| (?:and|but|now|so|who|has|he|she)\b)"
        ),
        # Of a baby that 'is 3' the unit is asked for.
        rf"\b(?:{_RELATED}|(?!baby|newborn|infant|little one){_SMALL})(?:'s| is) {_NEARLY}?(?P<n>\d{{1,3}})\b{_NOT_YEARS}",
        rf"\b{_RELATED},? \(?(?P<n>\d{{1,3}})\b(?:[,)]|(?= (?:has|had|is|was|who|with|fell|cannot|can)\b))",
    )
)
_DECADES = {
    word: 10 * tens
    for tens, word in enumerate(("twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties"), 2)
}
_DECADE = re.compile(rf"\bin (?:my|her|his) (?:(?:early|mid|late)[ -])?(?:(?P<n>[2-9])0'?s|(?P<word>{one_of(*_DECADES)}))\b")
_BABY_IS = re.compile(rf"\b(?:baby|newborn|infant|bub|little one) (?:\w+ )?(?:is|of|aged?) (?P<n>\d{{1,2}})\b{_NOT_YEARS}")
_THEN = re.compile(r"\b(?:when|was|were|since|at|until|died)(?: \w+){0,3} $")
_NEWBORN = re.compile(r"\b(?:newborn|new born baby|neonate)\b")

_AGED = r"\d{1,3}[ -]?(?:year|yr|y/?o?|month|week|day)s?[ -]?(?:old|o)?[ -]{0,2}(?:\w+ ){0,2}?"
_MALE = re.compile(
    one_of(
        r"\bi(?:'m| am|m) an? (?:\w+[ -]){0,4}?(?:man|male|guy|bloke|dad|father)\b",
        rf"\b{_AGED}{_MAN}\b",
        r"(?<![\d.])\d{1,3} ?m\b(?!/)",
        r"\bsex: ?m(?:ale)?\b",
        r"\bmy (?:penis|testicles?|balls|prostate|erection)\b",
    )
)
_FEMALE = re.compile(
    one_of(
        r"\bi(?:'m| am|m) an? (?:\w+[ -]){0,4}?(?:woman|female|girl|lady|mum|mom|mother)\b",
        rf"\b{_AGED}{_WOMAN}\b",
        r"(?<![\d.])\d{1,3} ?f\b",
        r"\bsex: ?f(?:emale)?\b",
        r"\bi(?:'m| am|m| might be| could be| may be) (?:\w+ ){0,4}?pregnant\b|\b\d+ weeks? pregnant\b",
        r"\bmy (?:last )?(?:periods?|vagina|uterus|womb|cervix|ovar(?:y|ies)|menopause|pregnancy|menstrua\w+|contractions)\b",
    )
)
_PRONOUNS = re.compile(r"\b(?:(?P<m>he|his|him)|(?P<f>she|her|hers))\b")
_FIRST_PERSON = re.compile(r"\b(?:i|i'm|my|me|im|ive|i've)\b")


def read_age(text: str, about_patient: Callable[[int], bool]) -> tuple[float | None, tuple[str, ...]]:
    """Return the age in years and what was assumed or left out on the way, as sentences.

    `text` is plain, without the measured values; `about_patient` tells of an offset whether it speaks of the patient.
    """
    refused: list[str] = []
    for pattern in _AGES:
        ages: list[float] = []
        for found in pattern.finditer(text):
            if not about_patient(found.start("n")) or _THEN.search(text[max(0, found.start() - 40) : found.start()]):
                continue
            unit = (found.groupdict().get("unit") or "y")[0]
            years = number(found["n"]) * _YEARS[unit]
            if years <= _OLDEST_YEARS:
                ages.append(round(years, 3))
            else:
                refused.append(f"“{found['n']}” was not used as an age: nobody is older than {_OLDEST_YEARS} years.")
        if ages:
            return ages[0], _several(ages)
    decade = _DECADE.search(text)
    if decade and about_patient(decade.start()):
        middle = (int(decade["n"]) * 10 if decade["n"] else _DECADES[decade["word"]]) + 5
        return float(middle), (f"The age was taken as {middle}, the middle of “{decade.group()}”.",)
    newborn = _NEWBORN.search(text)
    if newborn and about_patient(newborn.start()):
        return _NEWBORN_YEARS, ("A newborn was taken as one week old.",)
    return None, tuple(dict.fromkeys(refused))


def unit_of_age(text: str) -> tuple[str, ...]:
    """Return the question for the unit when a baby 'is 3': a fever at 3 weeks is an emergency, at 3 years not."""
    found = _BABY_IS.search(text)
    return (f"Is the baby {found['n']} days, weeks, months or years old?",) if found else ()


def _several(ages: Sequence[float]) -> tuple[str, ...]:
    """Return what is said when a message gives more than one age; a year apart may be a birthday."""
    other = next((age for age in ages if abs(age - ages[0]) > 1), None)
    return () if other is None else (f"The age was taken as {ages[0]:g}, although {other:g} is mentioned too.",)


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
