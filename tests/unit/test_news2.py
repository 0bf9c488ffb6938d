"""NEWS2: the table of the Royal College of Physicians, band by band."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium_common.clinical.news2 import applies, news2

# RCP 2017, chart 1: the edges of every band.
TABLE = {
    "respiratory_rate_min": {8: 3, 9: 1, 11: 1, 12: 0, 20: 0, 21: 2, 24: 2, 25: 3},
    "spo2_pct": {91: 3, 92: 2, 93: 2, 94: 1, 95: 1, 96: 0},
    "systolic_mmhg": {90: 3, 91: 2, 100: 2, 101: 1, 110: 1, 111: 0, 219: 0, 220: 3},
    "heart_rate_bpm": {40: 3, 41: 1, 50: 1, 51: 0, 90: 0, 91: 1, 110: 1, 111: 2, 130: 2, 131: 3},
    "temperature_c": {35.0: 3, 35.1: 1, 36.0: 1, 36.1: 0, 38.0: 0, 38.1: 1, 39.0: 1, 39.1: 2},
}


@pytest.mark.parametrize(
    ("name", "value", "points"), [(name, value, points) for name, row in TABLE.items() for value, points in row.items()]
)
def test_every_band(name: str, value: float, points: int) -> None:
    assert news2({name: value}).total == points


def test_consciousness_and_oxygen_add() -> None:
    assert news2({}, alert=False).total == 3
    assert news2({}, on_oxygen=True).total == 2
    assert news2({}, alert=False).single_red


def test_a_whole_set_adds_up() -> None:
    vitals = {"respiratory_rate_min": 26, "spo2_pct": 92, "systolic_mmhg": 95, "heart_rate_bpm": 125, "temperature_c": 39.4}
    assert news2(vitals, alert=False).total == 3 + 2 + 2 + 2 + 2 + 3


def test_what_was_not_measured_counts_nothing() -> None:
    assert news2({}).total == 0
    assert news2({"glucose_mmol_l": 30}).total == 0


@pytest.mark.parametrize(
    ("age_years", "pregnant", "expected"),
    [(16, None, True), (15.9, None, False), (None, None, True), (30, True, False), (30, False, True), (0.1, None, False)],
)
def test_whom_it_is_for(age_years: float | None, pregnant: bool | None, expected: bool) -> None:
    assert applies(age_years, pregnant) is expected


@given(st.dictionaries(st.sampled_from(sorted(TABLE)), st.floats(0, 400)), st.booleans())
def test_one_more_bad_sign_never_lowers_it(vitals: dict[str, float], oxygen: bool) -> None:
    score = news2(vitals, on_oxygen=oxygen)
    assert news2(vitals, alert=False, on_oxygen=oxygen).total >= score.total
    assert score.total == sum(score.points.values())
