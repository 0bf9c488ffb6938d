"""`consilium knowledge import`: what it says, and how it ends."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from consilium_cli.commands.knowledge import EXIT_STOPPED, SourceName
from consilium_cli.importing import doing, reaching
from consilium_cli.importing.view import Ticker, progress_line
from consilium_cli.main import app
from consilium_cli.stack.state import StateError
from consilium_common.importing.errors import ImportRefusedError
from consilium_common.importing.loading import Report
from consilium_common.importing.sources import SOURCES
from consilium_common.settings import SettingsError

REPORT = Report(
    source="onc",
    licence="CC0 1.0",
    total=2_000,
    position=2_000,
    skipped=500,
    counts={"read": 2_000, "rejected": 3, "rejected: not seven columns": 3, "medicines of the packs": 12},
    rejects=("p.tsv:4: not seven columns",),
    stored={"nodes": 7, "relations": 1_997, "passages": 0},
    removed=1,
)


def command(monkeypatch: pytest.MonkeyPatch, outcome: Report | BaseException, *more: str) -> tuple[Result, list[object]]:
    asked: list[object] = []

    def run(source: str, path: Path, from_start: bool, out: object) -> Report:
        asked.extend((source, path, from_start))
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    monkeypatch.setattr(doing, "run", run)
    return CliRunner().invoke(app, ["knowledge", "import", "onc", "some/folder", *more]), asked


def test_every_source_can_be_named() -> None:
    assert {name.value for name in SourceName} == set(SOURCES)


def test_the_summary_says_what_was_done_rejected_and_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    result, asked = command(monkeypatch, REPORT)
    assert (result.exit_code, asked) == (0, ["onc", Path("some/folder"), False])
    for words in (
        "2,000 of 2,000",
        "3 rejected",
        "went on after 500",
        "p.tsv:4: not seven columns",
        "1,997 relations",
        "CC0 1.0",
    ):
        assert words in result.stdout


def test_the_summary_for_programs_is_json_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    result, asked = command(monkeypatch, REPORT, "--json", "--from-start")
    told = json.loads(result.stdout)
    assert asked[2] is True
    assert (told["position"], told["removed"], told["counts"]["rejected"]) == (2_000, 1, 3)
    assert told["took_s"] >= 0


def test_nothing_to_do_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    result, _ = command(monkeypatch, replace(REPORT, unchanged=True))
    assert "nothing to do" in result.stdout


def test_stopping_says_that_it_goes_on_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    result, _ = command(monkeypatch, KeyboardInterrupt())
    assert result.exit_code == EXIT_STOPPED
    assert "goes on from there" in result.stderr


def test_a_refused_file_is_an_error_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    result, _ = command(monkeypatch, ImportRefusedError("It is something else."))
    assert isinstance(result.exception, ImportRefusedError), "which `run` turns into one sentence and exit code 2"


def test_progress_tells_how_much_how_quickly_and_what_was_rejected() -> None:
    line = progress_line(replace(REPORT, position=1_000), 2.0)
    assert line == "onc: 1,000 of 2,000 (50%), 250 records/s, 3 rejected"


def test_progress_is_told_now_and_then_only(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("consilium_cli.importing.view.time.monotonic", lambda: now)
    out = io.StringIO()
    ticker = Ticker(out)
    ticker.tell(REPORT)
    now = 111.0
    ticker.tell(REPORT)
    ticker.tell(REPORT)
    ticker.end()
    assert out.getvalue().count("\n") == 1


def test_without_a_bus_in_the_environment_it_is_the_stack_that_runs_here(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="Nothing runs"):
        reaching.settings_of({"CONSILIUM_STATE": str(tmp_path)})


def test_half_an_environment_names_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MONGO_URI", "NEO4J_URI", "MILVUS_URI", "CONSILIUM_BUS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NATS_URL", "nats://127.0.0.1:1")
    with pytest.raises(SettingsError, match="MONGO_URI"):
        reaching.settings_of({"NATS_URL": "nats://127.0.0.1:1"})
