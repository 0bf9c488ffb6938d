"""Numbers that a word before them gives away: "MRN: 12345", "policy no. AB-56789", "his licence is 6940579"."""

import re
from collections.abc import Iterator

from consilium_common.security.redaction_marks import Kind, Mark

_CUES: tuple[tuple[Kind, str, str], ...] = (
    ("record", "record-number", r"mrn|mr\s?#|medical\s+records?|hospital\s+record|chart|record|encounter|accession|specimen"),
    ("ssn", "social-security-told", r"ssn|ss\s?#|social\s+security|national\s+insurance|nhs"),
    ("insurance", "insurance-number",
     r"insurance|ins|policy|health\s+plan|plan|member(?:ship)?|beneficiary|subscriber|group|medicare|medicaid|payer"),
    ("account", "account-number", r"account|acct|invoice|claim|billing|iban|credit\s+card|card"),
    ("licence", "licence-number", r"(?:driver'?s?\s+)?licen[cs]e|dea|npi|certificate|passport|registration"),
    ("vehicle", "vehicle-told", r"vin|vehicle|(?:number|licen[cs]e)\s+plate|plate"),
    ("device", "device-number", r"serial|s/n|device|pacemaker|implant|udi|imei|lot"),
    ("phone", "phone-told", r"phone|telephone|tel|cell|mobile|fax|pager|beeper|contact|call|reach(?:\s+(?:him|her|me))?\s+at"),
    ("id", "id-told", r"id|identifier|ref|reference|code|confirmation|ticket|badge|employee|student|patient|pt|case|visit"),
)  # fmt: skip
# These words alone are followed by clinical numbers too often ("group 3", "case: 72yo", "plan 20 mg"): more digits are wanted.
_LOOSE = re.compile(
    r"(?:plan|group|record|chart|patient|pt|case|code|visit|contact|call|card|claim|device|implant|pacemaker|plate|ins|lot)$",
    re.IGNORECASE,
)
_NUMBER_WORD = r"(?:\s+(?:id|no|nos|num|number|nr|policy|plan|card|account|record|medical|file|code|identification)\b\.?)*"
_JOINT = r"\s*(?:(?:\bis\b|\bwas\b|\bshows?\b|\bon\s+file\b|=|:|#|-|–)\s*){0,3}"
_VALUE = r"(?P<value>[#(+]?(?=[\w/()+. -]{0,12}?\d)[A-Za-z0-9]+(?:[-/][A-Za-z0-9]+)*(?: \d{3,6}(?![\w/.%-]))*)"
_PATTERNS = tuple(
    (
        kind,
        rule,
        re.compile(rf"\b(?P<cue>{cue})\b\.?(?P<word>{_NUMBER_WORD})(?P<joint>{_JOINT}){_VALUE}(?![\w])", re.IGNORECASE),
    )
    for kind, rule, cue in _CUES
)
_MEASURE = re.compile(
    r"#?\d+(?:[.,]\d+)?[- ]?(?:y|yo|yrs?|years?|m|mo|months?|w|wks?|weeks?|d|days?|mg|mcg|ml|kg|g|h|hrs?|hours?|min|units?|"
    r"iu|mm|cm|st|nd|rd|th|x|f|%)\b",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_LEAST_LETTERS = 3
_LEAST_DIGITS_LOOSE = 5


def number_marks(text: str) -> Iterator[Mark]:
    """Yield numbers that are told to be somebody's."""
    for kind, rule, pattern in _PATTERNS if _DIGIT.search(text) else ():
        for match in pattern.finditer(text):
            if _identifies(match, text):
                yield Mark(*match.span("value"), kind, rule)


def _identifies(match: re.Match[str], text: str) -> bool:
    value = match.group("value").lstrip("#(+")
    digits = sum(each.isdigit() for each in value)
    if not digits or len(value) < _LEAST_LETTERS or _MEASURE.match(text, match.start("value")):
        return False
    told = bool(match.group("word").strip()) or any(sign in match.group("joint") for sign in ":#=")
    loose = _LOOSE.search(match.group("cue")) is not None and not match.group("word").strip()
    plate = match.group("cue").lower().endswith("plate") and any(each.isupper() for each in value)
    if loose and digits < _LEAST_DIGITS_LOOSE and not plate:
        return False
    is_year = re.fullmatch(r"(?:19|20)\d\d", value) is not None
    return not is_year or (told and not loose)
