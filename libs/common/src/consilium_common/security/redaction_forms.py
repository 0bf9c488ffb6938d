"""What gives itself away by its form or by the word before it: dates, numbers, addresses on the net, streets, great age."""

import re
from collections.abc import Callable, Iterator

from consilium_common.security.redaction_marks import Kind, Mark
from consilium_common.security.redaction_words import STATE_CODES

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?"
)
_BIG_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_NTH = r"(?:[1-9]|[12]\d|3[01])(?:st|nd|rd|th)"
_YEAR = r"(?:(?:19|20)\d{2}|['’]\d{2})"
# A number with a unit is a dose or a length of time, whatever stands before it.
_NO_UNIT = (
    r"(?!\s*-?\s*(?:mg|mcg|g|kg|ml|l|cc|mm|cm|units?|iu|%|percent|times|days?|weeks?|months?|years?|hours?|hrs?|min|pain)\b)"
)
_STREET = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Way|Terrace|Square|Sq|Parkway|Pkwy|"
    r"Highway|Hwy|Circle|Cir|Close|Crescent|Alley|Trail|Trl|Mews|Gardens)"
)
_BIG_WORD = r"[A-ZÀ-ÖØ-Þ][\w'’-]{0,40}\.?"
_STATE = rf"(?:{'|'.join(sorted(STATE_CODES))})"
_ZIP = r"\d{5}(?:-\d{4})?"


def _valid_day(match: re.Match[str]) -> bool:
    """Return whether the first two numbers can be a day and a month."""
    one, two, *_ = (int(each) for each in re.findall(r"\d+", match.group()))
    return (1 <= one <= 12 and 1 <= two <= 31) or (1 <= two <= 12 and 1 <= one <= 31)


def _valid_ip(match: re.Match[str]) -> bool:
    return all(int(each) < 256 for each in match.group().split("."))


def _no_publication(match: re.Match[str]) -> bool:
    """Return whether an id is none of a trial, a paper or a code, which anybody may look up."""
    return re.match(r"#?(?:NCT|PMID|PMC|ICD|CPT|LOINC|SNOMED|ISRCTN|RS|DOI|ISBN|ISSN|HLA|EC)", match.group()) is None


def _no_public_site(match: re.Match[str]) -> bool:
    public = r"(?:clinicaltrials\.gov|cdc\.gov|nih\.gov|fda\.gov|who\.int|nice\.org\.uk|nhs\.uk|uptodate\.com|pubmed\.gov)$"
    return re.search(public, match.group().lower()) is None


def _mixed(match: re.Match[str]) -> bool:
    return any(each.isdigit() for each in match.group()) and sum(each.isalpha() for each in match.group()) > 3


Check = Callable[[re.Match[str]], bool]
Rule = tuple[Kind, str, re.Pattern[str], bool, Check | None]


def _rule(kind: Kind, name: str, pattern: str, *, flags: int = 0, weak: bool = False, check: Check | None = None) -> Rule:
    return kind, name, re.compile(pattern, flags), weak, check


_I = re.IGNORECASE
_DATES = (
    _rule(
        "date", "iso-date", r"\b(?:19|20)\d\d[-/.](?:0[1-9]|1[0-2])[-/.](?:0[1-9]|[12]\d|3[01])(?:[T ]\d\d:\d\d(?::\d\d)?)?\b"
    ),
    _rule("date", "numeric-date", r"(?<![\w/.-])\d{1,2}([/-])\d{1,2}\1(?:(?:19|20)\d{2}|\d{2})(?![\w/]|-\d)", check=_valid_day),
    _rule("date", "dotted-date", r"(?<![\w/.-])\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d{2}(?!\w)", check=_valid_day),
    _rule("date", "month-day-year", rf"\b{_MONTH}\s+(?:the\s+)?{_DAY}(?:st|nd|rd|th)?,?\s+(?:of\s+)?{_YEAR}(?!\w)", flags=_I),
    _rule("date", "day-month-year", rf"\b{_DAY}(?:st|nd|rd|th)?[\s-]+(?:of\s+)?{_MONTH},?[\s-]+{_YEAR}(?!\w)", flags=_I),
    _rule("date", "month-nth", rf"\b{_MONTH}\s+(?:the\s+)?{_NTH}\b", flags=_I),
    _rule("date", "nth-of-month", rf"\b{_NTH}\s+(?:of\s+)?{_MONTH}(?!\w)", flags=_I),
    _rule("date", "month-day", rf"\b{_BIG_MONTH}\s+{_DAY}\b(?!\.\d|\w|/){_NO_UNIT}"),
    _rule("date", "day-month", rf"\b{_DAY}\s+{_BIG_MONTH}(?!\w)"),
    _rule(
        "date",
        "on-day",
        rf"\b(?:on|since|dob|lmp|edd|born)[ :]+(?P<it>\d{{1,2}}/\d{{1,2}})(?![\d/.]|\s*-?\d){_NO_UNIT}",
        flags=_I,
        check=_valid_day,
    ),
    _rule("date", "month-year", rf"\b{_MONTH},?\s+(?:of\s+)?{_YEAR}(?!\w)", flags=_I, weak=True),
    _rule(
        "date", "last-month-named", rf"\b(?:last|this|past|next|early|late|mid)[\s-]+(?:in\s+)?{_BIG_MONTH}(?!\w)", weak=True
    ),
    _rule("date", "month-slash-year", r"(?<![\w/.-])(?:0?[1-9]|1[0-2])/(?:19|20)\d{2}(?![\w/])", weak=True),
)
_NET = (
    _rule("email", "email", r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"),
    _rule("url", "url", r"\b(?:https?://|ftp://|www\.)[^\s<>\"'）)]+[^\s<>\"'）).,;:?!]", flags=_I, check=_no_public_site),
    _rule(
        "url",
        "domain",
        r"(?<![\w@.-])(?:[\w-]{1,63}\.){1,8}(?:com|org|net|edu|gov|info|biz|io|co\.uk|org\.uk|nhs\.uk|de|fr|es|it|nl|ch|at|eu|us)\b"
        r"(?:/[^\s<>\"']*)?",
        flags=_I,
        check=_no_public_site,
    ),
    _rule("ip", "ip-v4", r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\w)", check=_valid_ip),
    _rule("ip", "ip-v6", r"(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}:?[0-9a-f]{1,4}(?![\w:])", flags=_I),
    _rule("device", "mac-address", r"(?<![\w:-])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:-])", flags=_I),
    _rule("id", "handle", r"(?<![\w@./])@[A-Za-z_]\w{2,}"),
)
_NUMBERS = (
    _rule("ssn", "social-security", r"(?<![\w-])\d{3}[- ]\d{2}[- ]\d{4}(?![\w-])"),
    _rule("phone", "phone", r"(?<![\w/-])(?:\+?\d{1,3}[\s.-]?)?(?:\(\d{2,5}\)\s?|\d{3}[\s.-])\d{3}[\s.-]?\d{4}(?!\w)"),
    _rule("phone", "phone-international", r"(?<!\w)(?:\+|00)\d(?:[\s().-]{0,2}\d){7,14}(?!\w)"),
    _rule("phone", "phone-national", r"(?<![\w/.-])0\d{2,4}[\s-]\d{3,4}[\s-]?\d{3,4}(?!\w)"),
    _rule("phone", "phone-after-prefix", r"(?<![\w/.-])0\d{2,4}[\s-]\d{5,8}(?![\w-])"),
    _rule("phone", "phone-in-pairs", r"(?<![\w/.-])\d{2}(?:([-. ])\d{2})(?:\1\d{2}){2,3}(?![\w/.-]*\w)"),
    _rule("account", "card", r"(?<![\w-])\d(?:[ -]?\d){12,18}(?!\w)"),
    _rule("account", "iban", r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,4})?\b"),
    _rule(
        "id", "letters-and-digits", r"(?<![\w-])#?[A-Z]{1,6}(?:-\d{4,}|\d{5,})(?:-\d+)*[A-Z]{0,3}(?!\w)", check=_no_publication
    ),
    _rule("id", "digits-and-letters", r"(?<![\w-])#?\d{5,}-?[A-Z]{2,6}(?!\w)"),
    _rule("id", "number-sign", r"(?<!\w)#(?=[\w-]*\d{3})\w+(?:-\w+)*", check=_no_publication),
    _rule("id", "grouped-digits", r"(?<![\w.,/-])\d{2,6}-\d{2,6}-\d{3,6}(?![\w-])"),
    _rule("id", "long-number", r"(?<![\w.,/-])\d{7,}(?!\w|[.,]\d|\s*(?:cells|copies|iu|units)\b)", flags=_I),
    _rule("vehicle", "vehicle-number", r"(?<!\w)(?=\w*\d)[A-HJ-NPR-Z0-9]{17}(?!\w)", check=_mixed),
    _rule("id", "uuid", r"(?<![\w-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w-])", flags=_I),
)
_ADDRESSES = (
    _rule(
        "place",
        "street-and-number",
        rf"\b\d{{1,6}}[A-Za-z]?,?\s+(?:{_BIG_WORD}\s+){{1,4}}?{_STREET}\b\.?"
        rf"(?:,?\s+(?:[Aa]pt|[Ss]uite|[Uu]nit|[Aa]partment|#)\.?\s*\w+)?(?:,\s*{_BIG_WORD}(?:\s+{_BIG_WORD}){{0,2}})?"
        rf"(?:,?\s*{_STATE}\b)?(?:,?\s+{_ZIP}\b)?",
    ),
    _rule("place", "small-street", r"\b\d{1,5}\s+[a-z]{3,}\s+(?:street|avenue|road|boulevard|lane)\b"),
    _rule("place", "street", rf"(?<!\w)(?:{_BIG_WORD}\s+){{1,3}}(?:Street|Avenue|Road|Boulevard|Lane|Parkway)\b"),
    _rule(
        "place",
        "street-elsewhere",
        r"\b(?:\d{1,5}\s+)?[^\W\d_]{3,}(?:stra(?:ß|ss)e|gasse|weg|platz|allee|vej|vejen|gatan|gade|straat|laan|katu|utca|veien)"
        r"\s+\d+[a-z]?\b",
        flags=_I,
    ),
    _rule(
        "place",
        "street-in-romance",
        r"\b(?:\d{1,6},?\s+)?(?:Rue|Via|Calle|Avenida|Rua|Piazza|Plaza|Viale|C/)\s+"
        rf"(?:(?:de|del|della|dei|di|do|da|la|el|los|des|du)\s+){{0,2}}{_BIG_WORD}(?:\s+{_BIG_WORD})?(?:,?\s+\d+[a-z]?)?",
    ),
    _rule(
        "place",
        "address-told",
        r"(?:\b(?:live|lives|lived|living|reside|resides|residing|stay|stays|staying|located)\s+(?:at|on)\s+"
        r"|\b(?:home\s+)?address(?:\s+is|\s*:)\s*)(?P<it>(?:\d|[A-Z])[^,.;?!\n()]{2,60}(?:,\s*(?:[A-Z][\w ]{1,30}|\d{4,6}))*)",
    ),
    _rule("place", "box", r"\bP\.?\s?O\.?\s+Box\s+\d+", flags=_I),
    _rule(
        "place",
        "apartment",
        rf"(?<!\w)(?:\d{{1,6}},?\s+)?(?:{_BIG_WORD}[ ]+){{0,4}}(?:\d{{1,5}}[\s,>]+)?\b(?:[Aa]pt|[Ss]uite|[Aa]partment)\b\.?\s*"
        rf"#?\d+\w?"
        rf"(?:[\s,>]+(?:{_BIG_WORD}|\d{{4,6}}))*",
    ),
    _rule(
        "place",
        "zip-told",
        r"\b(?:zip|post|postal)\s*-?(?:code)?\s*(?:is|:|=)?\s*(?P<it>[A-Z0-9]{2,5}(?:[ -][A-Z0-9]{3,4})?)\b",
        flags=_I,
        check=lambda match: any(each.isdigit() for each in match.group("it")),
    ),
    _rule("place", "state-and-zip", rf"\b{_STATE}\s+{_ZIP}(?!\w)"),
    _rule("place", "zip-plus-four", r"(?<![\w-])\d{5}-\d{4}(?![\w-])"),
    _rule("place", "uk-postcode", r"\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b"),
)
_AGES = (
    # Safe Harbor: ages of 90 and more go into one class.
    _rule("age", "great-age", r"(?<![\w.])(?P<it>9\d|1[0-2]\d)(?=[\s-]*(?:years?|yrs?|y/?o|yo)\b(?!\s+ago))", flags=_I),
    _rule(
        "age",
        "great-age-told",
        r"\b(?:aged?|turned|turning)\s+(?:of\s+|is\s+|:\s*)?(?P<it>9\d|1[0-2]\d)\b(?!%|\.\d|/)",
        flags=_I,
    ),
)
_RULES = (*_DATES, *_NET, *_NUMBERS, *_ADDRESSES, *_AGES)
_WITHOUT_DIGITS = frozenset(
    {"email", "url", "domain", "handle", "street", "street-in-romance", "address-told", "last-month-named"}
)
_FEW_RULES = tuple(rule for rule in _RULES if rule[1] in _WITHOUT_DIGITS)
_DIGIT = re.compile(r"\d")


def form_marks(text: str) -> Iterator[Mark]:
    """Yield what the form of a text alone gives away."""
    for kind, name, pattern, weak, check in _RULES if _DIGIT.search(text) else _FEW_RULES:
        for match in pattern.finditer(text):
            if check is None or check(match):
                group = "it" if "it" in pattern.groupindex else 0
                yield Mark(*match.span(group), kind, name, weak)
