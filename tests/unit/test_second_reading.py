"""The second reading: it raises what the rules found, names the words that decided, and is the same each time."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium_common.clinical.second_reading import (
    NO_WEIGHTS,
    RULE,
    SecondReading,
    Weight,
    WordWeights,
    parse,
    read_again,
    terms,
    undenied,
    why_at_home,
)
from consilium_common.clinical.triage import Rules, assess
from consilium_common.contracts.case import Finding, Patient, Reading, Triage
from consilium_common.contracts.knowledge import TriageLevel
from consilium_common.knowledge import KnowledgeError, load_shared
from consilium_common.knowledge.loading import read_shared
from support.wordings import READER, RULES, SHARED

TABLE = WordWeights(
    {
        "grey": Weight(40.0, (4.0, 5.0, 6.0)),
        "sweat": Weight(40.0, (4.0, 5.0, 6.0)),
        "grey _ sweat": Weight(40.0, (6.0, 6.0, 6.0)),
        "blister": Weight(40.0, (-1.0, 3.0, 5.0)),
        "clinic": Weight(40.0, (-5.0, -4.0, 0.0)),
        "like clinic": Weight(40.0, (-3.0, -3.0, 0.0)),
        "plaster": Weight(40.0, (-5.0, -5.0, -5.0)),
    },
    intercepts=(-1.0, -1.0, 0.0),
    raise_from=(0.6, 0.6),
    self_care_below=0.3,
    version="t",
)
LEVELS = st.sampled_from(list(TriageLevel))


def triage(level: TriageLevel) -> Triage:
    return Triage(level=level, within="some day", advice="Wait.", reasons=("a reason",), rules_version="r")


def test_a_message_that_reads_like_an_emergency_is_one_and_says_by_which_words():
    again = read_again(triage(TriageLevel.SELF_CARE), Reading(), SecondReading("He's grey and sweating, at the clinic", TABLE))
    assert again.level is TriageLevel.EMERGENCY
    assert again.red_flags[0].rule == RULE
    assert again.red_flags[0].words == ("grey and sweating",)
    assert again.advice == again.red_flags[0].say
    assert again.reasons[1] == "a reason"
    assert "grey and sweating" in again.reasons[0]


def test_what_reads_harmless_stays_what_the_rules_found():
    again = read_again(triage(TriageLevel.SAME_DAY), Reading(), SecondReading("I would like a clinic appointment", TABLE))
    assert again == triage(TriageLevel.SAME_DAY)


def test_what_reads_mild_is_told_to_whoever_could_raise_it():
    mild, ill = (
        read_again(triage(TriageLevel.ROUTINE), Reading(), SecondReading(text, TABLE)) for text in ("A plaster", "A blister")
    )
    assert (mild.level, mild.reads_mild) == (TriageLevel.ROUTINE, True)
    assert not ill.reads_mild


def test_a_message_that_reads_like_something_for_today_is_seen_today():
    again = read_again(triage(TriageLevel.ROUTINE), Reading(), SecondReading("A blister", TABLE))
    assert again.level is TriageLevel.SAME_DAY
    assert again.within == "today"
    assert again.red_flags[0].words == ("blister",)
    assert again.advice == again.red_flags[0].say
    assert read_again(again, Reading(), SecondReading("A blister", TABLE)) == again


@pytest.mark.parametrize(
    "text",
    [
        "I have had a sore throat for two days.",
        "I have a cough since three days",
        "I have mild diarrhoea since this morning",
        "I have had a cold for three days",
        "I have athlete's foot",
    ],
)
def test_nobody_is_sent_to_a_doctor_today_by_a_few_everyday_words(text):
    reading = READER.read(text)
    assert (
        assess(reading, reading.patient, replace(RULES, word_weights=SHARED.word_weights), text).level.urgency
        <= TriageLevel.ROUTINE.urgency
    )


def test_what_needs_no_doctor_may_be_looked_after_at_home_and_says_by_which_words():
    assert why_at_home(Reading(), SecondReading("Where to buy a plaster", TABLE)).endswith("“plaster”")
    assert not why_at_home(Reading(), SecondReading("A blister and a plaster", TABLE))
    assert not why_at_home(Reading(insufficient="not-english"), SecondReading("Where to buy a plaster", TABLE))
    assert not why_at_home(Reading(), SecondReading("Where to buy a plaster", NO_WEIGHTS))


@pytest.mark.parametrize("barring", ["pregnancy", "immunosuppression", "infant"])
def test_who_is_at_risk_is_not_kept_at_home_by_the_second_reading_alone(barring):
    rules, text = Rules((), (), word_weights=TABLE), "Where to buy a plaster"
    at_home = assess(Reading(), Patient(), rules, text)
    assert at_home.level is TriageLevel.SELF_CARE
    assert "But for a baby or small child, in pregnancy and with weak defences" in at_home.advice
    assert assess(Reading(), Patient(conditions=(barring,)), rules, text).level is TriageLevel.ROUTINE


@given(LEVELS, st.text(max_size=300))
def test_it_never_lowers_and_is_the_same_each_time(level, text):
    before = triage(level)
    again = read_again(before, Reading(), SecondReading(text, TABLE))
    assert again.level.urgency >= level.urgency
    assert again == read_again(before, Reading(), SecondReading(text, TABLE))
    assert all(0 <= each <= 1 for each in SecondReading(text, TABLE).impression)


@given(st.text(max_size=300))
def test_named_words_stand_in_the_text(text):
    plain = " ".join(word for term, word in terms(text) if " " not in term)
    assert all(words in plain for words in SecondReading(text, TABLE).words(0))


def test_a_text_in_another_language_is_left_to_the_rules():
    again = read_again(
        triage(TriageLevel.SAME_DAY), Reading(insufficient="not-english"), SecondReading("grey grey sweat", TABLE)
    )
    assert again == triage(TriageLevel.SAME_DAY)


def test_an_unread_message_can_still_read_like_an_emergency():
    again = read_again(
        triage(TriageLevel.ROUTINE), Reading(insufficient="not-medical"), SecondReading("grey and sweaty: grey, sweat", TABLE)
    )
    assert again.level is TriageLevel.EMERGENCY


def test_an_empty_table_raises_nothing():
    before = triage(TriageLevel.ROUTINE)
    assert read_again(before, Reading(), SecondReading("grey and sweating", NO_WEIGHTS)) == before


def test_a_text_without_known_words_has_the_probability_of_any():
    assert SecondReading("xyz", TABLE).impression == pytest.approx(SecondReading("", TABLE).impression)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["intercepts\t1\t1\t1"], "must be given"),
        (["intercepts\t1\t1\t1", "bounds\t0.5\t0.5\t0.2", "grey\t2.0\t1.0"], "line 3"),
        (["intercepts\t1\t1\t1", "bounds\t0.5\t0.5\t0.2", "grey\t2\t1\t1\t1", "grey\t2\t1\t1\t1"], "line 4"),
        (["intercepts\tmuch\t1\t1", "bounds\t0.5\t0.5\t0.2"], "could not convert"),
    ],
)
def test_a_broken_table_is_refused_with_the_line(lines, said):
    with pytest.raises(ValueError, match=said):
        parse(lines, "v")


def test_a_broken_table_is_refused_with_its_file(tmp_path):
    (tmp_path / "second_reading").mkdir()
    (tmp_path / "second_reading/words.tsv").write_text("nonsense\n")
    with pytest.raises(KnowledgeError, match="words"):
        _ = read_shared(tmp_path).word_weights
    with pytest.raises(KnowledgeError, match="words"):
        read_shared(tmp_path).rarity()


def test_another_table_is_another_version(tmp_path):
    without = read_shared(tmp_path)
    (tmp_path / "second_reading").mkdir()
    (tmp_path / "second_reading/words.tsv").write_text("intercepts\t-1\t0\t1\nbounds\t0.5\t0.6\t0.2\n")
    assert read_shared(tmp_path).version != without.version


def test_the_shipped_table_is_there():
    weights = load_shared().word_weights
    assert len(weights.terms) > 10_000
    assert all(0.3 < bound < 0.9 for bound in weights.raise_from)
    assert 0 < weights.self_care_below < 1


def test_triage_reads_twice_and_names_rules_and_weights():
    rules = Rules((), ())
    both = Rules((), (), word_weights=TABLE)
    text = "He's grey and sweating"
    assert assess(Reading(), Patient(), rules, text).level is TriageLevel.ROUTINE
    assert assess(Reading(), Patient(), both, text).level is TriageLevel.EMERGENCY
    assert both.version == f"{rules.version}.t"


def test_only_what_reads_harmless_as_a_whole_may_pass_over_alarming_words():
    assert SecondReading("at the clinic, like clinic", TABLE).harmless
    assert not SecondReading("he is grey", TABLE).harmless
    assert not SecondReading("at the clinic", NO_WEIGHTS).harmless


def test_what_a_text_denies_does_not_weigh():
    text = "no sweats, but grey"
    denied = Finding(id="sweating", name="Sweating", present=False, words="sweats", start=3, end=9)
    assert undenied(text, Reading(findings=(denied,))) == "no  , but grey"
    assert undenied(text, Reading(findings=(denied.model_copy(update={"present": True}),))) == text


def test_denied_findings_that_overlap_take_nothing_beside_them_away():
    text = "no chest pain at rest, but grey"
    denied = Finding(id="chest-pain", name="Chest pain", present=False, words="chest pain at rest", start=3, end=21)
    within = denied.model_copy(update={"words": "pain", "start": 9, "end": 13})
    assert undenied(text, Reading(findings=(denied, within))).split() == ["no", ",", "but", "grey"]


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("A 45-year-old white man, grey and sweating", "A 45-year-old Black man, grey and sweating"),
        ("A 45-year-old man, grey and sweating", "A 45-year-old South Asian woman, grey and sweating"),
        ("His wife says he is grey", "Her husband says she is grey"),
        ("My mum is grey. 70F", "My dad is grey. 70M"),
        ("I am grey", "My name is Emily Walsh. I am grey"),
        ("He is grey", "The patient's name is Mohammed Al-Farsi. He is grey"),
    ],
)
def test_sex_ethnicity_and_name_weigh_nothing(text, other):
    assert [term for term, _ in terms(text)] == [term for term, _ in terms(other)]


def test_white_and_black_weigh_where_they_are_no_people():
    assert {"white", "black"} <= {term for term, _ in terms("black stool, white finger")}
