"""The consilium command in tests: with fake services that are installed beside it, in a state folder of its own."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from consilium_cli.stack.state import StateFolder

T = TypeVar("T")
ENTRY_POINTS = """\
[consilium.services]
gateway-fake = fakegateway:main
fake-front = fakeservice:main
fake-worker = fakeservice:main
[consilium.specialists]
fake-specialist = fakeservice:main
"""
SERVICES = ("gateway-fake", "fake-front", "fake-worker", "fake-specialist")
SERVERS = ("nats", "mongo", "graph", "milvus", "redis")


def until(look: Callable[[], T], timeout_s: float = 60.0) -> T:
    """Return the first true thing that `look` returns; fail when none comes in time."""
    ends = time.monotonic() + timeout_s
    while not (seen := look()):
        assert time.monotonic() < ends, f"not within {timeout_s} s: {look}"
        time.sleep(0.05)
    return seen


def install_fakes(folder: Path) -> None:
    """Make a folder that, on the path, is an installed distribution with the fake services."""
    info = folder / "fakes-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fakes\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    for module in ("fakeservice.py", "fakegateway.py"):
        shutil.copy(Path(__file__).with_name(module), folder)


@dataclass
class Stack:
    """A state folder, and what is run on it."""

    root: Path
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def state(self) -> Path:
        return self.root / "a state folder"

    @property
    def notes(self) -> Path:
        return self.root / "notes"

    @property
    def env(self) -> Mapping[str, str]:
        path = os.pathsep.join([str(self.root / "fakes"), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
        return {
            **os.environ,
            "PYTHONPATH": path,
            "CONSILIUM_STATE": str(self.state),
            "FAKE_NOTES": str(self.notes),
            "CONSILIUM_ONLY": ",".join(SERVICES),
        }

    @classmethod
    def at(cls, root: Path) -> "Stack":
        install_fakes(root / "fakes")
        (root / "notes").mkdir()
        return cls(root)

    def run(self, *arguments: str, timeout_s: float = 60.0) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            _command(*arguments), env=self.env, capture_output=True, text=True, timeout=timeout_s, check=False
        )

    def up(self, *options: str) -> subprocess.Popen[bytes]:
        """Start `consilium up` with the fake services; its output goes to `up.log`."""
        with (self.root / "up.log").open("ab") as log:
            command = _command("up", "--port", "0", *options)
            self.started.append(subprocess.Popen(command, env=self.env, stdout=log, stderr=log))
        return self.started[-1]

    def close(self) -> None:
        """Stop whatever still runs."""
        for process in self.started:
            end(process)

    def parts(self) -> dict[str, dict[str, Any]]:
        """Return what the running supervisor says, by name; looked at often, so no process is started for it."""
        folder = StateFolder(self.state)
        if folder.running_pid() is None:
            return {}
        return {part.name: part.model_dump(mode="json") for part in folder.status().parts}

    def ready(self) -> dict[str, dict[str, Any]]:
        """Wait until everything is ready."""

        def all_ready() -> dict[str, dict[str, Any]]:
            parts = self.parts()
            return parts if parts and all(part["state"] == "ready" for part in parts.values()) else {}

        return until(all_ready)

    def said(self) -> str:
        """Return what `up` has printed."""
        return (self.root / "up.log").read_text()

    def noted(self) -> list[list[str]]:
        """Return what the fake services noted: instance, what, process id, names of the environment."""
        file = self.notes / "notes.txt"
        return [line.split(" ") for line in file.read_text().splitlines()] if file.exists() else []

    def left(self) -> list[str]:
        """Return the command lines of processes that still belong to this state folder."""
        mark = f"CONSILIUM_STATE={self.state}\0".encode()
        return [_cmdline(proc) for proc in Path("/proc").glob("[0-9]*") if mark in _read(proc / "environ") and _alive(proc)]


def end(process: subprocess.Popen[bytes]) -> int:
    """Stop a process in the ordinary way and return its exit code."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    return process.wait(60)


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "consilium_cli.main", *arguments]


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _cmdline(proc: Path) -> str:
    return _read(proc / "cmdline").replace(b"\0", b" ").decode()


def _alive(proc: Path) -> bool:
    return b"State:\tZ" not in _read(proc / "status")
