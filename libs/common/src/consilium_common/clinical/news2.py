"""NEWS2, the National Early Warning Score 2 of the Royal College of Physicians (2017), scale 1 for oxygen saturation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# Upper bound of each band, included, and its points: RCP 2017, chart 1.
_BANDS: Mapping[str, tuple[tuple[float, int], ...]] = {
    "respiratory_rate_min": ((8, 3), (11, 1), (20, 0), (24, 2), (float("inf"), 3)),
    "spo2_pct": ((91, 3), (93, 2), (95, 1), (float("inf"), 0)),
    "systolic_mmhg": ((90, 3), (100, 2), (110, 1), (219, 0), (float("inf"), 3)),
    "heart_rate_bpm": ((40, 3), (50, 1), (90, 0), (110, 1), (130, 2), (float("inf"), 3)),
    "temperature_c": ((35.0, 3), (36.0, 1), (38.0, 0), (39.0, 1), (float("inf"), 2)),
}
# What must be measured for a score to be one: a height or a laboratory value beside confusion is no early warning score.
MEASURED = frozenset(_BANDS)
_NOT_ALERT_POINTS = 3
_OXYGEN_POINTS = 2
MIN_AGE_YEARS = 16
EMERGENCY_FROM = 7
URGENT_FROM = 5
SINGLE_RED = 3


@dataclass(frozen=True)
class News2:
    """A score with the points of each value. Values that were not measured count nothing, so it is a lower bound."""

    total: int
    points: Mapping[str, int]

    @property
    def single_red(self) -> bool:
        """Return whether one value alone has three points."""
        return any(points >= SINGLE_RED for points in self.points.values())


def news2(vitals: Mapping[str, float], *, alert: bool = True, on_oxygen: bool = False) -> News2:
    """Return the score of the values given, by name with unit. `alert` is False for new confusion or less than awake."""
    points = {name: _points(bands, vitals[name]) for name, bands in _BANDS.items() if name in vitals}
    if not alert:
        points["consciousness"] = _NOT_ALERT_POINTS
    if on_oxygen:
        points["oxygen"] = _OXYGEN_POINTS
    return News2(sum(points.values()), points)


def applies(age_years: float | None, pregnant: bool | None) -> bool:
    """Return whether the score may be used: from 16 years on and not in pregnancy. An unknown age may be an adult's."""
    return (age_years is None or age_years >= MIN_AGE_YEARS) and not pregnant


def _points(bands: Iterable[tuple[float, int]], value: float) -> int:
    return next(points for upper, points in bands if value <= upper)
