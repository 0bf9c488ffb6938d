"""Redaction: who somebody is goes, what is wrong with them stays. All people here are made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium_common.knowledge import clinical_words, load_shared
from consilium_common.security.redaction import Redactor
from consilium_common.security.redaction_marks import Mark, merged

REDACTOR = Redactor(clinical_words(load_shared()))


def redacted(text: str) -> str:
    return REDACTOR.redact(text).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mr. Alan K. has gout", "Mr. [NAME] has gout"),
        ("seen by Dr Okonkwo for asthma", "seen by Dr [NAME] for asthma"),
        ("my name is zebulon quix and my chest hurts", "my name is [NAME] and my chest hurts"),
        ("I'm Maria and my daughter Sofia has a fever", "I'm [NAME] and my daughter [NAME] has a fever"),
        ("A 60-year-old patient, Tomoe Varga, with gout", "A 60-year-old patient, [NAME], with gout"),
        ("Mrs. O'Brien and Mr Van der Berg came", "Mrs. [NAME] and Mr [NAME] came"),
        ("a child named Ngozi Adeyemi with croup", "a child named [NAME] with croup"),
        ("hi im john smith, 45, chest pain 8/10", "hi im [NAME], 45, chest pain 8/10"),
        ("Tomoe Varga lives in a home; Varga has dementia", "[NAME] lives in a home; [NAME] has dementia"),
        ("PATIENT JOHN SMITH WITH CHEST PAIN", "PATIENT [NAME] WITH CHEST PAIN"),
        ("Dr. Graves told me it is Graves' disease", "Dr. [NAME] told me it is Graves' disease"),
    ],
)
def test_names_go(text: str, expected: str) -> None:
    assert redacted(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("treated at St. Brendan's Hospital, stable", "treated at [ORGANISATION], stable"),
        ("seen at our Dallas clinic", "seen at our [ORGANISATION]"),
        ("admitted to Cedar Crest with sepsis", "admitted to [PLACE] with sepsis"),
        ("seen at XQMC for a cough", "seen at [PLACE] for a cough"),
        ("Children's Hospital of Philadelphia saw him", "[ORGANISATION] saw him"),
        ("lives at 12 Acacia Avenue, Springfield, IL 62704. BP 150/90", "lives at [PLACE]. BP 150/90"),
        ("my zip code is 35350", "my zip code is [PLACE]"),
        ("from Houston, TX with a cough", "from [PLACE] with a cough"),
    ],
)
def test_places_smaller_than_a_state_go(text: str, expected: str) -> None:
    assert redacted(text) == expected


@pytest.mark.parametrize(
    "date",
    ["March 3rd, 2023", "3/14/2022", "02-22-2024", "2023-04-16", "Jan 1st '23", "11th March 2023", "Jan 5th", "5.6.2021"],
)
def test_days_go_in_every_form(date: str) -> None:
    assert redacted(f"diagnosed on {date} with gout") == "diagnosed on [DATE] with gout"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("MRN: 12345", "12345"),
        ("with a medical record number MS-12345678", "MS-12345678"),
        ("his policy # is ABC-987654", "ABC-987654"),
        ("member ID W1234 56789", "56789"),
        ("SSN 123-45-6789", "6789"),
        ("call (310) 555-1234", "555"),
        ("on +44 20 7946 0958", "7946"),
        ("fax 987-654-3210", "3210"),
        ("on 0161-7596216", "7596216"),
        ("tel. 01 56 85 91 22", "91"),
        ("mail quix@example.com", "quix"),
        ("see https://portal.example.com/p/123", "example"),
        ("from 192.168.4.22", "168"),
        ("card 4853 6454 3415 9861", "6454"),
        ("my driver's license number is 6940579", "6940579"),
        ("VIN 1HGCM82633A004352", "1HGCM"),
        ("pacemaker serial SN-889922", "889922"),
        ("license plate KX51 ABC", "KX51"),
        ("patient ID 987654", "987654"),
        ("insurance ID: 99887-65432", "65432"),
    ],
)
def test_numbers_and_addresses_that_belong_to_somebody_go(text: str, secret: str) -> None:
    assert secret not in redacted(f"A patient with gout, {text}, asks.")


@pytest.mark.parametrize(("age", "left"), [("89", True), ("90", False), ("94", False), ("101", False)])
def test_ages_go_from_ninety_on(age: str, left: bool) -> None:
    assert (age in redacted(f"A {age}-year-old woman with a cough")) == left


@pytest.mark.parametrize(
    "text",
    [
        "Type 1 diabetes, Down syndrome, Marfan syndrome and a Wells score of 4.5 with a positive Chaddock reflex",
        "Positive Murphy's sign, McBurney tenderness, Rovsing's, no Kernig or Brudzinski, Babinski negative",
        "Thomas test positive, Allen's test negative, Phalen's positive, Finkelstein test painful",
        "According to the AAOS guidelines from 2022 and NICE, what is first-line? See NCT01234567.",
        "I have had Hashimoto's since 2015 and take Levothyroxine 75 mcg; my mother had Addison's disease",
        "WBC 12.4, platelets 250000, BNP 12345 pg/mL, CRP 230, creatinine 1.8, BP 150/90, SpO2 93%",
        "Take 1-2 tablets every 4-6 hours, max 4000 mg/day; 5/325 mg hydrocodone; pain 8/10",
        "I took Tylenol on Friday and Aleve last week. Is May a bad month for hay fever? Will I be ok?",
        "Patient: 72yo F, Case: 3, Group B strep, vitamin B12 1000 mcg, Hepatitis B, Factor V Leiden",
        "A 65-year-old African American man in California with Lou Gehrig's disease, diagnosed last year",
        "The Child-Pugh B and Gleason 3+4, CHA2DS2-VASc 3, Boston criteria, Glasgow Coma Scale 15",
        "WHAT SHOULD I DO ABOUT MY CHEST PAIN? I DON'T KNOW WHAT TO TAKE NEXT",
        "Best Treatment Options for Type 2 Diabetes and Chronic Kidney Disease Stage 3 in Adults",
        "Should I take Ozempic with my Lantus? Dr. said yes. I'm Diabetic and I'm Pregnant; my mother Had a stroke",
        "COVID-19 in 2021, then long COVID; EpiPen, Humira and Eliquis; from Eliquis to Xarelto",
        "",
        "¿?",
    ],
)
def test_clinical_words_stay(text: str) -> None:
    assert redacted(text) == text


def test_a_month_alone_identifies_nobody_but_does_beside_a_name() -> None:
    assert redacted("evaluated in April 2022 for gout") == "evaluated in April 2022 for gout"
    assert redacted("John Smith, evaluated in April 2022") == "[NAME], evaluated in [DATE]"
    assert REDACTOR.redact("evaluated in April 2022", strict=True).text == "evaluated in [DATE]"


def test_marks_tell_kind_rule_and_place() -> None:
    text = "Dr. Okonkwo, MRN: 12345"
    marks = REDACTOR.redact(text).marks
    assert [(mark.kind, mark.rule, text[mark.start : mark.end]) for mark in marks] == [
        ("name", "title", "Okonkwo"),
        ("record", "record-number", "12345"),
    ]


def test_kinds_can_be_left_alone() -> None:
    text = "nats://10.0.0.4:4222 refused John Smith"
    assert Redactor(leave=["ip", "url"]).redact(text).text == "nats://10.0.0.4:4222 refused [NAME]"


def test_overlapping_marks_become_one_of_the_longest_kind() -> None:
    marks = [Mark(0, 4, "id", "a", weak=True), Mark(2, 9, "place", "b"), Mark(9, 11, "date", "c")]
    assert merged(marks) == (Mark(0, 9, "place", "b"), Mark(9, 11, "date", "c"))


PIECES = (
    "Dr. John Smith MRN 12345 at St. Mary's Hospital on 3/4/2021 I 'm a 94-year-old, (see [NAME] ) é 電 - # @ x@y.org in TX"
)
WORDS = st.sampled_from(PIECES.split())


@given(st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=14).map(" ".join)))
def test_what_no_mark_covers_stays_as_it_is(text: str) -> None:
    result = REDACTOR.redact(text)
    end, rebuilt = 0, ""
    for mark in result.marks:
        assert end <= mark.start < mark.end <= len(text)
        rebuilt += f"{text[end : mark.start]}[{mark.kind.upper()}]"
        end = mark.end
    assert rebuilt + text[end:] == result.text
    assert REDACTOR.redact(text) == result


@pytest.mark.timeout(60)
def test_long_hostile_texts_do_not_stop_it() -> None:
    for piece in ("A", "A1", "1-", "Aa ", "(1) ", "a@", "Dr. ", "1 Aa ", "x.", "#1", "  ", "on on "):
        text = piece * (8000 // len(piece))
        assert isinstance(redacted(text), str)
