"""Judging made-up cases with a small consilium: every figure can be worked out by hand."""

import json

import pytest
from rich.console import Console

from consilium_cli.evaluation import differential, invariance, routing, triage
from consilium_cli.evaluation.cases import Case, Urgency
from consilium_cli.evaluation.report import Report, show
from consilium_cli.evaluation.routing import FIELDS
from consilium_common.contracts.knowledge import TriageLevel
from support.small_consilium import small_consilium

EMERGENCY, SAME_DAY, ROUTINE, SELF_CARE = TriageLevel
CONSILIUM = small_consilium()
HEART = "I have chest pain and I am sweating, my left arm feels heavy"
COLD = "I have a runny nose"
SECRET = "grandfather's clock"


def case(id: str, text: str, **what: object) -> Case:
    return Case(id=id, set="made_up", group=id, text=text, **what)  # type: ignore[arg-type]


def test_a_consult_runs_as_the_services_do() -> None:
    consulted = CONSILIUM.consult(HEART)
    assert consulted.triage.level == EMERGENCY
    assert consulted.called[0] == "cardiology"
    assert consulted.answer.differential[0].condition == "heart-attack"
    assert CONSILIUM.consult(HEART) == consulted


def test_triage_counts_right_safe_and_found() -> None:
    cases = [
        case("right", HEART, urgency=Urgency("em", (EMERGENCY,))),
        case("missed", "I have knee pain", urgency=Urgency("em", (EMERGENCY,))),
        case("too careful", "I have a fever", urgency=Urgency("ne", (ROUTINE,))),
        case("left alone", COLD, urgency=Urgency("sc", (SELF_CARE,))),
    ]
    (result,) = triage.evaluate(cases, CONSILIUM)
    assert result.n == 4
    assert {name: figure.value for name, figure in result.figures.items()} == pytest.approx(
        {"accuracy": 0.5, "safe": 0.75, "sensitivity": 0.5, "specificity": 1, "accuracy_rules": 0.5, "safe_rules": 0.75}
    )
    assert [miss.case for miss in result.misses] == ["missed", "too careful"]
    assert result.confusion["em", "routine"] == 1
    assert list(result.parts) == ["em", "ne", "sc"]


def test_hazards_are_a_measurement_of_their_own() -> None:
    any_level = Urgency("None", (SAME_DAY, ROUTINE, SELF_CARE))
    cases = [
        case("noticed", "I have a fever", urgency=any_level, hazard=True),
        case("overlooked", "I have knee pain", urgency=any_level, hazard=True),
        case("benign", COLD, urgency=any_level, hazard=False),
        case("disputed", HEART, urgency=Urgency("Call 911/988", (EMERGENCY,)), hazard=False),
    ]
    emergencies, hazards = triage.evaluate(cases, CONSILIUM)
    assert emergencies.figures["accuracy"].value == 1
    assert hazards.name == "made_up: hazards"
    assert hazards.figures["sensitivity"].value == pytest.approx(0.5)
    assert hazards.figures["specificity"].value == pytest.approx(0.5)
    assert hazards.figures["benign_left_alone"].value == 1
    assert [miss.case for miss in hazards.misses] == ["overlooked", "disputed"]


def test_a_differential_is_judged_by_place_and_misses_name_the_step() -> None:
    cases = [
        case("first", HEART, diagnosis="Myocardial infarction"),
        case("not called", COLD, diagnosis="Myocardial infarction"),
        case("not led to", "I have a runny nose, no cough", diagnosis="Influenza"),
        case("unknown", HEART, diagnosis="Aortic dissection"),
    ]
    whole, within = differential.evaluate(cases, CONSILIUM)
    assert (whole.n, within.n) == (4, 3)
    assert whole.figures["top1"].value == pytest.approx(1 / 4)
    assert within.figures["top5"].value == pytest.approx(1 / 3)
    assert whole.not_held == {"Aortic dissection": 1}
    assert {miss.case: miss.why[0] for miss in within.misses} == {
        "not called": "lost at: specialist not called",
        "not led to": "lost at: no finding leads to it",
    }


def test_routing_finds_the_right_one_and_counts_those_called() -> None:
    cases = [
        case("right", HEART, field="Cardiovascular"),
        case("wrong", COLD, field="Cardiovascular"),
        case("left out", COLD, field="Astrology"),
    ]
    (result,) = routing.evaluate(cases, CONSILIUM)
    assert result.n == 2
    assert result.figures["recall"].value == pytest.approx(0.5)
    assert result.figures["called"].value >= 1
    assert [miss.case for miss in result.misses] == ["wrong"]


def test_every_field_belongs_to_a_specialist_that_exists() -> None:
    assert set(FIELDS.values()) == {"cardiology", "neurology", "orthopedics", "gp"}


def test_who_somebody_is_changes_nothing() -> None:
    results = invariance.evaluate([case("a", f"A 40-year-old man says: {HEART}"), case("b", COLD)], CONSILIUM)
    assert {result.name: result.n for result in results} == {
        "unchanged by ethnicity": 1,
        "unchanged by name": 2,
        "unchanged by sex": 1,
    }
    assert all(result.figures["unchanged"].value == 1 for result in results)


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("A 30-year-old man and his wife", "sex", "A 30-year-old woman and her husband"),
        ("She says he is ill", "sex", "He says she is ill"),
        ("A 30-year-old man", "ethnicity", "A 30-year-old Black man"),
        ("A 30-year-old white man with black stools", "ethnicity", "A 30-year-old Black man with black stools"),
        ("I cough", "name", "My name is Emily Walsh. I cough"),
    ],
)
def test_substitutions_are_simple(text: str, kind: str, expected: str) -> None:
    assert expected in invariance.variants(text)[kind]


@pytest.mark.parametrize("text", ["A 30-year-old woman, pregnant", "A man with an enlarged prostate"])
def test_what_only_one_sex_has_is_not_varied_in_sex(text: str) -> None:
    assert "sex" not in invariance.variants(text)


def test_reports_never_quote_a_case() -> None:
    text = f"I have knee pain from a {SECRET}"
    cases = [case("a", text, urgency=Urgency("em", (EMERGENCY,)), diagnosis="Influenza", field="Neurology")]
    sets = [each for module in (triage, differential, routing) for each in module.evaluate(cases, CONSILIUM)]
    report = Report("triage", sets, CONSILIUM.versions)
    console = Console(record=True, width=200)
    with console.capture():
        show(console, report, worst=5)
    shown = console.export_text() + json.dumps(report.as_json(worst=5))
    assert "knee-pain" in shown
    assert SECRET not in shown


def test_json_has_the_first_set_at_the_top_with_intervals() -> None:
    sets = triage.evaluate([case("a", HEART, urgency=Urgency("em", (EMERGENCY,)))], CONSILIUM)
    shown = Report("triage", sets, CONSILIUM.versions, "a").as_json(0)
    assert shown["n"] == 1
    assert shown["half"] == "a"
    assert shown["accuracy"] == {"value": 1.0, "low": 0.2065, "high": 1.0}
    assert [each["set"] for each in shown["sets"]] == ["made_up"]  # type: ignore[attr-defined]


def test_a_differential_tells_whether_its_probabilities_hold() -> None:
    whole, _ = differential.evaluate([case("first", HEART, diagnosis="Myocardial infarction")], CONSILIUM)
    stated = CONSILIUM.consult(HEART).answer.differential
    assert whole.calibration is not None
    assert whole.calibration.n == len(stated)
    squares = [(each.probability - (each.condition == "heart-attack")) ** 2 for each in stated]
    assert whole.calibration.brier.value == pytest.approx(sum(squares) / len(squares))
    assert whole.outcomes["top1"] == {"first": True}


def test_triage_is_compared_with_its_rules_alone() -> None:
    (result,) = triage.evaluate([case("a", HEART, urgency=Urgency("em", (EMERGENCY,)))], CONSILIUM)
    assert [(each.figure, each.against, each.n, each.both) for each in result.paired] == [
        ("accuracy", "the rules alone", 1, 1),
        ("safe", "the rules alone", 1, 1),
    ]


def test_every_stage_of_a_consult_is_timed() -> None:
    CONSILIUM.consult(HEART)
    assert list(CONSILIUM.watch.timings()) == ["reading", "triage", "routing", "one opinion", "merging"]
