"""What holds for every calculator, whatever goes in: range, direction, and that what is missing only widens the result."""

import inspect
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consilium_common.clinical.calculators import CALCULATORS, Calculator, Input, Value, evaluate

ANY = st.sampled_from(sorted(CALCULATORS))


def values(asked: Input) -> st.SearchStrategy[Any]:
    """Every possible value of an input."""
    if asked.kind == "yes-no":
        return st.booleans()
    if asked.kind == "choice":
        return st.sampled_from(asked.options)
    low, high = sorted((float(asked.lowest), float(asked.highest)))
    return st.floats(low, high) | st.sampled_from([low, high])


@st.composite
def complete(draw: st.DrawFn) -> tuple[Calculator, dict[str, Value]]:
    """A calculator with all its inputs."""
    calculator = CALCULATORS[draw(ANY)]
    return calculator, {each.name: draw(values(each)) for each in calculator.inputs}


def towards_highest(asked: Input, value: Value) -> st.SearchStrategy[Any]:
    """Values that score at least as much as one of an input."""
    if asked.kind == "yes-no":
        return st.just(value) | st.just(asked.highest)
    if asked.kind == "choice":
        return st.sampled_from(asked.options[asked.options.index(str(value)) :])
    low, high = sorted((float(value), float(asked.highest)))
    return st.floats(low, high)


@given(complete(), st.data())
@settings(max_examples=400)
def test_missing_inputs_give_a_range_that_holds_every_completion(
    case: tuple[Calculator, dict[str, Value]], data: st.DataObject
) -> None:
    calculator, inputs = case
    score = evaluate(calculator, inputs).value
    assert score is not None
    left_out = data.draw(st.sets(st.sampled_from(sorted(inputs))))
    partial = evaluate(calculator, {name: value for name, value in inputs.items() if name not in left_out})
    assert partial.low <= score <= partial.high
    assert {each.name for each in partial.missing} == left_out
    assert calculator.band(score) in partial.bands
    assert (partial.band is None) == bool(partial.decisive), "something is left to ask exactly when the band is open"


@given(complete(), st.data())
@settings(max_examples=300)
def test_a_narrowed_input_stays_within_the_range_of_a_missing_one(
    case: tuple[Calculator, dict[str, Value]], data: st.DataObject
) -> None:
    calculator, inputs = case
    asked = data.draw(st.sampled_from(calculator.inputs))
    rest = {name: value for name, value in inputs.items() if name != asked.name}
    low = inputs[asked.name]
    high = data.draw(towards_highest(asked, low))
    narrowed, missing = evaluate(calculator, rest, {asked.name: (low, high)}), evaluate(calculator, rest)
    assert missing.low <= narrowed.low <= narrowed.high <= missing.high


@given(complete(), st.data())
@settings(max_examples=400)
def test_every_score_moves_one_way_with_each_input(case: tuple[Calculator, dict[str, Value]], data: st.DataObject) -> None:
    """A worse sign never lowers a score, a better kidney value never raises a stage: the ranges above rest on it."""
    calculator, inputs = case
    asked = data.draw(st.sampled_from(calculator.inputs))
    worse = data.draw(towards_highest(asked, inputs[asked.name]))
    assert calculator.score(**{**inputs, asked.name: worse}) >= calculator.score(**inputs) - 1e-9


@given(complete())
@settings(max_examples=300)
def test_scores_stay_within_what_is_published(case: tuple[Calculator, dict[str, Value]]) -> None:
    calculator, inputs = case
    result = evaluate(calculator, inputs)
    assert result.low == result.high
    assert result.band is not None
    assert result.low >= calculator.bands[0].least
    if calculator.top is not None:
        assert result.high <= calculator.top


@pytest.mark.parametrize("calculator", CALCULATORS.values(), ids=lambda calculator: calculator.id)
def test_a_calculator_is_whole(calculator: Calculator) -> None:
    assert set(inspect.signature(calculator.score).parameters) == {each.name for each in calculator.inputs}
    assert calculator.sources
    assert calculator.population.words
    assert all(each.ask.endswith("?") and each.label for each in calculator.inputs)
    assert all(each.unit or each.kind != "number" for each in calculator.inputs)
    leasts = [band.least for band in calculator.bands]
    assert leasts == sorted(set(leasts))
    assert len({band.id for band in calculator.bands}) == len(calculator.bands)
    if calculator.top is not None:  # the two ends of the published range can be reached
        nothing = evaluate(calculator, {})
        assert (nothing.low, nothing.high) == (calculator.bands[0].least, calculator.top)
