"""Copied laboratory reports: what is a reference range or a legend and not the patient's own value or finding."""

import re

from consilium_common.clinical.words import one_of

# After these words a number bounds what is usual; after 'normal' only a range or a bound does, since people also write
# 'higher than normal at 190/120'.
_BOUNDS = r"(?:reference|ref\.?|target|goal|cut-?offs?|thresholds?)"
_BOUND_BEFORE = re.compile(rf"\b{_BOUNDS}\b[^0-9\n.;]{{0,25}}$")
_RANGE_BEFORE = re.compile(rf"\b(?:{_BOUNDS}|(?<!not )(?<!n't )(?<!than )(?<!above )(?<!below )normal)\b")
_RANGE_AFTER = re.compile(r"\s?(?:-|–|to)\s?\d")
_RANGE_END = re.compile(r"\d\s?(?:-|–|to)\s?$")
_BOUND_SIGN = re.compile(r"[<>≤≥]=?\s?$")
_LINE = re.compile(r"[\n;]|\.\s|\b(?:but|today|now)\b")
# What a bare 'N mg/dl' or 'N mmol/l' measures when another name stands before it.
_OTHER_ANALYTE = re.compile(
    r"\b"
    + one_of(
        r"cholesterol|ldl|hdl|vldl|triglycerides?|lipids?|creatinine|urea|bun|bilirubin|calcium|magnesium",
        r"phosph\w+|hco3-?|uric acid|urate|sodium|na|potassium|k|chloride|cl|co2|bicarbonate|albumin|protein|crp|lactate|iron",
        r"ferritin|transferrin|ammonia|lithium|h(?:a)?emoglobin|hb|hgb|ketones?|anion gap|alcohol|ethanol|osmolality",
    )
    + r"\b[^0-9;\n]{0,12}$"
)
_ABOUT_A_RESULT = r"\b(?:low|high|raised|elevated|decreased|increased|positive|values? (?:above|below))"
_MEANS = r"(?:(?:may|can|could|might) (?:also )?(?:indicate|mean|suggest|be|point)|suggests?|indicates?|means?)"
_LEGENDS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?:interpretation|reference(?: (?:range|interval|value)s?)?|comment)\s?:[^\n]{0,160}",
        r"(?<![a-z])[lhn]{1,2}\s?=\s?[a-z]{3,}(?: [a-z]{3,}){0,3}",
        _ABOUT_A_RESULT + r"\b[^.\n;]{0,40}\b" + _MEANS + r"\b[^.\n;]{0,160}",
        r"[a-z][a-z ]{3,40}\bif [<>≤≥]=?\s?\d[^.\n;]{0,20}",
        r"\([^()\n]{0,80}\b(?:normal|ref|reference|range|values?)\b[^()\n]{0,80}\)",
    )
)


def is_reference(text: str, start: int, end: int) -> bool:
    """Return whether the number at a place says what is usual or aimed at. `text` is plain."""
    line = text[max(0, start - 120) : start]
    line = line[max((found.end() for found in _LINE.finditer(line)), default=0) :]
    if _BOUND_BEFORE.search(line):
        return True
    ranged = _RANGE_AFTER.match(text, end) or _RANGE_END.search(line) or _BOUND_SIGN.search(line)
    return bool(ranged and (_RANGE_BEFORE.search(line) or line.rstrip("<>≤≥= ").endswith("(")))


def names_other_analyte(text: str, start: int) -> bool:
    """Return whether a value without a name of its own belongs to another substance that is named right before it."""
    return _OTHER_ANALYTE.search(text[max(0, start - 40) : start]) is not None


def legends(text: str) -> list[tuple[int, int]]:
    """Return where a report explains its values: illnesses that are named there are nobody's."""
    return [found.span() for pattern in _LEGENDS for found in pattern.finditer(text)]
