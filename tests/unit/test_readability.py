"""Reading level: the published formula on texts whose syllables were counted by hand, and terms that are explained."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium_common.clinical.glossary import GLOSSARY, in_plain_words, is_untranslated
from consilium_common.clinical.readability import grade, syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("heart", 1), ("called", 1), ("wanted", 2), ("table", 2), ("tablets", 2), ("fever", 2), ("doctor", 2),
        ("diet", 2),
        ("fluid", 2), ("period", 3), ("area", 3), ("idea", 3), ("medicine", 3), ("hospital", 3), ("emergency", 4),
        ("people", 2),
        ("pneumonia", 4), ("diarrhoea", 4), ("nausea", 3), ("antibiotic", 5), ("appendicitis", 5), ("inflammation", 4),
        ("changes", 2), ("hours", 1), ("special", 2), ("infections", 3), ("being", 2), ("clothes", 1), ("usually", 4),
        ("38.5", 1),
    ],
)  # fmt: skip
def test_syllables_as_they_are_spoken(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_formula_is_the_published_one() -> None:
    # 5 words of one syllable in one sentence: 0.39 * 5 + 11.8 * 1 - 15.59
    assert grade("The cat sat on it.") == pytest.approx(-1.8, abs=0.05)
    # 11 words with 21 syllables in two sentences.
    assert grade("Call the emergency number now. Tell the doctor about every medicine.") == pytest.approx(
        0.39 * 5.5 + 11.8 * 21 / 11 - 15.59, abs=0.1
    )


def test_harder_texts_have_a_higher_grade() -> None:
    easy = "Your heart needs blood. A clot can stop the flow. Call for help at once."
    hard = "Myocardial infarction necessitates immediate revascularisation following electrocardiographic confirmation."
    assert grade(easy) < 3 < 12 < grade(hard)


def test_an_explained_term_counts_as_one_plain_word() -> None:
    text = "What you describe can fit with haemolytic uraemic syndrome. It harms the blood."
    assert grade(text, ("haemolytic uraemic syndrome",)) < grade(text) - 2
    assert grade("") == 0.0


@given(st.text(max_size=200))
def test_any_text_has_a_grade(text: str) -> None:
    assert isinstance(grade(text), float)


def test_a_term_is_explained_once_and_what_is_explained_stays() -> None:
    assert in_plain_words("Ask for physiotherapy") == f"Ask for physiotherapy ({GLOSSARY['physiotherapy']})"
    assert in_plain_words("CT, then another CT").count("X-ray") == 1
    assert in_plain_words("See a doctor") == "See a doctor"
    once = in_plain_words("An MRI and a biopsy")
    assert in_plain_words(once) == once


@pytest.mark.parametrize(
    ("text", "untranslated"),
    [
        ("Mid-luteal progesterone and semen analysis", True),
        ("Troponin now and after an hour", True),
        ("Blood test of the kidneys", False),
        ("An MRI of the knee", False),
        ("Measure the pulse at home", False),
    ],
)
def test_names_of_tests_without_plain_words_are_seen(text: str, untranslated: bool) -> None:
    assert is_untranslated(text) == untranslated
