"""Reading: what a message says is there, and what it says is not."""

import pytest

from consilium_common.clinical.measured import implied_by_vitals
from consilium_common.contracts.case import Vital
from consilium_common.knowledge import load_shared
from support.clinical import reader


def present(text: str) -> set[str]:
    return {finding.id for finding in reader().read(text).findings if finding.present and finding.counts}


def denied(text: str) -> set[str]:
    return {finding.id for finding in reader().read(text).findings if not finding.present and finding.counts}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I have chest pain", {"chest-pain"}),
        ("CHEST PAIN!!!", {"chest-pain"}),
        ("pain in my chest", {"chest-pain"}),
        ("my chest is really very tight", {"chest-pain-pressure"}),
        ("tightness in the chest", {"chest-pain-pressure"}),
        ("crushing chest pain", {"chest-pain-pressure"}),
        ("my left arm feels heavy", {"arm-heaviness"}),
        ("my head aches", {"headache"}),
        ("a head ache", {"headache"}),
        ("I am coughing and my throat’s sore", {"cough", "sore-throat"}),
        ("my knee hurts and now it gets stuck", {"knee-pain", "knee-locking"}),
        ("pain in my chest and back", {"chest-pain", "back-pain"}),
        ("swollen, painful knee", {"knee-swelling", "knee-pain"}),
        ("I cannot walk on it", {"inability-to-bear-weight"}),
        ("I have not been able to bear weight", {"inability-to-bear-weight"}),
        ("one side of my face droops", {"facial-droop"}),
        ("I am not able to bend my knee", {"knee-stuck"}),
        ("I was diabetic before and still am", {"diabetes"}),
    ],
)
def test_finds_what_people_say(text: str, expected: set[str]) -> None:
    assert present(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vommiting since noon", "vomiting"),
        ("I have hartburn", "heartburn"),
        ("a bad headahce", "headache"),
        ("weaknes on one side", "unilateral-weakness"),
    ],
)
def test_forgives_slips_of_spelling(text: str, expected: str) -> None:
    assert expected in present(text)


@pytest.mark.parametrize(
    "text",
    [
        "the pain came back",
        "I will be right back at my chest of drawers",
        "pain, and shortness of breath",
        "my chest is fine but the knee is not",
        "I was in the back of the car. Pain is a strange word.",
        "the meeting is at the head office",
    ],
)
def test_words_that_only_look_alike_are_no_finding(text: str) -> None:
    assert not present(text) & {"back-pain", "chest-pain", "chest-pain-pleuritic", "headache"}


@pytest.mark.parametrize(
    ("text", "is_denied", "is_present"),
    [
        ("no fever, cough or rash", {"fever", "cough", "rash"}, set()),
        ("no fever but a cough", {"fever"}, {"cough"}),
        ("I don't have a fever, however I have a rash", {"fever"}, {"rash"}),
        ("denies chest pain, cough, rash", {"chest-pain", "cough", "rash"}, set()),
        ("without fever", {"fever"}, set()),
        ("fever: none. cough: no", {"fever", "cough"}, set()),
        ("I haven't had a cough and my throat is sore", {"cough"}, {"sore-throat"}),
        ("not only a cough, a fever too", set(), {"cough", "fever"}),
        ("I can't stop vomiting", set(), {"vomiting"}),
        ("not getting better, still coughing", set(), {"cough"}),
        ("I have never had a headache like this", set(), {"headache-worst-ever"}),
        ("I never had a seizure", {"seizure"}, set()),
        ("no fever, chest pain since this morning", {"fever"}, {"chest-pain"}),
        ("no fever and a bad headache", {"fever"}, {"headache"}),
        ("no relief from the headache", set(), {"headache"}),
        ("my knee isn't swollen", {"knee-swelling"}, set()),
        ("no rash, vomiting, cough or fever and takes no painkillers", {"rash", "vomiting", "cough", "fever"}, set()),
        ("denies chest pain, cough, or a rash and has a fever", {"chest-pain", "cough", "rash"}, {"fever"}),
        ("no fever, rash, cough or chest pain of any kind and sleeps badly", {"fever", "rash", "cough", "chest-pain"}, set()),
    ],
)
def test_negation_reaches_as_far_as_it_is_meant(text: str, is_denied: set[str], is_present: set[str]) -> None:
    assert denied(text) == is_denied
    assert present(text) == is_present


@pytest.mark.parametrize(
    ("text", "finding", "time"),
    [
        ("I used to have a seizure now and then", "seizure", "past"),
        ("the headache is gone now", "headache", "past"),
        ("I no longer have heartburn", "heartburn", "past"),
        ("I had a seizure three years ago", "seizure", "past"),
        ("the chest pain lasted ten minutes and is gone now", "chest-pain", "current"),
        ("what if I get chest pain", "chest-pain", "hypothetical"),
        ("what are the symptoms of seizure", "seizure", "hypothetical"),
        ("could it be a seizure", "seizure", "hypothetical"),
        ("I am worried about my chest pain", "chest-pain", "current"),
        ("could this chest pain be from my heart", "chest-pain", "current"),
        ("I have had diabetes since 2010", "diabetes", "current"),
    ],
)
def test_tells_now_from_then_and_from_fears(text: str, finding: str, time: str) -> None:
    found = {each.id: each.time for each in reader().read(text).findings}
    assert found[finding] == time


def test_lasting_history_counts_although_it_is_past() -> None:
    assert "diabetes" in present("I was diagnosed with diabetes in 2010")


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("my father had a seizure", False),
        ("my mother has a cough and I have a fever", False),
        ("my 2 year old has a seizure", True),
        ("my son is coughing", True),
        ("my husband has chest pain", True),
        ("my wife says I have a cough", True),
        ("she has a seizure", True),
    ],
)
def test_knows_whose_complaint_it_is(text: str, counts: bool) -> None:
    complaints = {"seizure", "cough", "chest-pain"}
    assert bool(present(text) & complaints) is counts


def test_family_history_belongs_to_the_patient() -> None:
    assert present("My father had a heart attack at 50") == {"family-history-heart-disease"}


def test_a_specific_finding_replaces_the_general_one() -> None:
    assert present("the worst headache of my life") == {"headache-worst-ever"}


def test_one_finding_may_be_denied_for_one_and_there_for_another() -> None:
    reading = reader().read("My brother has no cough. I have a cough.")
    assert {(finding.present, finding.subject) for finding in reading.findings} == {(False, "other"), (True, "self")}


@pytest.mark.parametrize("value", [1.0, 1_000.0])
def test_what_a_measured_value_means_is_a_finding_of_the_vocabulary(value: float) -> None:
    names = ("temperature_c", "heart_rate_bpm", "systolic_mmhg", "diastolic_mmhg", "spo2_pct", "respiratory_rate_min")
    vitals = [Vital(name=name, value=value, words="it") for name in (*names, "glucose_mmol_l", "gcs_points")]
    meant = {finding for finding, _ in implied_by_vitals(vitals, adult=True)}
    assert meant
    assert meant <= load_shared().findings.keys()
