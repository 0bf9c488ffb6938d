"""One opinion, two readers: possibilities and advice for a patient, a differential with numbers for a clinician."""

import re
import statistics
from collections.abc import Iterator

from consilium_common.clinical.citing import sentences
from consilium_common.clinical.forbidden import forbidden
from consilium_common.clinical.glossary import GLOSSARY, in_plain_words, is_untranslated
from consilium_common.clinical.readability import grade
from consilium_common.contracts.answer import Answer
from consilium_common.knowledge import load_shared
from support.answers import answer, consilium, questions, sentences_of, spoken

# Years of school: what health services advise for leaflets is 6 to 8.
MEDIAN_GRADE, MOST_GRADE = 8.0, 10.0
# Every second condition is asked for as a patient, every eighth as a clinician too: hundreds, within half a minute.
ASKED, OF_CLINICIANS = 2, 8
PERCENT = re.compile(r"\d ?(?:%|per ?cent\b)")
# A value that is measured, or how strong a medicine is, may have a per cent sign for anybody.
MEASURED = re.compile(
    r"(?:oxygen|reading|saturation|peak flow|cream|gel|weight|HbA1c)\b.{0,40}\d ?(?:%|per ?cent)"
    r"|\d ?(?:%|per ?cent) (?:hydro|cream)"
)


def of_the_packs() -> Iterator[tuple[str, str]]:
    """Yield everything that a patient can be told word by word, with its place."""
    for specialist, condition in consilium().conditions:
        yield f"{specialist}/{condition.id}#about", sentences(condition.about)[0]
        yield f"{specialist}/{condition.id}#seek-help", condition.seek_help
        for step in (*condition.workup, *condition.management):
            if step.for_patient:
                yield f"{specialist}/{condition.id}#{step.kind}", step.do
    shared = load_shared()
    for rule in shared.red_flags:
        yield f"redflags/{rule.id}#say", rule.say
        yield f"redflags/{rule.id}#suspect", rule.suspect
    for finding in shared.findings.values():
        if finding.ask:
            yield f"findings/{finding.id}#ask", finding.ask


def patients() -> Iterator[tuple[str, Answer]]:
    for name, question in questions()[::ASKED]:
        yield name, answer(question, "patient")


def explained(given: Answer) -> list[str]:
    """Return the terms that an answer explains: names beside their lay names or what they are, and the glossary's."""
    names = [name for each in given.differential for name in (each.name, each.name.split(" (")[0], each.lay) if name]
    return [*names, *GLOSSARY]


def test_no_sentence_of_the_packs_is_forbidden() -> None:
    said = list(of_the_packs())
    assert len(said) > 5000
    assert not [(place, forbidden(text), text) for place, text in said if forbidden(text)]


def test_no_number_of_one_country_is_given() -> None:
    """Who reads it may be anywhere: 'the emergency number' is right everywhere, 911 is not."""
    number = re.compile(r"\b(?:911|999|112|000|988|111|116 ?\d{3}|13 11 14|0?800[ -]\d+|1-800-\S+)\b")
    assert not [(place, text) for place, text in of_the_packs() if number.search(text)]


def test_what_a_patient_can_do_is_never_untranslated() -> None:
    """Names of tests are left out for patients; self-care and where to go must be plain, or nobody would know what to do."""
    doing = [
        (place, text) for place, text in of_the_packs() if place.endswith(("#self-care", "#referral", "#say", "#seek-help"))
    ]
    assert not [(place, text) for place, text in doing if is_untranslated(text)]


def test_no_answer_to_a_patient_is_forbidden() -> None:
    wrong = [(name, forbidden(text), text) for name, given in patients() for text in sentences_of(given) if forbidden(text)]
    assert not wrong


def test_no_answer_to_a_patient_has_a_probability_in_numbers() -> None:
    wrong = [
        (name, text)
        for name, given in patients()
        for text in sentences_of(given)
        if PERCENT.search(text) and not MEASURED.search(text)
    ]
    assert not wrong


def test_no_test_is_named_to_a_patient_without_plain_words() -> None:
    steps = [(name, step) for name, given in patients() for step in given.recommendations]
    assert len(steps) > 1000
    assert not [(name, step.text) for name, step in steps if step.kind == "test" and is_untranslated(step.text)]
    assert not [(name, step.text) for name, step in steps if in_plain_words(step.text) != step.text]


def test_an_answer_to_a_patient_is_easy_to_read() -> None:
    grades = {name: grade(spoken(given), explained(given)) for name, given in patients()}
    assert len(grades) > 300
    assert statistics.median(grades.values()) <= MEDIAN_GRADE
    assert not {name: value for name, value in grades.items() if value > MOST_GRADE}


def test_terms_are_not_what_makes_it_easy() -> None:
    """Also with every name counted as the long word that it is, the usual answer stays below the target."""
    assert statistics.median(grade(spoken(given)) for _, given in patients()) <= MEDIAN_GRADE


def test_a_clinician_reads_the_differential_with_numbers() -> None:
    for name, question in questions()[::OF_CLINICIANS]:
        given = answer(question, "clinician")
        if not given.differential:
            continue
        text = spoken(given)
        leading = given.differential[0]
        assert re.search(r"\([A-Z]\d[0-9A-Z](?:\.[0-9A-Z]+)?\), (?:over )?\d+%: ", text), name
        assert any(f"({each.icd10})" in text for each in given.differential[:3]), (name, leading.icd10)


def test_both_readers_get_the_same_possibilities_and_the_same_urgency() -> None:
    for name, question in questions()[::OF_CLINICIANS]:
        patient, clinician = answer(question, "patient"), answer(question, "clinician")
        assert [each.condition for each in patient.differential] == [each.condition for each in clinician.differential], name
        assert patient.triage == clinician.triage, name
