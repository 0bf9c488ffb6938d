"""Ordinary messages against the real knowledge: what is read, how urgent it is, and who is called."""

from pathlib import Path

import pytest
import yaml

from consilium_common.clinical.routing import route
from consilium_common.contracts.case import Reading, RouteChoice, Triage
from consilium_common.contracts.manifest import Manifest, Profile
from consilium_common.knowledge import load_pack, profile_of
from support.wordings import READER, SHARED, triage

ROOT = Path(__file__).parents[2]


def profile(folder: Path) -> Profile:
    manifest = Manifest.model_validate(yaml.safe_load((folder.parent / "manifest.yaml").read_text("utf-8")))
    return profile_of(manifest, load_pack(folder), SHARED)


@pytest.fixture(scope="module")
def profiles() -> list[Profile]:
    return [profile(folder) for folder in sorted(ROOT.glob("services/*/src/*/knowledge"))]


def consult(text: str, profiles: list[Profile]) -> tuple[Reading, Triage, tuple[RouteChoice, ...]]:
    reading, judged = READER.read(text), triage(text)
    return reading, judged, route(reading, judged, profiles, text)


@pytest.mark.parametrize(
    ("text", "specialist"),
    [
        ("I am 58. Crushing chest pain for 20 minutes, my left arm is heavy, I am sweating", "cardiology"),
        ("pressure on my chest that goes into my jaw, I'm 61 and clammy", "cardiology"),
        ("sudden weakness on one side and my face droops", "neurology"),
        ("My husband's speech is slurred since ten minutes and he can't lift his right arm", "neurology"),
        ("worst headache of my life, came on out of nowhere", "neurology"),
        ("my 3 week old baby has a fever of 38.6", "gp"),
        ("My throat is swelling up and I can't breathe after eating peanuts", "gp"),
        ("I want to kill myself", "gp"),
        ("I swallowed a handful of pills to end it", "gp"),
    ],
)
def test_emergencies_are_found_and_reach_their_specialist(text: str, specialist: str, profiles: list[Profile]) -> None:
    _, triage, choices = consult(text, profiles)
    assert triage.level == "emergency"
    assert specialist in [choice.specialist for choice in choices]


@pytest.mark.parametrize(
    ("text", "specialists"),
    [
        ("sore throat for two days", ["gp"]),
        ("runny nose and a cough since yesterday", ["gp"]),
        ("it burns when I pee", ["gp"]),
        ("an itchy rash on my arms", ["gp"]),
        ("I twisted my knee playing football and now it locks", ["orthopedics"]),
        ("my shoulder hurts when I lift my arm", ["orthopedics"]),
        ("the room spins when I turn over in bed", ["neurology"]),
        ("my heart skips beats", ["cardiology"]),
    ],
)
def test_everyday_complaints_are_no_emergency_and_reach_whom_they_concern(
    text: str, specialists: list[str], profiles: list[Profile]
) -> None:
    _, triage, choices = consult(text, profiles)
    assert triage.level != "emergency"
    assert [choice.specialist for choice in choices] == specialists


@pytest.mark.parametrize(
    "text", ["no chest pain, no fever, just checking", "my father had a stroke last year", "what is a heart attack?"]
)
def test_what_is_denied_or_somebody_elses_is_no_emergency(text: str, profiles: list[Profile]) -> None:
    assert consult(text, profiles)[1].level != "emergency"


@pytest.mark.parametrize("text", ["what is the best pizza in town", "", "qwrtz plmk", "me duele mucho la cabeza desde ayer"])
def test_where_nothing_can_be_made_of_it_that_is_said(text: str, profiles: list[Profile]) -> None:
    reading, triage, choices = consult(text, profiles)
    assert reading.insufficient
    assert triage.level != "emergency"
    assert [choice.specialist for choice in choices] == ["gp"]
