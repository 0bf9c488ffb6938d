"""Checking, counting and comparing knowledge from the command line, over small folders and a small repository."""

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from consilium_cli.knowledge.reading import KnowledgeSourceError
from consilium_cli.main import app

SENTENCE = "This sentence stands where a real pack would tell something that is true and long enough to be cited."
SHARED = """
sources: [{id: a-source, title: A source, publisher: Somebody, year: 2020}]
findings:
  - {id: cough, name: Cough, lay: [cough, coughing]}
  - {id: fever, name: Fever, lay: [fever]}
  - {id: sore-throat, name: Sore throat, lay: [sore throat], clinical: [pharyngeal pain]}
"""
PACK = f"""
conditions:
  - id: common-cold
    name: Common cold
    icd10: J00
    prevalence: {{per_100k_year: 1000}}
    findings:
      - {{id: cough, present: 0.6, elsewhere: 0.2}}
      - {{id: fever, present: 0.2, elsewhere: 0.3}}
      - {{id: sore-throat, present: 0.6, elsewhere: 0.2}}
    triage: self-care
    about: {SENTENCE}
    presentation: {SENTENCE}
    tests: {SENTENCE}
    treatment: {SENTENCE}
    seek_help: {SENTENCE}
    workup: [{{do: Nothing, kind: test, source: a-source}}]
    management: [{{do: Rest, kind: self-care, source: a-source}}]
    sources: [a-source]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkout with shared knowledge and one pack."""
    write(tmp_path / "libs/src/consilium_common/knowledge/vocabulary/general.yaml", SHARED)
    write(pack_file(tmp_path), PACK)
    return tmp_path


def pack_file(folder: Path) -> Path:
    return folder / "services/src/consilium_gp/knowledge/airways.yaml"


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["knowledge", *arguments])


def test_lint_of_what_is_right(folder: Path) -> None:
    result = run("lint", "--folder", str(folder))
    assert (result.exit_code, result.output) == (0, "Nothing to complain about.\n")


def test_lint_says_what_is_wrong_and_fails(folder: Path) -> None:
    write(pack_file(folder), PACK.replace("sources: [a-source]", "sources: [no-source]"))
    result = run("lint", "--folder", str(folder))
    assert result.exit_code == 1
    assert "gp: common-cold: the source 'no-source' is not defined" in result.output


def test_lint_names_every_file_that_is_refused(folder: Path) -> None:
    write(pack_file(folder), "conditions: 7")
    write(folder / "libs/src/consilium_common/knowledge/broken.yaml", "findings: [")
    result = run("lint", "--folder", str(folder), "--json")
    assert result.exit_code == 1
    assert sorted(complaint.partition(",")[0] for complaint in json.loads(result.output)) == [
        "gp/airways.yaml",
        "shared/broken.yaml",
    ]


def test_stats_count_by_area_and_pack(folder: Path) -> None:
    counted = json.loads(run("stats", "--folder", str(folder), "--json").output)
    assert {(row["place"], row["area"]) for row in counted["areas"]} == {("shared", "general"), ("gp", "airways")}
    assert counted["total"]["conditions"] == 1
    assert counted["total"]["findings"] == 3
    assert counted["total"]["phrases"] == 5
    assert "airways" in run("stats", "--folder", str(folder)).output


def test_diff_against_another_folder(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    write(pack_file(other), PACK.replace("common-cold", "a-cold"))
    write(
        other / "libs/src/consilium_common/knowledge/vocabulary/other_name.yaml",
        SHARED.replace("lay: [fever]", "lay: [fever, hot]").replace("year: 2020", "year: 2021"),
    )
    found = json.loads(run("diff", str(other), "--folder", str(folder), "--json").output)
    assert [(change["what"], change["id"], change["fields"]) for change in found] == [
        ("removed", "a-cold", []),
        ("added", "common-cold", []),
        ("changed", "fever", ["lay"]),
        ("changed", "a-source", ["year"]),
    ]


def test_diff_against_a_revision(folder: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    write(pack_file(folder), PACK.replace("per_100k_year: 1000", "per_100k_year: 2000"))
    result = run("diff", "HEAD", "--folder", str(folder))
    assert "changed  gp condition common-cold (prevalence)" in result.output
    assert "0 added, 0 removed, 1 changed" in result.output


@pytest.mark.parametrize("reference", ["no-such-revision", "--output=x"])
def test_what_is_neither_folder_nor_revision_is_refused(folder: Path, reference: str) -> None:
    result = run("diff", "--folder", str(folder), "--", reference)
    assert isinstance(result.exception, KnowledgeSourceError)
    assert reference in result.exception.message


def test_a_folder_without_knowledge_is_refused(tmp_path: Path) -> None:
    assert isinstance(run("stats", "--folder", str(tmp_path)).exception, KnowledgeSourceError)
