"""What a measured value means in words: a temperature of 39 is a fever, whether or not the text calls it one."""

from collections.abc import Iterable, Iterator

from consilium_common.contracts.case import Vital

# finding, vital, at least, at most, and whether the bound holds from 12 years on only, since children's hearts beat faster.
_MEANINGS: tuple[tuple[str, str, float | None, float | None, bool], ...] = (
    ("fever", "temperature_c", 38.0, None, False),
    ("high-fever", "temperature_c", 39.5, None, False),
    ("low-body-temperature", "temperature_c", None, 35.0, False),
    ("fast-heart-rate", "heart_rate_bpm", 101, None, True),
    ("slow-heart-rate", "heart_rate_bpm", None, 49, True),
    ("low-blood-pressure", "systolic_mmhg", None, 89, True),
    ("high-blood-pressure-reading", "systolic_mmhg", 140, None, True),
    ("high-blood-pressure-reading", "diastolic_mmhg", 90, None, True),
    ("very-high-blood-pressure-reading", "systolic_mmhg", 180, None, True),
    ("very-high-blood-pressure-reading", "diastolic_mmhg", 120, None, True),
    ("low-oxygen-reading", "spo2_pct", None, 93, False),
    ("fast-breathing", "respiratory_rate_min", 21, None, True),
    ("hyperglycaemia-reading", "glucose_mmol_l", 11.1, None, False),
    ("hypoglycaemia-reading", "glucose_mmol_l", None, 3.9, False),
    # Eight points or fewer are coma; a full 15 is alert (Teasdale and Jennett 1974).
    ("unresponsive", "gcs_points", None, 8, False),
    ("reduced-alertness", "gcs_points", None, 14, False),
)


def implied_by_vitals(vitals: Iterable[Vital], *, adult: bool) -> Iterator[tuple[str, Vital]]:
    """Yield the findings that measured values mean. `adult` is from 12 years on, or an unknown age."""
    values = {vital.name: vital for vital in vitals}
    for finding, name, least, most, adults_only in _MEANINGS:
        vital = values.get(name)
        if vital is None or (adults_only and not adult):
            continue
        if (least is None or vital.value >= least) and (most is None or vital.value <= most):
            yield finding, vital
