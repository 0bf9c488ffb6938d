"""Measured values in a text, with their units; what no living person can have is not used, said, and asked for again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from consilium_common.clinical.lab_reports import is_reference, names_other_analyte
from consilium_common.clinical.text import plain
from consilium_common.clinical.words import one_of
from consilium_common.contracts.case import Vital

_FAHRENHEIT_FROM = 80
_MG_DL_PER_MMOL = 18.016
# Without a unit: nobody measures 36 mmol/l at home, and nobody writes about 35 mg/dl.
_MG_DL_FROM = 36
# Below, only mmol/l is possible in somebody who writes.
_UNCLEAR_GLUCOSE_FROM = 20

# 'No fever, I'm 30' gives an age.
_GAP = r"(?:(?!\bi(?:'m|m| am)\b|\baged?\b)[^0-9.;\n]){0,24}?"
# Nobody calls less than this a fever: the number means something else.
_FEVER_FROM_C = 35
# Two values with a slash are hardly anything but a blood pressure: 'blood pressure is higher than normal at 190/125'.
_WIDE_GAP = r"[^0-9.;\n]{0,40}?"
_NOT_TIME = r"(?! ?(?:/(?! ?m)|%|-?(?:hours?|hrs?|days?|mins?\b|minutes?|weeks?|years?|months?|mg|ml|times|pm\b|am\b)))"
_SIGN = r"°? ?(?:degrees?|deg)? ?"
_DEGREES = rf"{_SIGN}(?P<unit>c\b|f\b|celsius|centigrade|fahrenheit)"
# Neither in urine, nor a clearance or a ratio.
_CREATININE = r"(?<!urine )creat(?:inine)?\b(?! (?:clearance|ratio))(?: level)?"
_GLUCOSE_UNIT = r"(?P<unit>mg ?/ ?dl|mmol(?: ?/ ?l)?)"
_MASS_UNIT = r"(?P<unit>kg|kilos?|lbs?|pounds|stone)\b"
_PRESSURES = r"(?P<value>\d{2,3}) ?(?:/|over) ?(?P<low>\d{2,3})\b(?!/)"
_PRESSURE = r"(?:bp|b/p|blood pressures?)"
# Right after its label, so that no dose or year is taken for it.
_RIGHT_AFTER = r"(?:(?:'s| is| was| of| at| reads?| reading|:| =) ?| )"
_OXYGEN = one_of(
    r"spo2|sp02|spo₂|o2(?: ?(?:sats?|saturation|level))?|sats?",
    r"oxygen(?: (?:saturations?|levels?|sats?))?|saturations?|pulse ox\w*|oximeter",
)


def _digits(least: int, most: int, decimals: int = 0) -> str:
    rest = rf"(?:[.,]\d{{1,{decimals}}})?" if decimals else ""
    return rf"(?P<value>\d{{{least},{most}}}{rest})"


def _after(label: str, value: str, gap: str = _GAP) -> str:
    return rf"\b{label}\b{gap}{value}"


# 'Breathing quick, I made it 30', but not 'breathing in 20 litres'.
_FAST = r"(?: (?:is|was|at|now|very|quick|quickly|fast|rapidly))*"
_NO_MEASURE = r"(?! (?:seconds?|secs?|litres?|of|metres?|steps)\b)"
_BARE = rf"(?<![\d.,])\b{_digits(1, 4, 1)} ?{_GLUCOSE_UNIT}"
# In this order: what stands in an earlier match is not read again.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("systolic_mmhg", _after(r"(?:bp|b/p|blood pressures?|pressure|reading)", _PRESSURES, _WIDE_GAP)),
        ("systolic_mmhg", rf"\b{_PRESSURES} ?mm ?hg"),
        ("systolic_mmhg", rf"\b{_PRESSURE}{_RIGHT_AFTER}{_digits(2, 3)}\b(?! ?(?:/|-|to\b)){_NOT_TIME}"),
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
        (
            "respiratory_rate_min",
            rf"\bbreathing{_FAST},?(?: (?:i|we) (?:made|make|counted) it)? {_digits(2, 2)}\b{_NOT_TIME}{_NO_MEASURE}",
        ),
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
        # Numbers of a length that no such value has: they are read only to be said and asked for again.
        ("systolic_mmhg", rf"\b{_PRESSURE}{_RIGHT_AFTER}(?P<value>\d{{1,4}}) ?(?:/|over) ?(?P<low>\d{{1,4}})\b(?!/)"),
        ("temperature_c", rf"\b(?:temp(?:erature)?|fever){_RIGHT_AFTER}(?P<value>-\d{{1,4}}|\d{{4,6}}|\d)\b{_NOT_TIME}"),
        ("heart_rate_bpm", rf"\b(?:hr|heart ?rate|pulse){_RIGHT_AFTER}(?P<value>\d|\d{{4,6}})\b(?!\+){_NOT_TIME}"),
        ("spo2_pct", rf"\b(?:spo2|o2 sats?|sats|oxygen){_RIGHT_AFTER}(?P<value>\d|\d{{4,6}})\b(?! ?l){_NOT_TIME}"),
        ("potassium_mmol_l", rf"\bpotassium{_RIGHT_AFTER}(?P<value>\d{{2,4}})\b{_NOT_TIME}"),
        ("sodium_mmol_l", rf"\bsodium{_RIGHT_AFTER}(?P<value>\d{{1,2}}|\d{{4}})\b{_NOT_TIME}"),
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
_BARE_GLUCOSE = re.compile(_BARE)
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


# How a value is called when it is said that it was not used, and its unit.
_CALLED: dict[str, tuple[str, str]] = {
    "systolic_mmhg": ("the upper blood pressure value", "mmHg"),
    "diastolic_mmhg": ("the lower blood pressure value", "mmHg"),
    "heart_rate_bpm": ("a heart rate", "beats a minute"),
    "temperature_c": ("a body temperature", "°C"),
    "spo2_pct": ("oxygen in the blood", "%"),
    "respiratory_rate_min": ("a breathing rate", "breaths a minute"),
    "glucose_mmol_l": ("blood sugar", "mmol/l"),
    "potassium_mmol_l": ("potassium", "mmol/l"),
    "sodium_mmol_l": ("sodium", "mmol/l"),
    "inr": ("an INR", ""),
    "weight_kg": ("a weight", "kg"),
    "peak_flow_pct": ("peak flow", "%"),
    "creatinine_umol_l": ("creatinine", "µmol/l"),
    "urea_mmol_l": ("urea", "mmol/l"),
    "height_cm": ("a height", "cm"),
    "qt_ms": ("a QT interval", "ms"),
    "gcs_points": ("the Glasgow coma scale", "points"),
    "phq9_points": ("the PHQ-9", "points"),
    "phq2_points": ("the PHQ-2", "points"),
    "gad7_points": ("the GAD-7", "points"),
    "auditc_points": ("the AUDIT-C", "points"),
}
# The two values of one reading are never further apart; aortic regurgitation and stiff arteries reach about 140 mmHg.
_WIDEST_PULSE_PRESSURE = 200


@dataclass
class Measured:
    """What was measured: values, assumptions made on the way, questions back, where values stand and which were not used."""

    vitals: dict[str, Vital] = field(default_factory=dict)
    assumptions: list[str] = field(default_factory=list)
    ask: list[str] = field(default_factory=list)
    taken: list[tuple[int, int]] = field(default_factory=list)
    unused: list[tuple[int, int]] = field(default_factory=list)

    def refuse(self, words: str, why: str, place: tuple[int, int]) -> None:
        """Leave a value out, say so, and ask for it."""
        self.unused.append(place)
        self.assumptions.append(f"“{words}” was not used: {why}.")
        self.ask.append(f"What was the exact value, with its unit, where you wrote “{words}”?")


def read_vitals(text: str) -> Measured:
    """Return the measured values of a text. References of a copied report and conditions such as 'if above 38' are none."""
    plain_text = plain(text)
    measured = Measured()
    named = [(name, pattern) for word, name, pattern in _RARE if word in plain_text]
    for name, pattern in (*_PATTERNS, *named, ("glucose_mmol_l", _BARE_GLUCOSE)):
        for found in pattern.finditer(plain_text):
            start, end = found.span()
            if any(first < end and start < last for first, last in measured.taken):
                continue
            if name == "temperature_c" and found.group().startswith("fever") and _is_no_fever(found["value"]):
                continue
            if not _is_measured(pattern, found, plain_text):
                measured.taken.append((start, end))
                continue
            measured.taken.append((start, end))
            _take(name, found, text[start:end].strip(), measured)
    return measured


def _is_no_fever(value: str) -> bool:
    return re.fullmatch(r"\d\d(?:[.,]\d+)?", value) is not None and int(value[:2]) < _FEVER_FROM_C


def _is_measured(pattern: re.Pattern[str], found: re.Match[str], text: str) -> bool:
    if _BOUND.search(found.group()) and _CONDITION.search(text[max(0, found.start() - 120) : found.start()]):
        return False
    if pattern is _BARE_GLUCOSE and names_other_analyte(text, found.start()):
        return False
    low = found.end("low") if found.groupdict().get("low") else found.end("value")
    return not is_reference(text, found.start("value"), low)


def _take(name: str, found: re.Match[str], words: str, measured: Measured) -> None:
    values = _values(name, found, words, measured.assumptions)
    for each, value in values:
        low, high = _POSSIBLE[each]
        if not low <= value <= high:
            called, unit = _CALLED[each]
            measured.refuse(words, f"{called} is between {low:g} and {high:g} {unit}".rstrip(), found.span())
            return
    if len(values) > 1 and not 0 < values[0][1] - values[1][1] <= _WIDEST_PULSE_PRESSURE:
        measured.refuse(words, "the two values of a blood pressure cannot stand so to each other", found.span())
        return
    for each, value in values:
        measured.vitals.setdefault(each, Vital(name=each, value=value, words=words))


def _values(name: str, found: re.Match[str], words: str, assumptions: list[str]) -> list[tuple[str, float]]:
    groups = found.groupdict()
    value = float(groups["value"].replace(",", "."))
    unit = groups.get("unit") or ""
    if name == "systolic_mmhg" and groups.get("low"):
        return [(name, value), ("diastolic_mmhg", float(groups["low"]))]
    if name == "systolic_mmhg" and words[:1] in {"b", "B"}:
        assumptions.append(f"“{words}” was read as the upper blood pressure value, since a second one was not given.")
    if name == "temperature_c" and (unit.startswith("f") or (not unit and value >= _FAHRENHEIT_FROM)):
        celsius = round((value - 32) / 1.8, 1)
        if not unit and celsius <= _POSSIBLE[name][1]:
            assumptions.append(f"“{words}” was read as degrees Fahrenheit ({celsius:g} °C), since no unit was given.")
        return [(name, celsius)]
    if name == "weight_kg":
        return [(name, round(value * _KG[unit.rstrip("s")], 1))]
    if name == "glucose_mmol_l" and not unit and value >= _UNCLEAR_GLUCOSE_FROM:
        read_as = "mg/dl" if value >= _MG_DL_FROM else "mmol/l"
        assumptions.append(f"“{words}” was read as {read_as}, since no unit was given.")
    if name == "glucose_mmol_l" and (unit.startswith("mg") or (not unit and value >= _MG_DL_FROM)):
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
            assumptions.append(f"“{words}” was read as mg/dl, since no unit was given.")
        return round(value / (_UREA_NITROGEN_MG_PER_MMOL if nitrogen else _UREA_MG_PER_MMOL), 1)
    if unit == "mg" or (not unit and value < _CREATININE_MG_BELOW):
        if not unit:
            assumptions.append(f"“{words}” was read as mg/dl, since no unit was given.")
        return round(value * _CREATININE_UMOL_PER_MG, 1)
    return value
