"""Every knowledge file of the project loads, and its content holds together."""

from dataclasses import replace
from pathlib import Path

import pytest

from consilium_common.clinical.calculators import CALCULATORS
from consilium_common.knowledge import Pack, lint, load_pack, load_shared, pack_from_json, passages, profile_weights
from consilium_common.knowledge.files import parse_file, yaml_files

ROOT = Path(__file__).parents[2]
SHARED = ROOT / "libs/common/src/consilium_common/knowledge"
PACKS = {folder.parent.name.removeprefix("consilium_"): folder for folder in sorted(ROOT.glob("services/*/src/*/knowledge"))}
FILES = {f"{place.relative_to(ROOT)}/{name}": file for place in (SHARED, *PACKS.values()) for name, file in yaml_files(place)}


@pytest.fixture(scope="module")
def packs() -> dict[str, Pack]:
    return {name: load_pack(folder) for name, folder in PACKS.items()}


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_file_is_valid(name: str) -> None:
    parse_file(name, FILES[name].read_bytes())


def test_content_holds_together(packs: dict[str, Pack]) -> None:
    complaints = lint(load_shared(), packs)
    assert not complaints, "\n".join(str(complaint) for complaint in complaints)


def test_all_four_specialists_have_a_pack() -> None:
    assert {"cardiology", "neurology", "orthopedics", "gp"} <= PACKS.keys()


def test_every_calculator_is_used_and_finds_what_it_refers_to(packs: dict[str, Pack]) -> None:
    """lint looks at what a pack uses; so that it sees every calculator, somebody has to use each."""
    assert {use.calculator for pack in packs.values() for use in pack.calculators} == CALCULATORS.keys()


@pytest.mark.parametrize("specialist", sorted(PACKS))
def test_every_section_can_be_cited(specialist: str, packs: dict[str, Pack]) -> None:
    shared = load_shared()
    found = passages(specialist, packs[specialist], shared)
    assert len({passage.locator for passage in found}) == len(found) == 5 * len(packs[specialist].conditions)
    assert all(
        passage.locator == f"{specialist}/{passage.condition}#{passage.section}" and passage.sources for passage in found
    )


@pytest.mark.parametrize("specialist", sorted(PACKS))
def test_a_published_pack_is_read_back_the_same_without_its_cases(specialist: str, packs: dict[str, Pack]) -> None:
    pack = replace(packs[specialist], cases=())
    assert pack_from_json(pack.to_json(), pack.version) == pack


@pytest.mark.parametrize("specialist", sorted(PACKS))
def test_profiles_are_shares(specialist: str, packs: dict[str, Pack]) -> None:
    weights = profile_weights(packs[specialist], load_shared())
    assert weights
    assert all(0 < weight <= 1 for weight in weights.values())
