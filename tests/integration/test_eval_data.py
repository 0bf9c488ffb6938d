"""The evaluation over the real data, as a command; skipped where that is absent.

What is held here is that it runs over every form, is deterministic and quotes nothing. The figures are in docs/evaluation.md.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from consilium_cli.evaluation.cases import read_cases
from consilium_cli.evaluation.redaction_texts import read_texts
from consilium_cli.main import app

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("CONSILIUM_DATA") or ROOT / "../shared/data")
LONG_ENOUGH_TO_BE_A_QUOTE = 40  # characters; shorter runs of words are everybody's

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"there is no data folder {DATA}; name one with CONSILIUM_DATA")


def output(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["eval", *arguments, "--data", str(DATA), "--half", "a"])
    assert result.exit_code == 0, result.exception
    return result.output


def evaluated(kind: str) -> dict[str, Any]:
    return json.loads(output(kind, "--json", "--worst", "1000"))


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("kind", "figures"),
    [
        ("triage", {"accuracy", "safe", "sensitivity", "specificity"}),
        ("differential", {"top1", "top3", "top5"}),
        ("routing", {"recall", "called"}),
        ("redaction", {"recall", "specificity", "words_kept"}),
    ],
)
def test_figures_have_intervals_and_no_case_is_quoted(kind: str, figures: set[str]) -> None:
    report = evaluated(kind)
    assert report["n"] > 0
    for each in report["sets"]:
        assert figures & each.keys()
        for name in figures & each.keys():
            assert each[name]["low"] <= each[name]["value"] <= each[name]["high"]
    shown = json.dumps(report, ensure_ascii=False)
    texts = [each.text for each in (*read_cases(DATA), *read_texts(DATA))]
    quotes = [text[at : at + LONG_ENOUGH_TO_BE_A_QUOTE] for text in texts for at in (0, len(text) // 2)]
    assert not [quote for quote in quotes if len(quote) == LONG_ENOUGH_TO_BE_A_QUOTE and quote in shown]


@pytest.mark.timeout(600)
def test_the_same_again_is_the_same() -> None:
    assert output("triage", "--json") == output("triage", "--json")


def test_every_case_has_a_name_of_its_own() -> None:
    cases = read_cases(DATA)
    assert len({(case.set, case.id) for case in cases}) == len(cases)


@pytest.mark.timeout(600)
def test_redaction_reaches_its_targets_on_the_half_that_nobody_looks_at() -> None:
    """The figures are exact and do not depend on the machine; docs/evaluation.md has them with their intervals."""
    arguments = ["eval", "redaction", "--data", str(DATA / "phi/clinical_queries_phi_dev.jsonl"), "--half", "b", "--json"]
    report = json.loads(CliRunner().invoke(app, arguments).output)
    assert report["recall"]["value"] >= 0.97
    assert report["specificity"]["value"] >= 0.95
