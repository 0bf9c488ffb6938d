"""The hazard log is complete, and every control and test that it names exists."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/clinical-safety.md").read_text("utf-8")
FIELDS = {"id", "hazard", "cause", "harm", "severity", "likelihood", "controls", "tests", "residual"}
HIGH = 10


@cache
def hazards() -> tuple[dict[str, Any], ...]:
    block = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert block, "the hazard log is a YAML block"
    return tuple(yaml.safe_load(block[1]))


@cache
def functions_of(path: str) -> frozenset[str]:
    """Return the names of the test functions of a file; a parametrised test is one function."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(node.name for node in functions if node.name.startswith("test_"))


def named_tests(text: str) -> list[tuple[str, str]]:
    return re.findall(r"(tests/[\w/]+\.py)::(test_\w+)", text)


def test_there_are_enough_hazards_with_everything_that_is_asked_of_them() -> None:
    assert len(hazards()) >= 20
    assert [each["id"] for each in hazards()] == [f"H{number:02}" for number in range(1, len(hazards()) + 1)]
    for each in hazards():
        assert each.keys() == FIELDS, each["id"]
        assert each["controls"], each["id"]
        assert len(each["tests"]) >= 2, each["id"]
        assert {each["severity"], each["likelihood"]} <= {1, 2, 3, 4, 5}, each["id"]
        assert each["residual"].keys() == {"severity", "likelihood", "why"}, each["id"]


@pytest.mark.parametrize("hazard", hazards(), ids=lambda each: each["id"])
def test_every_control_and_every_test_of_a_hazard_exists(hazard: dict[str, Any]) -> None:
    assert not [path for path in hazard["controls"] if not (ROOT / path).is_file()]
    for entry in hazard["tests"]:
        ((path, name),) = named_tests(entry)
        assert entry == f"{path}::{name}"
        assert (ROOT / path).is_file(), entry
        assert name in functions_of(path), entry


def test_a_name_that_does_not_exist_is_noticed() -> None:
    assert "test_nothing_of_this_name" not in functions_of("tests/unit/test_clinical_safety.py")
    assert "test_a_name_that_does_not_exist_is_noticed" in functions_of("tests/unit/test_clinical_safety.py")


@pytest.mark.parametrize("hazard", hazards(), ids=lambda each: each["id"])
def test_a_control_never_makes_it_worse_and_a_high_risk_is_said_to_be_high(hazard: dict[str, Any]) -> None:
    before = hazard["severity"] * hazard["likelihood"]
    after = hazard["residual"]["severity"] * hazard["residual"]["likelihood"]
    assert after < before
    if after >= HIGH:
        assert "high" in hazard["residual"]["why"]
        assert hazard["id"] in PAGE.partition("## Hazard log")[0], (
            "a risk that is not accepted is named with what follows from it"
        )


def test_tests_outside_of_the_log_exist_too() -> None:
    paths = set(re.findall(r"`(tests/[\w/]+\.py)`", PAGE))
    assert paths
    assert not [path for path in paths if not (ROOT / path).is_file()]
