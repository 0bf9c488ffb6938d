"""The packs' written cases: enough of them, none that gives its condition away, and they teach words for cases not seen."""

from collections import Counter
from importlib.resources import files

import pytest

from consilium_common.clinical.case_words import learn
from consilium_common.clinical.text import tokenize
from consilium_common.knowledge import Pack, load_pack, load_shared

LEAST_CASES = 5


@pytest.fixture(scope="module", params=["cardiology", "gp", "neurology", "orthopedics"])
def pack(request) -> Pack:
    return load_pack(files(f"consilium_{request.param}") / "knowledge")


def test_every_condition_has_cases(pack) -> None:
    cases = Counter(case.condition for case in pack.cases)
    assert {condition.id: cases[condition.id] for condition in pack.conditions if cases[condition.id] < LEAST_CASES} == {}


def test_no_case_names_its_condition(pack) -> None:
    names = {condition.id: _form(condition.name) for condition in pack.conditions}
    assert [case.text for case in pack.cases if f" {names[case.condition]} " in f" {_form(case.text)} "] == []


def test_cases_teach_the_words_of_cases_not_seen(pack) -> None:
    taught, asked = ([(case.condition, case.text) for case in pack.cases[half::2]] for half in (0, 1))
    words = learn(taught, load_shared().rarity())
    places = [_place(words.speak_for(text), condition) for condition, text in asked[::5]]
    assert sum(place < 5 for place in places) / len(places) > 0.6


def _form(text: str) -> str:
    return " ".join(token.stem for token in tokenize(text))


def _place(spoken: dict[str, float], condition: str) -> int:
    return sum(each > spoken[condition] for each in spoken.values())
