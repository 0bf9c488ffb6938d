"""The command line itself: what each command says when there is nothing to do, and how it is put together."""

import time
from itertools import islice
from pathlib import Path

import pytest
from typer.testing import CliRunner

from consilium_cli.commands import logs
from consilium_cli.main import app, run
from consilium_cli.stack.state import StateError, StateFolder
from consilium_cli.stack.status import PartStatus, Status


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StateFolder:
    """The state folder that the commands use."""
    monkeypatch.setenv("CONSILIUM_STATE", str(tmp_path / "state"))
    made = StateFolder(tmp_path / "state")
    made.create()
    return made


def test_every_command_explains_itself() -> None:
    shown = CliRunner().invoke(app, ["--help"]).output
    for command in ("up", "down", "status", "logs", "token", "run", "ask"):
        assert command in shown
        assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0


@pytest.mark.parametrize("arguments", [["nothing"], ["up", "--port", "70000"], ["ask"], ["token", "--ttl", "0"]])
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    assert CliRunner().invoke(app, arguments).exit_code == 2


def test_a_known_problem_is_one_sentence(
    folder: StateFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["consilium", "run", "nobody"])
    with pytest.raises(SystemExit) as caught:
        run()
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("consilium: ")


def test_status_of_what_has_stopped(folder: StateFolder) -> None:
    folder.write_status(Status(parts=(PartStatus(name="gp", kind="service", port=1, pid=7),)))
    shown = CliRunner().invoke(app, ["status"])
    assert shown.exit_code == 3
    assert "Nothing runs" in shown.output
    assert '"stopped"' in CliRunner().invoke(app, ["status", "--json"]).output


def test_a_token_needs_keys(folder: StateFolder) -> None:
    missing = CliRunner().invoke(app, ["token"])
    assert isinstance(missing.exception, StateError)
    folder.secrets()
    assert CliRunner().invoke(app, ["token", "--subject", "me"]).output.startswith("ey")


def test_logs_are_chosen_cut_and_labelled(folder: StateFolder) -> None:
    with pytest.raises(StateError, match="no logs"):
        logs.chosen_files(folder, None)
    folder.log_file("gp").write_text("one\ntwo\n")
    folder.log_file("gateway").write_text("three\n")
    assert CliRunner().invoke(app, ["logs", "gp", "-n", "1"]).output == "two\n"
    assert CliRunner().invoke(app, ["logs"]).output == "gateway  three\ngp       one\ngp       two\n"
    assert CliRunner().invoke(app, ["logs", "-n", "0"]).output == ""
    with pytest.raises(StateError, match="there are gateway, gp"):
        logs.chosen_files(folder, "nobody")


def test_logs_are_followed_line_by_line_also_when_they_begin_anew(folder: StateFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    log = folder.log_file("gp")
    log.write_text("before\n")
    contents = iter(["before\none\ntwo\nhalf", "before\none\ntwo\nhalf a line\n", None, "anew\n"])

    def change(_: float) -> None:
        text = next(contents)
        log.unlink(missing_ok=True)
        if text is not None:
            log.write_text(text)

    monkeypatch.setattr(time, "sleep", change)
    assert [line for _, line in islice(logs.followed([log]), 4)] == ["one", "two", "half a line", "anew"]
