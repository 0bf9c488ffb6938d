"""Measured values in a text, with their units; what no living person can have is dropped and said."""

import re
from collections.abc import Mapping

from consilium_common.clinical.text import plain
from consilium_common.clinical.words import one_of
from consilium_common.contracts.case import Vital

_FAHRENHEIT_FROM = 80
_MG_DL_PER_MMOL = 18.016
# Without a unit: nobody measures 36 mmol/l at home, and nobody writes about 35 mg/dl.
_MG_DL_FROM = 36

# 'No fever, I'm 30' gives an age.
_GAP = r"(?:(?!\bi(?:'m|m| am)\b|\baged?\b)[^0-9.;\n]){0,24}?"
# Nobody calls less than this a fever: the number means something else.
_FEVER_FROM_C = 35
_NOT_TIME = r"(?! ?(?:/(?! ?m)|%|-?(?:hours?|hrs?|days?|mins?\b|minutes?|weeks?|years?|months?|mg|ml|times|pm\b|am\b)))"
_SIGN = r"°? ?(?:degrees?|deg)? ?"
_DEGREES = rf"{_SIGN}(?P<unit>c\b|f\b|celsius|centigrade|fahrenheit)"
# Neither in urine, nor a clearance or a ratio.
_CREATININE = r"(?<!urine )creat(?:inine)?\b(?! (?:clearance|ratio))(?: level)?"
_GLUCOSE_UNIT = r"(?P<unit>mg ?/ ?dl|mmol(?: ?/ ?l)?)"
_MASS_UNIT = r"(?P<unit>kg|kilos?|lbs?|pounds|stone)\b"
_PRESSURES = r"(?P<value>\d{2,3}) ?(?:/|over) ?(?P<low>\d{2,3})\b(?!/)"
_OXYGEN = one_of(
    r"spo2|sp02|spo₂|o2(?: ?(?:sats?|saturation|level))?|sats?",
    r"oxygen(?: (?:saturations?|levels?|sats?))?|saturations?|pulse ox\w*|oximeter",
)


def _digits(least: int, most: int, decimals: int = 0) -> str:
    rest = rf"(?:[.,]\d{{1,{decimals}}})?" if decimals else ""
    return rf"(?P<value>\d{{{least},{most}}}{rest})"


def _after(label: str, value: str) -> str:
    return rf"\b{label}\b{_GAP}{value}"


# In this order: what stands in an earlier match is not read again.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("systolic_mmhg", _after(r"(?:bp|b/p|blood pressures?|pressure|reading)", _PRESSURES)),
        ("systolic_mmhg", rf"\b{_PRESSURES} ?mm ?hg"),
        ("systolic_mmhg", _after(r"(?:systolic|sbp)", rf"{_digits(2, 3)}\b{_NOT_TIME}")),
        ("heart_rate_bpm", _after(r"(?:hr|heart ?rate|pulse(?: rate)?|heart ?beat)", rf"{_digits(2, 3)}\b{_NOT_TIME}")),
        ("heart_rate_bpm", rf"\b{_digits(2, 3)} ?(?:bpm|beats? ?(?:per|a|/) ?min\w*)"),
        (
            "temperature_c",
            _after(r"(?:temp(?:erature)?|fever|(?<!['’])t)", rf"{_digits(2, 3, 2)}(?:\b{_NOT_TIME})?(?: ?{_DEGREES})"),
        ),
        ("temperature_c", _after(r"(?:temp(?:erature)?|fever|(?<!['’])t)", rf"{_digits(2, 3, 2)}\b{_NOT_TIME}")),
        ("temperature_c", rf"\b(?P<value>(?:3\d|4[0-5])(?:[.,]\d{{1,2}})?) ?{_SIGN}(?P<unit>c\b|celsius|centigrade)"),
        ("temperature_c", rf"\b(?P<value>(?:9\d|1[01]\d)(?:[.,]\d{{1,2}})?) ?{_SIGN}(?P<unit>f\b|fahrenheit)"),
        ("spo2_pct", _after(_OXYGEN, rf"{_digits(2, 3)} ?(?:%|percent|\b{_NOT_TIME})")),
        (
            "respiratory_rate_min",
            _after(r"(?:rr|resp(?:s|iratory|irations?)?(?: rate)?|breathing rate)", rf"{_digits(1, 3)}\b{_NOT_TIME}"),
        ),
        ("respiratory_rate_min", rf"\b{_digits(1, 2)} (?:breaths|times) (?:per|a) min"),
        ("glucose_mmol_l", _after(r"(?:glucose|blood sugars?|sugars?|bg|bm|cbg|bgl)", rf"{_digits(1, 4, 1)} ?{_GLUCOSE_UNIT}")),
        (
            "glucose_mmol_l",
            _after(r"(?:glucose|blood sugars?|sugars?|bg|bm|cbg|bgl)", rf"{_digits(1, 4, 1)}\b{_NOT_TIME}(?! ?g\b)"),
        ),
        ("weight_kg", _after(r"(?:weigh(?:s|ing)?|weight)", rf"{_digits(1, 3, 1)} ?{_MASS_UNIT}")),
        ("potassium_mmol_l", _after(r"potassium(?: level)?", rf"{_digits(1, 1, 1)}\b{_NOT_TIME}")),
        ("sodium_mmol_l", _after(r"sodium(?: level)?", rf"{_digits(3, 3)}\b{_NOT_TIME}")),
        ("inr", _after(r"inr", rf"{_digits(1, 2, 1)}\b{_NOT_TIME}")),
        ("peak_flow_pct", _after("peak flow", rf"{_digits(1, 3)} ?%")),
    )
)
# What only some texts name: each is looked for when its word is there, so that a reading costs no more without it.
_RARE: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (word, name, re.compile(pattern))
    for word, name, pattern in (
        (
            "creat",
            "creatinine_umol_l",
            _after(
                r"(?<!urine )creat(?:inine)?\b(?! (?:clearance|ratio))(?: level)?",
                rf"{_digits(1, 4, 2)}\b(?: ?(?P<unit>[µμu]mol|micromol|mg))?",
            ),
        ),
        ("urea", "urea_mmol_l", _after(r"urea(?! nitrogen)", rf"{_digits(1, 3, 1)}\b(?: ?(?P<unit>mmol|mg))?")),
        (
            "urea nitrogen",
            "urea_mmol_l",
            _after(r"(?P<nitrogen>urea nitrogen)", rf"{_digits(1, 3, 1)}\b(?: ?(?P<unit>mmol|mg))?"),
        ),
        ("bun", "urea_mmol_l", _after(r"(?P<nitrogen>bun)", rf"{_digits(1, 3, 1)}\b(?: ?(?P<unit>mmol|mg))?")),
        ("height", "height_cm", _after(r"height", rf"{_digits(1, 3, 2)} ?(?P<unit>cm|m)\b")),
        ("tall", "height_cm", rf"\b{_digits(1, 3, 2)} ?(?P<unit>cm|m) tall\b"),
        ("qt", "qt_ms", _after(r"qt(?: interval)?", rf"{_digits(3, 3)}\b")),
        ("gcs", "gcs_points", _after("gcs", rf"{_digits(1, 2)}\b")),
        ("glasgow", "gcs_points", _after(r"glasgow coma (?:scale|score)", rf"{_digits(1, 2)}\b")),
        ("phq", "phq9_points", _after(r"phq-? ?9", rf"{_digits(1, 2)}\b")),
        ("phq", "phq2_points", _after(r"phq-? ?2", rf"{_digits(1, 1)}\b")),
        ("gad", "gad7_points", _after(r"gad-? ?7", rf"{_digits(1, 2)}\b")),
        ("audit", "auditc_points", _after(r"audit-? ?c", rf"{_digits(1, 2)}\b")),
    )
)
# Without a name beside it a value in these units is glucose; so it is read after everything that has a name, and not after
# the name of anything else that is measured in them.
_UNNAMED = (("glucose_mmol_l", re.compile(rf"\b{_digits(1, 4, 1)} ?{_GLUCOSE_UNIT}")),)
_OTHER_ANALYTE = re.compile(
    r"\b(?:protein|albumin|bilirubin|cholesterol|[lh]dl|triglycerides?|calcium|ca2\+|phosph\w+|magnesium|chloride|lactate"
    r"|uric acid|urate|creatinine|urea(?: nitrogen)?|iron|bicarbonate|hco3-?)[^0-9;\n]{0,12}$"
)
# 'Seek care if glucose stays >300' measures nothing.
_CONDITION = re.compile(r"\b(?:if|when|unless|until|target|goal)\b[^.!?\n]*$")
_BOUND = re.compile(r"[<>≥≤]|\b(?:over|above|below|under|greater|less|stays|rises|drops|falls|goes|reaches|exceeds)\b")
_POSSIBLE: dict[str, tuple[float, float]] = {
    "systolic_mmhg": (40, 300),
    "diastolic_mmhg": (20, 200),
    "heart_rate_bpm": (15, 320),
    "temperature_c": (25, 45),
    "spo2_pct": (30, 100),
    "respiratory_rate_min": (2, 90),
    "glucose_mmol_l": (0.5, 80),
    "potassium_mmol_l": (1.5, 10),
    "sodium_mmol_l": (95, 190),
    "inr": (0.5, 20),
    "weight_kg": (0.4, 350),
    "peak_flow_pct": (5, 150),
    "creatinine_umol_l": (15, 2500),
    "urea_mmol_l": (0.5, 100),
    "height_cm": (30, 250),
    "qt_ms": (150, 900),
    "gcs_points": (3, 15),
    "phq9_points": (0, 27),
    "phq2_points": (0, 6),
    "gad7_points": (0, 21),
    "auditc_points": (0, 12),
}
# Creatinine: 1 mg/dl is 88.4 µmol/l; nobody has under 15 µmol/l, and hardly anybody over 15 mg/dl. Urea: 6.006 mg/dl are
# 1 mmol/l, and of urea nitrogen 2.801 mg/dl.
_CREATININE_UMOL_PER_MG, _CREATININE_MG_BELOW = 88.4, 15
_UREA_MG_PER_MMOL, _UREA_NITROGEN_MG_PER_MMOL = 6.006, 2.801
_KG = {"kg": 1.0, "kilo": 1.0, "lb": 0.4536, "pound": 0.4536, "stone": 6.3503}


def read_vitals(text: str) -> tuple[tuple[Vital, ...], tuple[str, ...], tuple[tuple[int, int], ...]]:
    """Return the measured values of a text, the assumptions made on the way, and where the values stand."""
    plain_text = plain(text)
    vitals: dict[str, Vital] = {}
    assumptions: list[str] = []
    taken: list[tuple[int, int]] = []
    named = [(name, pattern) for word, name, pattern in _RARE if word in plain_text]
    for name, pattern in (*_PATTERNS, *named, *_UNNAMED):
        for found in pattern.finditer(plain_text):
            start, end = found.span()
            if any(first < end and start < last for first, last in taken):
                continue
            if (name, pattern) in _UNNAMED and _OTHER_ANALYTE.search(plain_text[max(0, start - 40) : start]):
                continue
            if name == "temperature_c" and found.group().startswith("fever") and float(found["value"][:2]) < _FEVER_FROM_C:
                continue
            taken.append((start, end))
            if _BOUND.search(found.group()) and _CONDITION.search(plain_text[max(0, start - 120) : start]):
                continue
            for each, value in _values(name, found, text[start:end].strip(), assumptions):
                low, high = _POSSIBLE[each]
                if low <= value <= high:
                    vitals.setdefault(each, Vital(name=each, value=value, words=text[start:end].strip()))
                else:
                    assumptions.append(f"'{text[start:end].strip()}' was not used: {each} must be between {low:g} and {high:g}")
    return tuple(vitals.values()), tuple(assumptions), tuple(taken)


def _values(name: str, found: re.Match[str], words: str, assumptions: list[str]) -> list[tuple[str, float]]:
    groups = found.groupdict()
    value = float(groups["value"].replace(",", "."))
    unit = groups.get("unit") or ""
    if name == "systolic_mmhg" and groups.get("low"):
        return [(name, value), ("diastolic_mmhg", float(groups["low"]))]
    if name == "temperature_c" and (unit.startswith("f") or (not unit and value >= _FAHRENHEIT_FROM)):
        return [(name, round((value - 32) / 1.8, 1))]
    if name == "weight_kg":
        return [(name, round(value * _KG[unit.rstrip("s")], 1))]
    if name == "glucose_mmol_l" and (unit.startswith("mg") or (not unit and value >= _MG_DL_FROM)):
        if not unit:
            assumptions.append(f"'{words}' was read as mg/dl, since no unit was given")
        return [(name, round(value / _MG_DL_PER_MMOL, 1))]
    if name in {"creatinine_umol_l", "urea_mmol_l", "height_cm"}:
        return [(name, _converted(name, value, groups, words, assumptions))]
    return [(name, value)]


def _converted(name: str, value: float, groups: Mapping[str, str | None], words: str, assumptions: list[str]) -> float:
    """Return creatinine in µmol/l, urea in mmol/l or a height in cm."""
    unit = groups.get("unit") or ""
    if name == "height_cm":
        return round(value * 100, 1) if unit == "m" else value
    if name == "urea_mmol_l":
        nitrogen = bool(groups.get("nitrogen"))
        if unit == "mmol" or (not unit and not nitrogen):
            return value
        if not unit:
            assumptions.append(f"'{words}' was read as mg/dl, since no unit was given")
        return round(value / (_UREA_NITROGEN_MG_PER_MMOL if nitrogen else _UREA_MG_PER_MMOL), 1)
    if unit == "mg" or (not unit and value < _CREATININE_MG_BELOW):
        if not unit:
            assumptions.append(f"'{words}' was read as mg/dl, since no unit was given")
        return round(value * _CREATININE_UMOL_PER_MG, 1)
    return value
