"""Measured values in a text, with their units; what no living person can have is dropped and said."""

import re

from consilium_common.contracts.case import Vital

_FAHRENHEIT_FROM = 80
_MG_DL_PER_MMOL = 18.016
# Without a unit: nobody measures 36 mmol/l at home, and nobody writes about 35 mg/dl.
_MG_DL_FROM = 36

_GAP = r"[^0-9.;\n]{0,24}?"
_NOT_TIME = r"(?! ?(?:/|%|-?(?:hours?|hrs?|days?|mins?\b|minutes?|weeks?|years?|months?|mg|ml|times|pm\b|am\b)))"
_DEGREES = r"°? ?(?:degrees?|deg)? ?(?P<unit>c\b|f\b|celsius|centigrade|fahrenheit)"
_LABELLED = {
    "bp": r"(?:bp|b/p|blood pressures?|pressure|reading)",
    "heart_rate_bpm": r"(?:hr|heart ?rate|pulse(?: rate)?|heart ?beat)",
    "temperature_c": r"(?:temp(?:erature)?|fever|t)",
    "spo2_pct": r"(?:spo2|sp02|spo₂|o2(?: ?(?:sats?|saturation|level))?|sats?|oxygen(?: (?:saturations?|levels?|sats?))?|saturations?|pulse ox\w*|oximeter)",
    "respiratory_rate_min": r"(?:rr|resp(?:s|iratory|irations?)?(?: rate)?|breathing rate)",
    "glucose_mmol_l": r"(?:glucose|blood sugars?|sugars?|bg|bm|cbg|bgl)",
}
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("systolic_mmhg", rf"\b{_LABELLED['bp']}\b{_GAP}(?P<value>\d{{2,3}}) ?(?:/|over) ?(?P<low>\d{{2,3}})\b(?!/)"),
        ("systolic_mmhg", r"\b(?P<value>\d{2,3}) ?/ ?(?P<low>\d{2,3}) ?mm ?hg"),
        ("systolic_mmhg", rf"\b(?:systolic|sbp)\b{_GAP}(?P<value>\d{{2,3}})\b{_NOT_TIME}"),
        ("heart_rate_bpm", rf"\b{_LABELLED['heart_rate_bpm']}\b{_GAP}(?P<value>\d{{2,3}})\b{_NOT_TIME}"),
        ("heart_rate_bpm", r"\b(?P<value>\d{2,3}) ?(?:bpm|beats? ?(?:per|a|/) ?min\w*)"),
        (
            "temperature_c",
            rf"\b{_LABELLED['temperature_c']}\b{_GAP}(?P<value>\d{{2,3}}(?:[.,]\d{{1,2}})?)\b{_NOT_TIME}(?: ?{_DEGREES})?",
        ),
        ("temperature_c", rf"\b(?P<value>\d{{2,3}}(?:[.,]\d{{1,2}})?) ?{_DEGREES}"),
        ("spo2_pct", rf"\b{_LABELLED['spo2_pct']}\b{_GAP}(?P<value>\d{{2,3}}) ?(?:%|percent|\b{_NOT_TIME})"),
        ("respiratory_rate_min", rf"\b{_LABELLED['respiratory_rate_min']}\b{_GAP}(?P<value>\d{{1,3}})\b{_NOT_TIME}"),
        ("respiratory_rate_min", r"\b(?P<value>\d{1,2}) (?:breaths|times) (?:per|a) min"),
        (
            "glucose_mmol_l",
            rf"\b{_LABELLED['glucose_mmol_l']}\b{_GAP}(?P<value>\d{{1,4}}(?:[.,]\d)?)\b{_NOT_TIME}(?! ?(?:g|%)\b)"
            r"(?: ?(?P<unit>mg ?/ ?dl|mmol(?: ?/ ?l)?))?",
        ),
        ("glucose_mmol_l", r"\b(?P<value>\d{1,4}(?:[.,]\d)?) ?(?P<unit>mg ?/ ?dl|mmol ?/ ?l)"),
        (
            "weight_kg",
            rf"\b(?:weigh(?:s|ing)?|weight)\b{_GAP}(?P<value>\d{{1,3}}(?:[.,]\d)?) ?(?P<unit>kg|kilos?|lbs?|pounds|stone)\b",
        ),
        ("peak_flow_pct", rf"\bpeak flow\b{_GAP}(?P<value>\d{{1,3}}) ?%"),
    )
)
_POSSIBLE: dict[str, tuple[float, float]] = {
    "systolic_mmhg": (40, 300),
    "diastolic_mmhg": (20, 200),
    "heart_rate_bpm": (15, 320),
    "temperature_c": (25, 45),
    "spo2_pct": (30, 100),
    "respiratory_rate_min": (2, 90),
    "glucose_mmol_l": (0.5, 80),
    "weight_kg": (0.4, 350),
    "peak_flow_pct": (5, 150),
}
_KG = {"kg": 1.0, "kilo": 1.0, "lb": 0.4536, "pound": 0.4536, "stone": 6.3503}


def read_vitals(text: str) -> tuple[tuple[Vital, ...], tuple[str, ...], tuple[tuple[int, int], ...]]:
    """Return the measured values of a plain text, the assumptions made on the way, and where the values stand."""
    vitals: dict[str, Vital] = {}
    assumptions: list[str] = []
    taken: list[tuple[int, int]] = []
    for name, pattern in _PATTERNS:
        for found in pattern.finditer(text):
            start, end = found.span()
            if any(first < end and start < last for first, last in taken):
                continue
            taken.append((start, end))
            for each, value in _values(name, found, assumptions):
                low, high = _POSSIBLE[each]
                if low <= value <= high:
                    vitals.setdefault(each, Vital(name=each, value=value, words=found.group().strip()))
                else:
                    assumptions.append(f"'{found.group().strip()}' was not used: {each} must be between {low:g} and {high:g}")
    return tuple(vitals.values()), tuple(assumptions), tuple(taken)


def _values(name: str, found: re.Match[str], assumptions: list[str]) -> list[tuple[str, float]]:
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
            assumptions.append(f"'{found.group().strip()}' was read as mg/dl, since no unit was given")
        return [(name, round(value / _MG_DL_PER_MMOL, 1))]
    return [(name, value)]
