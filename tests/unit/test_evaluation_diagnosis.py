"""Which condition a diagnosis means: generous with spelling, strict with medicine."""

import pytest

from consilium_cli.evaluation.diagnosis import Diagnoses, words
from consilium_cli.evaluation.names import SAME
from support.small_consilium import condition

ANY = ("cough", "fever", "sore-throat")
DIAGNOSES = Diagnoses(
    [
        condition("heart-attack", "Heart attack (myocardial infarction)", ANY, "emergency", "I21.9"),
        condition(
            "acute-heart-failure",
            "Acute heart failure with water on the lungs",
            ANY,
            "emergency",
            "I50.1",
            ["acute heart failure"],
        ),
        condition("pneumonia", "Pneumonia", ANY, "same-day", "J18.9", ["lung infection"]),
        condition("acute-pancreatitis", "Acute pancreatitis", ANY, "emergency", "K85.9"),
        condition("anaemia", "Iron deficiency anaemia", ANY, "routine", "D50.9"),
        condition("stress-incontinence", "Stress urinary incontinence", ANY, "routine", "N39.3"),
        condition("kidney-stone", "Kidney stone", ANY, "same-day", "N20.1"),
    ]
)


@pytest.mark.parametrize(
    ("diagnosis", "meant"),
    [
        ("Myocardial Infarction", {"heart-attack"}),
        ("Possible NSTEMI / STEMI", {"heart-attack"}),
        ("Heart Failure", {"acute-heart-failure"}),
        ("Typical pneumonia", {"pneumonia"}),
        ("Pneumonia1", {"pneumonia"}),
        ("iron deficiency anemia", {"anaemia"}),
        ("Ureteric stones (kidney stones)", {"kidney-stone"}),
    ],
)
def test_the_same_disease_is_recognised(diagnosis: str, meant: set[str]) -> None:
    assert DIAGNOSES.meant_by(diagnosis) == meant


@pytest.mark.parametrize(
    "diagnosis",
    [
        "Chronic pancreatitis",
        "Chronic heart failure",
        "Urge urinary incontinence",
        "Aspiration pneumonia",
        "Heart murmur",
        "???",
    ],
)
def test_a_neighbour_is_not_the_same(diagnosis: str) -> None:
    assert not DIAGNOSES.meant_by(diagnosis)


def test_codes_count_only_where_no_name_fits() -> None:
    assert DIAGNOSES.meant_by("Something", ["J18.9"]) == {"pneumonia"}
    assert DIAGNOSES.meant_by("Something", ["J18"]) == {"pneumonia"}
    assert DIAGNOSES.meant_by("Something", ["J18.1"]) == frozenset()
    assert DIAGNOSES.meant_by("Kidney stone", ["J18.9"]) == {"kidney-stone"}


def test_spelling_and_endings_do_not_matter() -> None:
    assert words("Oesophageal tumours, the disease") == words("esophageal tumor")
    assert words("Ménière's disease") == words("Meniere disease")


def test_no_name_stands_on_two_lines() -> None:
    lines = [{words(name) for name in line.split("|")} for line in SAME]
    twice = [sorted(map(sorted, one & other)) for at, one in enumerate(lines) for other in lines[at + 1 :] if one & other]
    assert not twice
