"""Processes that the supervisor starts: programs of their own, and services forked from the zygote."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

GUARD = Path(__file__).with_name("guard.py")


class Process(Protocol):
    """A process that runs or has ended."""

    @property
    def pid(self) -> int:
        """Return its id."""

    async def wait(self) -> int:
        """Wait for its end; return its exit status, or minus the number of the signal that ended it."""

    def send(self, number: signal.Signals) -> None:
        """Send a signal; nothing happens when it has ended."""


@dataclass(frozen=True)
class Program:
    """A program of its own."""

    inner: asyncio.subprocess.Process

    @property
    def pid(self) -> int:
        """Return its id."""
        return self.inner.pid

    async def wait(self) -> int:
        """Wait for its end."""
        return await self.inner.wait()

    def send(self, number: signal.Signals) -> None:
        """Send a signal."""
        if self.inner.returncode is None:
            self.inner.send_signal(number)


def guarded(command: Sequence[str], death_signal: signal.Signals = signal.SIGKILL) -> list[str]:
    """Return the command that runs this one so that it cannot outlive the process that starts it."""
    return [sys.executable, "-I", "-S", str(GUARD), str(os.getpid()), str(int(death_signal)), *command]


async def start_program(
    command: Sequence[str], env: Mapping[str, str], folder: Path, log: Path, pass_fds: Sequence[int] = ()
) -> Program:
    """Start a program that ends when this process does. What it prints goes to `log`.

    Raises:
        OSError: when it cannot be started, or the log cannot be written.
    """
    with _appended(log) as output:
        inner = await asyncio.create_subprocess_exec(
            *guarded(command),
            env={**os.environ, **env},
            cwd=folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=tuple(pass_fds),
        )
    return Program(inner)


def _appended(log: Path) -> IO[bytes]:
    return os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def describe_end(status: int) -> str:
    """Return how a process ended, in words: `exited with 1`, `was ended by SIGKILL`."""
    if status >= 0:
        return f"exited with {status}"
    try:
        return f"was ended by {signal.Signals(-status).name}"
    except ValueError:
        return f"was ended by signal {-status}"
