"""The stack that a question goes to: the one that runs, or one that is started for it and stopped after it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from consilium_cli.stack.process import guarded
from consilium_cli.stack.state import StateFolder
from consilium_common.errors import ConsiliumError

READY_LIMIT_S = 180.0  # a first start loads every pack
STOP_LIMIT_S = 90.0
LOOK_EVERY_S = 0.1


class StackError(ConsiliumError):
    """The stack could not be started, or its gateway does not come up."""

    def __init__(self, message: str) -> None:
        super().__init__("stack", message)


@contextmanager
def running(state: StateFolder) -> Iterator[str]:
    """Yield the URL of a ready gateway of this state folder; start everything for the time being when nothing runs.

    Raises:
        StackError: when no gateway becomes ready.
    """
    if state.running_pid() is not None:
        yield _wait_for_gateway(state, None)
        return
    started = _start(state)
    try:
        yield _wait_for_gateway(state, started)
    finally:
        _stop(started)


def _start(state: StateFolder) -> "subprocess.Popen[bytes]":
    """Start `consilium up` beside us. It says on stderr what it does, and stops in order when we are gone."""
    command = [sys.executable, "-P", "-m", "consilium_cli.main", "up", "--port", "0", "--no-welcome"]
    env = {**os.environ, "CONSILIUM_STATE": str(state.path)}
    return subprocess.Popen(guarded(command, signal.SIGTERM), env=env, stdin=subprocess.DEVNULL, stdout=sys.stderr.fileno())  # noqa: S603 - our own command


def _stop(started: "subprocess.Popen[bytes]") -> None:
    started.terminate()
    try:
        started.wait(STOP_LIMIT_S)
    except subprocess.TimeoutExpired:
        started.kill()  # what it started goes with it
        started.wait()


def _wait_for_gateway(state: StateFolder, started: "subprocess.Popen[bytes] | None") -> str:
    """Wait until everything is ready or has failed, and return where a gateway listens."""
    patience_ends = time.monotonic() + READY_LIMIT_S
    while time.monotonic() < patience_ends:
        if started is not None and started.poll() is not None:
            raise StackError(f"Consilium could not be started for this question (exit code {started.returncode}).")
        if state.running_pid() is not None:
            status = state.status()
            if status.settled and status.gateway_url:
                return status.gateway_url
        elif started is None:
            raise StackError(f"Consilium on {state.path} was stopped while we waited for it.")
        time.sleep(LOOK_EVERY_S)
    raise StackError(f"No gateway became ready within {READY_LIMIT_S:g} s; see `consilium status` and {state.logs}.")
