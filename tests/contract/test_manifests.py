"""Every installed specialist: its manifest, its pack, and the one noun that it has everywhere."""

from importlib.metadata import entry_points
from pathlib import Path

import pytest

from consilium_common.knowledge import load_shared, profile_of
from consilium_common.specialist import ManifestError, load_specialist

SPECIALISTS = sorted(entry_points(group="consilium.specialists"), key=lambda entry: entry.name)


def test_the_four_are_there():
    assert {entry.name for entry in SPECIALISTS} >= {"cardiology", "neurology", "orthopedics", "gp"}


@pytest.mark.parametrize("entry", SPECIALISTS, ids=lambda entry: entry.name)
def test_a_specialist_has_one_noun_and_enough_to_say(entry):
    specialist = load_specialist(entry.module.partition(".")[0])
    assert specialist.name == entry.name == entry.module.removeprefix("consilium_").partition(".")[0]
    assert len(specialist.pack.conditions) >= 15
    assert specialist.manifest.scope.examples, "routing needs words that patients use"
    assert specialist.manifest.data, "a specialist says what it may see"


def test_exactly_one_is_asked_when_nobody_owns_the_question():
    fallbacks = [entry.name for entry in SPECIALISTS if load_specialist(entry.module.partition(".")[0]).manifest.scope.fallback]
    assert fallbacks == ["gp"]


@pytest.mark.parametrize("entry", SPECIALISTS, ids=lambda entry: entry.name)
def test_a_profile_fits_into_the_registry(entry):
    specialist = load_specialist(entry.module.partition(".")[0])
    profile = profile_of(specialist.manifest, specialist.pack, load_shared())
    assert all(0 < weight <= 1 for weight in profile.weights.values())
    assert all(0 < share <= 1 for share in profile.words.values())
    assert len(profile.model_dump_json()) < 256 * 1024


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "has no manifest.yaml"),
        ("name: [", "no YAML"),
        ("name: Bad Name\nversion: 1.0.0\ntitle: T\nscope: {}\n", "name: "),
        ("name: fine\nversion: one\ntitle: T\nscope: {}\n", "version: "),
        ("name: fine\nversion: 1.0.0\ntitle: T\nscope: {}\ndata: [everything]\n", "data.0: "),
        ("name: fine\nversion: 1.0.0\ntitle: T\nscope: {}\nsurprise: 1\n", "surprise: "),
    ],
)
def test_a_wrong_manifest_is_refused_with_the_field(tmp_path: Path, monkeypatch, text, says):
    package = tmp_path / f"made_up_{abs(hash(text))}"
    package.mkdir()
    (package / "__init__.py").touch()
    if text is not None:
        (package / "manifest.yaml").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ManifestError, match=says):
        load_specialist(package.name)
