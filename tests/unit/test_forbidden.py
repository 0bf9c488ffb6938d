"""Phrasings that a patient must never read, each kind with sentences that have it and close neighbours that may be said."""

import pytest

from consilium_common.clinical.forbidden import FORBIDDEN, forbidden
from consilium_common.clinical.wording import is_plain

NEVER: dict[str, tuple[str, ...]] = {
    "diagnosis": (
        "You have a heart attack.",
        "You probably have pneumonia.",
        "You've got shingles.",
        "You are suffering from depression.",
        "You are having a stroke.",
        "Your diagnosis is gout.",
        "You are diagnosed with asthma.",
        "This is clearly appendicitis.",
        "It is obviously a migraine.",
        "This is a panic attack.",
        "That is typical of angina.",
    ),
    "certainty": (
        "It will definitely go away.",
        "This is certainly viral.",
        "Without doubt it comes from the back.",
        "There is no doubt about the cause.",
        "Recovery is guaranteed.",
        "It is 100% muscular.",
        "It cannot be anything else.",
    ),
    "reassurance": (
        "There is nothing to worry about.",
        "Do not worry.",
        "There's no need to worry.",
        "No cause for concern.",
        "You will be fine.",
        "You are perfectly healthy, you are fine.",
        "It is nothing serious.",
        "It is not dangerous.",
        "That is completely normal.",
        "It is just stress.",
        "It is only nerves.",
        "A lump like that is harmless.",
    ),
    "no doctor": (
        "You do not need a doctor.",
        "There is no need to see a doctor.",
        "No doctor, no need for a hospital.",
        "You don't need to call an ambulance.",
        "You can skip the doctor.",
        "Cancel your appointment.",
        "Rest instead of seeing a doctor.",
        "It is not necessary to go to the hospital.",
    ),
    "prescribed": (
        "Stop your tablets.",
        "Stop taking your blood thinner.",
        "Reduce the insulin dose.",
        "Double your dose tonight.",
        "Skip the prescribed medicine for two days.",
        "Increase your inhaler.",
        "Pause all medicines.",
        "Take less of your water tablet.",
    ),
    "prognosis": (
        "Five-year survival is 80%.",
        "About 20 per cent of people die of it.",
        "You have been given months to live.",
        "People live 5 years with it.",
        "Mortality is below 2 percent.",
    ),
    "probability": (
        "There is a 70% chance of a clot.",
        "The risk is about 5 per cent.",
        "One in ten has something worse.",
        "2 out of 5 need an operation.",
        "The probability of cancer is low.",
    ),
    "blame": (
        "It is your own fault.",
        "You should have come earlier.",
        "You failed to take the tablets.",
        "It comes because you smoke.",
        "This is self-inflicted.",
        "Non-compliance is the cause.",
    ),
}
MAY_BE_SAID = (
    "What you describe (cough and fever) can fit with pneumonia.",
    "If you have chest pain, call the emergency number.",
    "Do you have a fever?",
    "Do not stop prescribed blood thinners without asking.",
    "Never stop steroid tablets suddenly.",
    "Ask a doctor or pharmacist whether to pause tablets for water or blood pressure while ill.",
    "You have to be seen today.",
    "Most breast lumps are harmless, but a new one is looked at.",
    "Call the emergency number for oxygen under 92 per cent.",
    "Stop smoking, with help and medicine.",
    "See a doctor within one to two weeks.",
    "A cool painless lump can wait for an appointment.",
    "It is nobody's fault.",
    "See a doctor when worry takes over the day.",
    "Tell the doctor about every medicine that you take.",
    "Take one of your prescribed tablets as you were told.",
)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in NEVER.items() for text in texts])
def test_a_forbidden_phrasing_is_seen_as_what_it_is(kind: str, text: str) -> None:
    assert kind in forbidden(text)
    assert not is_plain(text)


@pytest.mark.parametrize("text", MAY_BE_SAID)
def test_advice_and_possibilities_may_be_said(text: str) -> None:
    assert forbidden(text) == ()


def test_one_forbidden_sentence_spoils_a_paragraph() -> None:
    assert forbidden("Rest and drink enough. There is nothing to worry about. See a doctor in a week.") == ("reassurance",)


def test_every_kind_is_tried() -> None:
    assert NEVER.keys() == FORBIDDEN.keys()
    assert sum(map(len, NEVER.values())) >= 60
