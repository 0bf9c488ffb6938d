"""What keeps a message from being looked after at home although every finding in it is small."""

import pytest

from consilium_common.clinical.advised import advised
from consilium_common.clinical.answered import denied_questions
from consilium_common.clinical.findings import FindingReader
from consilium_common.clinical.triage import Rules, assess
from consilium_common.clinical.unread import against_self_care
from consilium_common.contracts.case import Finding, Patient, Reading
from consilium_common.contracts.knowledge import TriageLevel
from consilium_common.knowledge import load_shared

SHARED = load_shared()
READER = FindingReader(SHARED.findings.values(), SHARED.medicines.values())
RULES = Rules(SHARED.red_flags, SHARED.findings.values(), SHARED.medicines.values())


def level(text: str) -> TriageLevel:
    reading = READER.read(text)
    return assess(reading, reading.patient, RULES, text).level


def present(text: str) -> set[str]:
    return {each.id for each in READER.read(text).findings if each.present and each.counts}


@pytest.mark.parametrize(
    "text",
    [
        "sore throat for a day and my tongue is getting bigger",
        "runny nose since monday, my brother has gone purple round the eyes",
        "cough since an hour, she was chewing a button and it is stuck",
        "sneezing, and I can't see out of the left one",
        "runny nose for two days, and I keep finding clots in the sink",
    ],
)
def test_what_alarms_and_was_not_read_is_not_left_at_home(text: str) -> None:
    assert level(text).urgency >= TriageLevel.ROUTINE.urgency


@pytest.mark.parametrize(
    "text",
    [
        "sore throat and runny nose for two days, no blood, breathing is fine, I swallow normally",
        "runny nose and sneezing for two days, breathing rate 14, chest is clear",
        "stung by a bee on the hand an hour ago, itchy, no swelling of the lips",
    ],
)
def test_what_is_denied_or_said_to_be_well_bars_nothing(text: str) -> None:
    assert against_self_care(text, READER.read(text)) == ()
    assert level(text) is TriageLevel.SELF_CARE


def test_a_small_complaint_in_a_long_story_that_was_not_understood_is_not_the_story() -> None:
    story = "then we talked with everyone about whatever had been happening there and nobody could explain anything of it " * 3
    reading = READER.read(f"{story}. I sneezed")
    assert against_self_care(f"{story}. I sneezed", reading)


def test_a_complaint_that_was_read_as_another_persons_counts_against_self_care() -> None:
    other = Finding(id="cyanosis", name="Blue", kind="sign", subject="other", words="blue lips", start=0, end=9)
    assert against_self_care("", Reading(findings=(other,), patient=Patient())) == ("blue lips",)


@pytest.mark.parametrize(
    "text",
    [
        "Please ring us sooner for swollen legs, fainting or more pillows.",
        "If he became drowsy, muddled or vomited, he would need to come back at once.",
        "Should she become hard to wake or vomit, go straight back to the hospital.",
        "Call 999 if it gets crushing or you're breathless.",
        "Black stools or a bleed that won't stop would be reasons to ring us.",
        "Vomiting, drowsiness or a fit would mean straight to the emergency department.",
    ],
)
def test_what_to_come_back_for_is_not_there(text: str) -> None:
    assert advised(text.lower())
    assert not present(text)


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("Call me back if you can, he's not breathing", "cardiac-arrest-signs"),
        ("Should I call 999 if he is hard to wake?", "reduced-alertness"),
        ("if he stands up he faints, do I call someone", "syncope"),
    ],
)
def test_who_asks_for_help_is_believed(text: str, there: str) -> None:
    assert there in present(text)


def test_a_question_that_is_answered_with_no_denies() -> None:
    assert not present("Nurse: Any vomiting, or hard to wake?\nMum: no, she's playing") & {"vomiting", "reduced-alertness"}
    assert "vomiting" in present("Nurse: Any vomiting?\nMum: yes, all night")
    assert not list(denied_questions("can he breathe? no. is it a stroke? no one knows"))


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("My tooth broke on a nut", "teething"),
        ("the crown came off my molar", "birth-crowning"),
        ("she eats and sleeps", "reduced-alertness"),
        ("my wife finds the light unpleasant and I agree", "immediate-violence"),
        ("milk runs out the corner of the fridge", "diarrhoea"),
        ("my dog ate a button battery", "button-battery-swallowed"),
        ("I cooled the burn under running water", "near-drowning"),
    ],
)
def test_a_word_in_another_sense_is_no_finding(text: str, finding: str) -> None:
    assert finding not in present(text)


def test_what_happened_months_ago_is_past_unless_it_goes_on() -> None:
    assert "seizure" not in present("She had a seizure in January and was seen in hospital")
    assert "headache" in present("the headache started three months ago")


def test_nobody_is_ill_in_a_story_or_a_lesson() -> None:
    assert not present("My homework question is on strokes: face drops, speech slurs. Nobody here is ill.")
