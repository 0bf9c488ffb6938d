"""The table of the second reading is the one that the messages in training/ give."""

import importlib.util
from pathlib import Path

import pytest

from consilium_common.clinical.second_reading import parse
from consilium_common.knowledge import load_shared

TRAINING = Path(__file__).parents[2] / "training"
TOLERANCE = 0.02  # another build of the linear algebra rounds elsewhere


@pytest.fixture(scope="module")
def fit():
    pytest.importorskip("sklearn", reason="scikit-learn is not installed; it comes with what tests need")
    spec = importlib.util.spec_from_file_location("training_fit", TRAINING / "fit.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_message_is_of_the_known_form(fit):
    messages = fit.read_messages()
    assert len(messages) > 5_000
    assert {each.level for each in messages} == {"emergency", "same-day", "routine", "self-care"}
    assert {each.kind for each in messages} == {"chat", "letter", "dialogue", "vignette", "notes", "admin"}
    assert len({each.text for each in messages}) == len(messages)


def test_the_table_is_the_one_that_the_messages_give(fit):
    shipped = load_shared().word_weights
    bounds = (*shipped.raise_from, shipped.self_care_below)
    made = parse(fit.lines(*fit.fitted(fit.read_messages()), bounds), shipped.version)
    assert made.terms.keys() == shipped.terms.keys()
    assert made.intercepts == pytest.approx(shipped.intercepts, abs=TOLERANCE)
    off = [term for term, each in made.terms.items() if each.of != pytest.approx(shipped.terms[term].of, abs=TOLERANCE)]
    assert not off, "fit the messages again: python training/fit.py --write"
