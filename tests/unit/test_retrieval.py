"""Ranking passages: kinds, names and spelling count, the order given does not, and every measure is as worked out by hand."""

from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium_cli.evaluation.judged import Scale
from consilium_cli.evaluation.ranked import Measures, compare, measure
from consilium_common.retrieval.kinds import Kind, kinds, without_kinds
from consilium_common.retrieval.names import NO_NAMES, all_names, join
from consilium_common.retrieval.question import asking, understand
from consilium_common.retrieval.ranking import Prepared, Ranked, Vectors, matched, prepare, rank, statistics_of

BINARY, TREC = Scale(1, 0), Scale(3, 1)
TITLES = {
    "gout-treatment": ("Gout: treatment", "Rest, ice and anti-inflammatory tablets shorten an attack of gout."),
    "gout-causes": ("What causes Gout ?", "Crystals of uric acid settle in a joint."),
    "cold-sore": ("Cold sores: treatment", "A cream shortens the blisters a little."),
    "fever": ("What is (are) Fever ?", "A body temperature above the usual."),
    "migraine": ("What are the treatments for Migraine ?", "Tablets taken early, a dark room."),
}
NAMES = join([("Cold sore", "cold sores", "fever blister", "fever blisters")])
PASSAGES = [prepare(id, title, text, NAMES) for id, (title, text) in TITLES.items()]
STATISTICS = statistics_of(PASSAGES, [title for title, _ in TITLES.values()])
WORDS = st.sampled_from(
    ["gout", "attack", "uric", "joint", "fever", "blister", "cream", "tablets", "treatment", "cause", "zebra", "my"]
)


def order(question: str, passages: list[Prepared] = PASSAGES, vectors: Vectors | None = None) -> list[Ranked]:
    vector = np.ones(4, dtype=np.float32) / 2 if vectors is not None else None
    return rank(understand(question, STATISTICS), passages, STATISTICS, vector, vectors)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("What are the treatments for gout?", Kind.TREATMENT),
        ("Can it be cured?", Kind.TREATMENT),
        ("How would I know?", Kind.SYMPTOMS),
        ("Why do I have it?", Kind.CAUSES),
        ("How long do people live?", Kind.OUTLOOK),
        ("Is there a vaccine?", Kind.PREVENTION),
        ("Does it run in families?", Kind.INHERITANCE),
        ("How rare is it?", Kind.FREQUENCY),
        ("Angina: how it shows", Kind.SYMPTOMS),
        ("Angina: when to seek help", Kind.SEEK_HELP),
        ("Angina: what it is", Kind.ABOUT),
    ],
)
def test_questions_and_titles_tell_their_kind(text: str, kind: Kind) -> None:
    assert kind in kinds(text)


def test_a_kind_is_read_in_whole_words_and_left_out_of_the_name() -> None:
    assert Kind.TREATMENT not in kinds("An obscure dosel")
    assert without_kinds("What are the treatments for Gout ?").split()[-2:] == ["Gout", "?"]


def test_only_what_asks_says_what_is_wanted() -> None:
    letter = "My mother takes tablets. She had surgery. What causes gout? Thank you."
    assert asking(letter) == ["What causes gout?"]
    assert understand(letter, STATISTICS).kinds == {Kind.CAUSES}
    assert asking("gout in the big toe") == ["gout in the big toe"]


def test_the_kind_decides_between_passages_on_the_same_thing() -> None:
    assert order("How is gout treated?")[0].id == "gout-treatment"
    assert order("Why do people get gout?")[0].id == "gout-causes"


def test_a_lay_name_finds_the_clinical_title() -> None:
    assert order("How do I get rid of fever blisters?")[0].id == "cold-sore"
    assert all_names("Cold sores: treatment", NAMES) > all_names("Cold sores: treatment", NO_NAMES)


def test_a_slip_of_spelling_is_put_right() -> None:
    assert order("What are the treatments for migrane?")[0].id == "migraine"


def test_a_question_of_nothing_known_still_has_an_order() -> None:
    assert [each.id for each in order("")] != []
    assert {each.score for each in order("zebra")} >= {0.0}
    assert rank(understand("gout", STATISTICS), [], STATISTICS) == []


@given(st.lists(WORDS, max_size=12), st.permutations(range(len(PASSAGES))), st.booleans())
def test_the_order_of_the_candidates_changes_nothing(words: list[str], places: list[int], meaning: bool) -> None:
    rows = np.random.default_rng(1).normal(size=(len(PASSAGES), 4)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    question = " ".join(words)
    one = order(question, PASSAGES, rows if meaning else None)
    other = order(question, [PASSAGES[at] for at in places], rows[places] if meaning else None)
    assert [(each.id, each.score) for each in one] == [(each.id, each.score) for each in other]


@given(st.lists(WORDS, max_size=12), st.sets(st.sampled_from(range(len(PASSAGES))), min_size=1))
def test_fewer_candidates_keep_their_order(words: list[str], kept: set[int]) -> None:
    """What Milvus hands over is ranked as the whole collection would be, as far as words, names and kinds go."""
    few = [PASSAGES[at] for at in sorted(kept)]
    ids = {passage.id for passage in few}
    assert order(" ".join(words), few) == [each for each in order(" ".join(words)) if each.id in ids]


@given(st.lists(WORDS, max_size=12))
def test_words_matched_are_a_share(words: list[str]) -> None:
    question = understand(" ".join(words), STATISTICS)
    assert all(0 <= matched(question, passage, STATISTICS) <= 2.2 for passage in PASSAGES)  # k1 + 1


def test_measures_are_as_worked_out_by_hand() -> None:
    found = measure(["a", "b", "c", "d"], {"a": 2, "c": 1, "z": 1}, BINARY)
    ideal = 2 + 1 / log2(3) + 1 / 2
    assert found.p_at_1 == 1
    assert found.map_at_10 == pytest.approx((1 + 2 / 3) / 3)
    assert found.ndcg_at_10 == pytest.approx((2 + 1 / 2) / ideal)
    assert found.recall == found.recall_at_100 == pytest.approx(2 / 3)


def test_on_four_steps_only_correct_answers_are_relevant_and_incorrect_ones_gain_nothing() -> None:
    found = measure(["wrong", "good"], {"wrong": 1, "good": 4, "related": 2}, TREC)
    assert (found.p_at_1, found.map_at_10, found.recall) == (0, 0.5, 1)
    assert found.ndcg_at_10 == pytest.approx((3 / log2(3)) / (3 + 1 / log2(3)))


def test_more_than_ten_relevant_passages_can_still_be_answered_perfectly() -> None:
    ids = [f"p{number}" for number in range(12)]
    found = measure(ids, dict.fromkeys(ids, 1), BINARY)
    assert (found.map_at_10, found.ndcg_at_10) == (1, 1)
    assert found.recall == pytest.approx(10 / 12)


def test_nothing_relevant_cannot_be_measured() -> None:
    with pytest.raises(ValueError, match="nothing is relevant"):
        measure(["a"], {"a": 0}, BINARY)


def test_a_comparison_is_paired_and_seeded() -> None:
    better = [Measures(1, 1, 1, 1, 1)] * 12
    worse = [Measures(0, 1, 1, 1, 1)] * 12
    made = compare("p_at_1", better, worse)
    assert made is not None
    assert (made.difference.value, made.better, made.worse) == (1, 12, 0)
    assert made.p < 0.01
    assert made == compare("p_at_1", better, worse)
    same = compare("map_at_10", better, worse)
    assert same is not None
    assert same.p == 1
