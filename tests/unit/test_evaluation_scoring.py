"""Intervals of an evaluation: known values, and what must hold of all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium_cli.evaluation.scoring import detection, known, mean, share


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    # Newcombe 1998 (Stat Med 17:857), table I, method 3: Wilson score intervals without continuity correction.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_shares_have_the_published_wilson_intervals(hits: int, n: int, low: float, high: float) -> None:
    figure = share([True] * hits + [False] * (n - hits))
    assert figure is not None
    assert (figure.low, figure.high) == pytest.approx((low, high), abs=1e-4)


@given(st.lists(st.booleans(), min_size=1))
def test_a_share_lies_within_its_interval(outcomes: list[bool]) -> None:
    figure = share(outcomes)
    assert figure is not None
    assert 0 <= figure.low <= figure.value <= figure.high <= 1


@given(st.lists(st.integers(0, 4).map(float), min_size=1, max_size=30))
def test_a_mean_lies_within_its_interval_and_is_the_same_again(values: list[float]) -> None:
    figure = mean(values)
    assert figure is not None
    assert min(values) <= figure.low <= figure.high <= max(values)
    assert figure == mean(values)


def test_nothing_has_no_figure() -> None:
    assert share([]) is None
    assert mean([]) is None
    assert known(a=share([]), b=share([True])).keys() == {"b"}


def test_detection_tells_found_from_left_alone() -> None:
    figures = detection([(True, True), (True, False), (False, False), (False, False), (False, True)])
    assert figures["sensitivity"].value == pytest.approx(1 / 2)
    assert figures["specificity"].value == pytest.approx(2 / 3)
    assert detection([(True, True)]).keys() == {"sensitivity"}
