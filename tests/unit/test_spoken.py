"""What is said in more ways than phrases hold: patterns find it, and denial, fear and other people still count."""

from functools import cache

import pytest

from consilium_common.clinical.findings import FindingReader
from consilium_common.knowledge import load_shared


@cache
def reader() -> FindingReader:
    shared = load_shared()
    return FindingReader(shared.findings.values(), shared.medicines.values())


def present(text: str) -> set[str]:
    return {finding.id for finding in reader().read(text).findings if finding.present and finding.counts}


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("she slipped on the ice and cracked the back of her skull", "head-injury"),
        ("the mower took two of his fingers off", "amputation"),
        ("my son swallowed two magnets from a toy", "button-battery-swallowed"),
        ("I am numb between my legs and in my bum", "saddle-anaesthesia"),
        ("he only takes one breath every ten seconds", "slow-breathing"),
        ("haven't felt the baby since last night", "reduced-fetal-movement"),
        ("neutrophils were 0.3 last week", "low-white-cells"),
        ("I was given 30 ml instead of 3", "overdose"),
        ("got zapped by the wires behind the cooker", "electric-shock"),
        ("my c-section scar has burst open", "operation-wound-open"),
    ],
)
def test_a_pattern_finds_what_is_said(text: str, finding: str) -> None:
    assert finding in present(text)


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("I did not hit my head", "head-injury"),
        ("you hit the nail on the head", "head-injury"),
        ("I was given 5 ml instead of 4", "overdose"),
        ("baby kicks a lot, no change", "reduced-fetal-movement"),
        ("neutrophils 3.2", "low-white-cells"),
        ("I am 30 weeks post op", "late-pregnancy"),
        ("my battery is flat", "button-battery-swallowed"),
    ],
)
def test_what_is_denied_or_something_else_is_not_found(text: str, finding: str) -> None:
    assert finding not in present(text)
