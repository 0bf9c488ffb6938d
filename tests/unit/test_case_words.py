"""What words speak for which condition: learnt from cases, added to findings, and told."""

from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium_common.clinical.case_words import CAUTION, NO_WORDS, learn

# As many texts as there might be: "pain" stands in nearly all, the others in one of three hundred.
RARITY = {"pain": 1 + log(1.1), "comb": 1 + log(300), "stair": 1 + log(300)}
CASES = (
    ("frozen-shoulder", "Pain when she combs hair"),
    ("frozen-shoulder", "He cannot comb his hair for pain"),
    ("hip-pain", "Pain on the stairs"),
)
WORDS = learn(CASES, RARITY)


def test_a_word_speaks_for_a_condition_as_far_as_its_cases_hold_it_more_often() -> None:
    spoken = WORDS.speak_for("comb")
    usual = exp(1 - RARITY["comb"])
    assert spoken["frozen-shoulder"] == pytest.approx(log((2 + CAUTION * usual) / ((2 + CAUTION) * usual)) / 30**0.5, rel=1e-4)
    assert spoken["hip-pain"] == 0


def test_what_all_texts_hold_speaks_for_nothing() -> None:
    assert max(WORDS.speak_for("pain").values()) < 0.1 * max(WORDS.speak_for("stairs").values())


def test_what_is_not_known_of_other_texts_is_left_out() -> None:
    assert learn([("any", "Zyxt")], RARITY).speak_for("Zyxt") == {"any": 0}


def test_a_long_text_says_no_more_for_the_same_words() -> None:
    long = "stairs " + " ".join(f"word{chr(97 + at // 26)}{chr(97 + at % 26)}" for at in range(60))
    assert 0 < WORDS.speak_for(long)["hip-pain"] < WORDS.speak_for("stairs")["hip-pain"]


def test_the_telling_words_are_shown_as_they_stand_there() -> None:
    assert WORDS.telling("She combed and climbed stairs", "frozen-shoulder") == ("combed",)
    assert WORDS.telling("She combed", "not-in-the-pack") == ()


def test_without_cases_nothing_is_said() -> None:
    assert NO_WORDS.speak_for("comb") == {}
    assert NO_WORDS.telling("comb", "frozen-shoulder") == ()


def test_shares_are_of_single_words() -> None:
    assert WORDS.shares == {"comb": pytest.approx(2 / 3, abs=1e-4), "pain": 1.0, "stair": pytest.approx(1 / 3, abs=1e-4)}


@given(st.permutations(CASES), st.lists(st.sampled_from(["pain", "comb", "hair", "stairs", "and"])))
def test_neither_the_order_of_cases_nor_that_of_words_far_apart_matters(cases: list[tuple[str, str]], words: list[str]) -> None:
    said = ". Nothing else. ".join(words)
    assert learn(cases, RARITY).speak_for(said) == pytest.approx(WORDS.speak_for(said))
    assert all(each >= 0 for each in WORDS.speak_for(said).values())
