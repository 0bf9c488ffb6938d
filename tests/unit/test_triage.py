"""Triage: rules over what was read, NEWS2, and the questions that could raise the level."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consilium_common.clinical.triage import assess, raise_to
from consilium_common.contracts.case import Finding, Patient, Reading, Triage, Vital
from consilium_common.contracts.knowledge import RedFlagRule, TriageLevel
from support.clinical import concepts, reader, rules

NOBODY = Patient()
RULES = rules()
IDS = sorted(concept.id for concept in concepts())


def triage(text: str, patient: Patient = NOBODY) -> Triage:
    return assess(reader().read(text), patient, RULES, text)


def reading_of(*ids: str, **patient: object) -> Reading:
    findings = tuple(
        Finding(id=concept.id, name=concept.name, kind=concept.kind, words=concept.name, start=0, end=1)
        for concept in concepts()
        if concept.id in ids
    )
    return Reading(findings=findings, patient=Patient.model_validate(patient))


def rule_with(when: dict[str, object]) -> RedFlagRule:
    return RULES.red_flags[0].model_copy(
        update={"id": "under-test", "when": RedFlagRule.model_fields["when"].annotation.model_validate(when)}
    )


@pytest.mark.parametrize(
    ("text", "level", "rule"),
    [
        ("crushing chest pain and I am sweating", "emergency", "heart"),
        ("sudden weakness on one side", "emergency", "stroke"),
        ("my face droops", "emergency", "stroke"),
        ("weakness on one side, it came on gradually", "routine", None),
        ("I am 70 and have had a headache for two days", "same-day", "older-headache"),
        ("I am 70 and have had a headache for two months", "routine", None),
        ("I am 40 and have had a headache for two days", "routine", None),
        ("my 3 week old baby has a fever", "emergency", "infant-fever"),
        ("my 3 year old has a fever", "routine", None),
        ("SpO2 86%", "emergency", "low-oxygen"),
        ("headache, and I take warfarin", "same-day", "bleeding-risk"),
        ("sore throat for two days", "self-care", None),
        ("sore throat and fever", "routine", None),
        ("sore throat and back pain", "routine", None),
        ("sore throat for three weeks", "routine", None),
        ("back pain", "routine", None),
        ("no chest pain, but sweating", "routine", None),
        ("my father had chest pain and was sweating", "routine", None),
    ],
)
def test_levels(text: str, level: str, rule: str | None) -> None:
    result = triage(text)
    assert result.level == level
    assert [flag.rule for flag in result.red_flags] == ([rule] if rule else [])


def test_the_most_urgent_rule_speaks_and_names_the_words() -> None:
    result = triage("I am 70. Worst headache for a day, crushing chest pain, sweating")
    assert [flag.level for flag in result.red_flags] == ["emergency", "emergency", "same-day"]
    assert result.within == "now"
    assert result.advice == "What to do for heart."
    assert result.red_flags[0].words == ("crushing chest pain", "sweating")
    assert "“crushing chest pain”" in result.reasons[0]


def test_the_record_counts_and_is_named() -> None:
    result = triage("I have a headache", Patient(conditions=("anticoagulant-use",)))
    assert result.level == "same-day"
    assert "anticoagulant use" in result.red_flags[0].words


def test_an_unknown_age_holds_no_age_rule_but_is_asked_for() -> None:
    result = triage("I have had a headache for two days")
    assert result.level == "routine"
    assert "How old are you?" in result.ask


def test_asks_for_what_would_raise_the_level_and_for_nothing_denied() -> None:
    assert triage("I am 30, chest pain").ask == ("Does an arm feel heavy?", "Are you sweating?")
    assert triage("I am 30, chest pain, no sweating").ask == ("Does an arm feel heavy?",)
    assert triage("I am 30, headache").ask[0] == "Is it the worst ever?"
    assert triage("crushing chest pain and sweating").ask == ()
    assert triage("I am 30, back pain").ask == ()


@pytest.mark.parametrize(
    ("vitals", "level"),
    [
        ({"heart_rate_bpm": 80}, "routine"),
        ({"heart_rate_bpm": 135}, "same-day"),
        ({"heart_rate_bpm": 125, "temperature_c": 38.5, "respiratory_rate_min": 22}, "same-day"),
        ({"heart_rate_bpm": 125, "temperature_c": 39.5, "respiratory_rate_min": 25}, "emergency"),
    ],
)
def test_news2_raises_the_level_of_adults_only(vitals: dict[str, float], level: str) -> None:
    values = tuple(Vital(name=name, value=value) for name, value in vitals.items())
    assert assess(Reading(vitals=values, patient=Patient(age_years=40)), NOBODY, RULES, "").level == level
    assert assess(Reading(vitals=values, patient=Patient(age_years=4)), NOBODY, RULES, "").level == "routine"
    assert assess(Reading(vitals=values, patient=Patient(age_years=30, pregnant=True)), NOBODY, RULES, "").level == "routine"


@pytest.mark.parametrize(
    ("when", "text", "fires"),
    [
        ({"any": ["fever", "cough", "rash"], "at_least": 2}, "fever and a rash", True),
        ({"any": ["fever", "cough", "rash"], "at_least": 2}, "fever", False),
        ({"all": ["cough"], "absent": "fever"}, "a cough, no fever", True),
        ({"all": ["cough"], "absent": "fever"}, "a cough", False),
        ({"all": ["cough"], "none": ["fever"]}, "a cough", True),
        ({"all": ["cough"], "none": [{"duration_min_h": 336}]}, "a cough for 3 weeks", False),
        ({"all": ["cough"], "severity_min": 7}, "severe cough", True),
        ({"all": ["cough"], "severity_min": 7}, "mild cough", False),
        ({"all": ["cough"], "sex": "f"}, "I am a woman with a cough", True),
        ({"all": ["cough"], "sex": "f"}, "a cough", False),
        ({"all": ["cough"], "pregnant": True}, "I am pregnant and cough", True),
        ({"all": ["cough"], "pregnant": False}, "I cough", True),
        ({"all": ["cough"], "age_max": 15}, "I am 15 and cough", True),
        ({"all": ["cough"], "age_max": 15}, "I am 16 and cough", False),
        ({"finding": "chest-pain"}, "crushing chest pain", True),
        ({"vital": "temperature_c", "above": 40}, "temp 40.5", True),
        ({"vital": "temperature_c", "above": 40}, "temp 39.5", False),
        ({"vital": "temperature_c", "above": 40}, "cough", False),
    ],
)
def test_every_kind_of_condition(when: dict[str, object], text: str, fires: bool) -> None:
    result = assess(reader().read(text), NOBODY, rules(rule_with(when)), text)
    assert ("under-test" in [flag.rule for flag in result.red_flags]) is fires


def test_raising_goes_up_only() -> None:
    low = triage("back pain")
    high = raise_to(low, TriageLevel.EMERGENCY, "A reason.")
    assert (high.level, high.reasons[0]) == ("emergency", "A reason.")
    assert raise_to(high, TriageLevel.ROUTINE, "Another.") is high
    assert raise_to(high, TriageLevel.EMERGENCY, "Another.") is high


@settings(max_examples=150)
@given(
    st.sets(st.sampled_from(IDS), max_size=6),
    st.sampled_from(["chest-pain-pressure", "facial-droop", "sweating"]),
    st.integers(0, 100),
)
def test_one_more_warning_sign_never_lowers_the_level(ids: set[str], more: str, age_years: int) -> None:
    before = assess(reading_of(*ids, age_years=age_years), NOBODY, RULES, "")
    after = assess(reading_of(*ids, more, age_years=age_years), NOBODY, RULES, "")
    assert after.level.urgency >= before.level.urgency


@settings(max_examples=100)
@given(st.sets(st.sampled_from(IDS), max_size=8))
def test_is_deterministic_and_never_asks_too_much(ids: set[str]) -> None:
    result = assess(reading_of(*ids), NOBODY, RULES, "")
    assert result == assess(reading_of(*ids), NOBODY, RULES, "")
    assert len(result.ask) <= 3
    assert result.rules_version == RULES.version
