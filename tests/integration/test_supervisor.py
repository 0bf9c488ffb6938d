"""The five real local servers and fake services under `consilium up`."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from consilium_cli.stack.services import installed
from consilium_cli.stack.state import StateFolder
from support.stack import SERVERS, SERVICES, Stack, end, until

NOTING = ("fake-front", "fake-worker", "fake-specialist")

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that runs, with a second worker."""
    made = Stack.at(tmp_path_factory.mktemp("stack"))
    made.up("--replicas", "fake-worker=2")
    try:
        made.ready()
        yield made
    finally:
        made.close()


@pytest.fixture
def own_stack(tmp_path: Path) -> Iterator[Stack]:
    """A stack that does not run yet, and runs no longer after the test."""
    made = Stack.at(tmp_path)
    try:
        yield made
    finally:
        made.close()
    assert not made.left()


def read_quietly(file: Path) -> bytes:
    """Return what a file of a process holds, or nothing when the process has gone."""
    try:
        return file.read_bytes()
    except OSError:
        return b""


def kill_and_wait(stack: Stack, name: str) -> dict[str, Any]:
    """Kill a part and wait until another process is ready in its place."""
    before = stack.parts()[name]
    os.kill(before["pid"], signal.SIGKILL)

    def again() -> dict[str, Any] | None:
        now = stack.parts()[name]
        return now if now["state"] == "ready" and now["pid"] != before["pid"] else None

    return until(again) or {}


def test_status_names_every_server_and_replica(stack: Stack) -> None:
    stack.ready()
    parts = {part["name"]: part for part in json.loads(stack.run("status", "--json").stdout)}
    assert set(parts) == {*SERVERS, *SERVICES, "fake-worker-2"}
    assert len({part["port"] for part in parts.values()}) == len(parts)
    assert all(Path(f"/proc/{part['pid']}").exists() for part in parts.values())
    assert "fake-specialist" in stack.run("status").stdout


def test_services_get_their_settings(stack: Stack) -> None:
    given = {name for _, what, _, names in stack.noted() if what == "started" for name in names.split(",")}
    assert given >= {"NATS_URL", "NATS_USER", "NATS_PASSWORD", "MONGO_URI", "MONGO_DB_NAME", "MILVUS_URI", "REDIS_URL"}
    assert given >= {"NEO4J_URI", "NEO4J_USER", "NEO4J_PASSWORD", "CONSILIUM_BUS_KEY", "CONSILIUM_TOKEN_KEY", "CONSILIUM_PORT"}
    assert {note[0] for note in stack.noted()} >= {"fake-worker-1", "fake-worker-2", "fake-specialist-1"}


def test_a_killed_service_comes_back_and_it_is_said(stack: Stack) -> None:
    assert kill_and_wait(stack, "fake-specialist")["restarts"] == 1
    assert "fake-specialist was ended by SIGKILL" in " ".join(stack.said().split())
    assert stack.parts()["fake-worker"]["restarts"] == 0


def test_a_killed_server_comes_back_on_its_port(stack: Stack) -> None:
    port = stack.parts()["mongo"]["port"]
    assert kill_and_wait(stack, "mongo")["port"] == port


def test_a_lost_zygote_takes_its_services_along_and_all_come_back(stack: Stack) -> None:
    before = stack.parts()
    zygote = int(Path(f"/proc/{before['fake-worker']['pid']}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(zygote, signal.SIGKILL)
    until(lambda: all(stack.parts()[name]["pid"] != before[name]["pid"] for name in SERVICES))
    assert set(stack.ready()) == set(before)


def test_a_second_up_is_refused_in_one_sentence(stack: Stack) -> None:
    second = stack.run("up")
    assert second.returncode == 2
    assert "already runs" in second.stderr
    assert "Traceback" not in second.stderr


def test_the_folder_is_private_and_no_command_line_shows_a_secret(stack: Stack) -> None:
    assert stack.state.stat().st_mode & 0o777 == 0o700
    files = [*stack.state.glob("*.json"), *(stack.state / "logs").iterdir(), *stack.state.glob("data/*/*.conf")]
    assert len(files) > len(SERVERS)
    assert not [file for file in files if file.stat().st_mode & 0o077]
    state = StateFolder(stack.state)
    hidden = [state.secrets().password(server).encode() for server in SERVERS]
    shown = b"".join(read_quietly(file) for file in Path("/proc").glob("[0-9]*/cmdline"))
    assert not [secret for secret in hidden if secret in shown]


def test_logs_are_found_by_name(stack: Stack) -> None:
    assert "Server is ready" in stack.run("logs", "nats").stdout
    wrong = stack.run("logs", "nobody")
    assert wrong.returncode == 2
    assert "'nobody'" in wrong.stderr


def test_one_more_replica_joins_in_the_foreground(stack: Stack) -> None:
    process = subprocess.Popen([sys.executable, "-m", "consilium_cli.main", "run", "fake-specialist"], env=stack.env)
    instance = f"fake-specialist-run-{process.pid}"
    until(lambda: [note for note in stack.noted() if note[0] == instance])
    assert end(process) == 0


def test_sigterm_drains_services_before_servers(own_stack: Stack) -> None:
    process = own_stack.up()
    own_stack.ready()
    assert end(process) == 0
    assert {note[0] for note in own_stack.noted() if note[1] == "stopped"} == {f"{name}-1" for name in NOTING}
    last_note = (own_stack.notes / "notes.txt").stat().st_mtime
    for server in ("nats", "graph", "redis"):  # they write a last line on their way out
        assert (own_stack.state / "logs" / f"{server}.log").stat().st_mtime >= last_note
    assert not own_stack.left()
    assert own_stack.run("status").returncode == 3
    assert {part["state"] for part in json.loads(own_stack.run("status", "--json").stdout)} == {"stopped"}


def test_a_killed_supervisor_leaves_nobody_and_the_next_start_works(own_stack: Stack) -> None:
    process = own_stack.up()
    own_stack.ready()
    process.kill()
    process.wait()
    until(lambda: not own_stack.left(), 10)
    assert own_stack.run("status").returncode == 3
    again = own_stack.up()
    own_stack.ready()
    down = own_stack.run("down")
    assert (down.returncode, down.stdout) == (0, "Stopped.\n")
    assert again.wait(10) == 0


def test_dead_letters_are_asked_for_on_the_bus_that_runs_here(stack: Stack) -> None:
    stack.ready()
    asked = stack.run("dead", "list")
    assert (asked.returncode, asked.stdout) == (2, "")
    assert "no service of Consilium has run on it" in asked.stderr, "the fakes make no streams, so the bus was reached"


def test_a_service_that_cannot_run_holds_up_nobody_else(own_stack: Stack) -> None:
    wish = own_stack.notes / "fake-worker-1.crash"
    wish.touch()
    own_stack.up()
    until(lambda: own_stack.parts().get("fake-worker", {}).get("state") == "restarting")
    until(lambda: own_stack.parts()["fake-front"]["state"] == "ready")
    assert "told to crash" in own_stack.run("logs", "fake-worker").stdout
    wish.unlink()
    own_stack.ready()


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    made = Stack.at(tmp_path)
    if "gateway" not in {service.name for service in installed()}:
        entry_points = tmp_path / "fakes" / "fakes-1.0.dist-info" / "entry_points.txt"
        entry_points.write_text(entry_points.read_text().replace("gateway-fake", "gateway"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = made.run("up", "--port", port, "--only", "gateway")
    assert refused.returncode == 2
    assert f"Port {port} " in refused.stderr
    assert not made.left()


@pytest.mark.parametrize("text", ["", "{", "{}", '{"version": 1, "bus_key": "short"}', "\x00\xff"])
def test_a_corrupt_state_folder_is_named(tmp_path: Path, text: str) -> None:
    made = Stack.at(tmp_path)
    made.state.mkdir()
    (made.state / "secrets.json").write_text(text)
    refused = made.run("up", "--only", "fake-worker")
    assert refused.returncode == 2
    assert "secrets.json is not usable" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


def test_a_state_path_that_is_a_file_is_named(tmp_path: Path) -> None:
    made = Stack.at(tmp_path)
    made.state.write_text("in the way")
    refused = made.run("up", "--only", "fake-worker")
    assert refused.returncode == 2
    assert "cannot be used" in refused.stderr


def test_nothing_runs_and_that_is_fine(tmp_path: Path) -> None:
    made = Stack.at(tmp_path)
    assert made.run("down").returncode == 0
    assert made.run("status", "--json").stdout.strip() == "[]"
    refused = made.run("token")
    assert refused.returncode == 2
    assert "consilium up" in refused.stderr
