"""Routing: who is called, why, and when the generalist comes."""

import pytest

from consilium_common.clinical.routing import route
from consilium_common.clinical.terms import single_words
from consilium_common.clinical.triage import assess
from consilium_common.contracts.case import Patient, RouteChoice
from support.clinical import profile, profiles, reader, rules


def choices(text: str, wanted: tuple[str, ...] | None = None) -> tuple[RouteChoice, ...]:
    reading = reader().read(text)
    return route(reading, assess(reading, Patient(), rules(), ""), profiles(), text, wanted)


def names(text: str) -> list[str]:
    return [choice.specialist for choice in choices(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("crushing chest pain, my left arm is heavy, I am sweating", ["cardiology"]),
        ("I twisted my knee and now it locks", ["orthopedics"]),
        ("sudden weakness on one side and my face droops", ["neurology"]),
        ("sore throat for two days", ["gp"]),
        ("sore throat with fever and a cough", ["gp"]),
        ("chest pain, and my knee locks", ["orthopedics", "cardiology"]),
        ("no chest pain, but my knee hurts", ["orthopedics"]),
        ("what can you tell me about a stroke", ["neurology"]),
        ("my hospital letter says something strange", ["gp"]),
        ("asdfgh qwrtz", ["gp"]),
    ],
)
def test_calls_who_is_needed(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_a_warning_sign_calls_its_specialty_first() -> None:
    first = choices("SpO2 86% and my knee hurts")[0]
    assert first.specialist == "cardiology"
    assert first.reasons[0].startswith("a warning sign of its field")


def test_says_why_in_plain_words() -> None:
    assert choices("my knee locks")[0].reasons[0] == "you mention knee locking"
    assert choices("asdfgh")[0].reasons == ("there is too little to tell whom this concerns",)


def test_whoever_is_asked_for_by_name_is_called_alone() -> None:
    assert [choice.specialist for choice in choices("my knee locks", ("neurology", "unknown", "neurology"))] == [
        "neurology",
        "unknown",
    ]


def test_a_new_specialist_needs_no_change() -> None:
    reading = reader().read("a rash")
    known = [*profiles(), profile("dermatology", {"rash": 0.9})]
    assert [choice.specialist for choice in route(reading, assess(reading, Patient(), rules(), ""), known, "a rash")] == [
        "dermatology"
    ]


def test_nobody_known_means_nobody_called() -> None:
    reading = reader().read("a rash")
    assert route(reading, assess(reading, Patient(), rules(), ""), [], "a rash") == ()


def test_at_most_four_are_called_the_best_first() -> None:
    many = [profile(f"specialist_{number}", {"rash": 0.5 + number / 20}) for number in range(8)]
    reading = reader().read("a rash")
    called = route(reading, assess(reading, Patient(), rules(), ""), many, "a rash")
    assert len(called) <= 4
    assert [choice.score for choice in called] == sorted((choice.score for choice in called), reverse=True)


STORY = "since the sore throat i drop plates, bump into doorways, misread clocks, forget kettles, stumble and grope for buttons"


def called(text: str, cases: dict[str, str]) -> list[str]:
    """Return who is called when specialists have cases with such words, each word in every tenth."""
    known = [
        each.model_copy(update={"words": {stem: 0.1 for stem, _ in single_words(cases.get(each.manifest.name, ""))}})
        for each in profiles()
    ]
    reading = reader().read(text)
    return [choice.specialist for choice in route(reading, assess(reading, Patient(), rules(), ""), known, text)]


def test_whose_cases_a_text_reads_like_is_called_too() -> None:
    assert called(STORY, {}) == ["gp"]
    assert called(STORY, {"neurology": STORY, "cardiology": "palpitations at the kettle"}) == ["gp", "neurology"]
    assert called(STORY, {"neurology": STORY, "orthopedics": STORY, "gp": "sore"}) == ["gp", "neurology", "orthopedics"]


def test_too_few_known_words_call_nobody() -> None:
    assert called("sore throat, I drop plates", {"neurology": STORY, "cardiology": "palpitations"}) == ["gp"]


def test_who_alone_has_cases_is_not_called_by_them() -> None:
    assert called(STORY, {"neurology": STORY}) == ["gp"]
