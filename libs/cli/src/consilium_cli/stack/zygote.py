"""One warm process that services are forked from: `python -m consilium_cli.stack.zygote FD`.

It imports once what every service needs. Services forked from it share those pages, which halves their memory, and start at
once. It has one thread and opens no connection, because neither survives a fork. The supervisor talks to it over the socket
FD, one JSON object a line:

    {"start": 7, "name": "gp", "entry": "consilium_gp.main:main", "env": {…}, "log": "…/gp.log"}
                                                          -> {"started": 7, "pid": 4711}
    {"signal": 15, "pid": 4711}
    when a service ends, however it ends                  -> {"ended": 4711, "status": 0}
"""

import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from consilium_cli.stack.guard import die_with_parent, name_process
from consilium_common.knowledge import KnowledgeError, load_shared

WARM = ("consilium_common.service", "fastapi", "httpx", "nats", "neo4j", "pymilvus", "pymongo", "rapidfuzz", "redis", "yaml")


@dataclass(frozen=True)
class Task:
    """What a forked child is to be: an entry point with its settings and log file."""

    name: str
    entry: str
    env: dict[str, str]
    log: str

    def run(self, parent_pid: int, lifeline: int) -> None:
        """Be that service, in a child that was just forked."""
        die_with_parent(parent_pid, signal.SIGKILL)
        name_process(self.name)
        os.setsid()
        _end_when_closed(lifeline)
        _write_to(self.log)
        os.environ.update(self.env)
        gc.enable()
        module, _, name = self.entry.partition(":")
        main: Callable[[], None] = getattr(importlib.import_module(module), name)
        main()


@dataclass
class Zygote:
    """Forks on request, reports what ended, and takes everything down with it when the supervisor has gone."""

    control: socket.socket
    children: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Open the lifeline: a pipe whose writing end only this process holds, so that it closes when this process ends."""
        self.lifeline, self._held = os.pipe()
        self._woken, self._wake = socket.socketpair()
        for end in (self._woken, self._wake):
            end.setblocking(False)
        self._text = b""

    def serve(self) -> Task | None:
        """Work until the supervisor closes its end, and return None; in a forked child return its task instead."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        with selectors.DefaultSelector() as selector:
            selector.register(self.control, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while True:
                ready = {key.fileobj for key, _ in selector.select()}
                if self._woken in ready:
                    self._woken.recv(4096)
                    self._reap()
                if self.control in ready:
                    received = self.control.recv(65536)
                    if not received:
                        self._kill_all()
                        return None
                    task = self._obey(received)
                    if task is not None:
                        return task

    def _obey(self, received: bytes) -> Task | None:
        *lines, self._text = (self._text + received).split(b"\n")
        for line in lines:
            order: dict[str, Any] = json.loads(line)
            if "start" in order:
                task = Task(order["name"], order["entry"], order["env"], order["log"])
                if not (pid := os.fork()):
                    self._forget()
                    return task
                self.children.add(pid)
                self._say({"started": order["start"], "pid": pid})
            elif order["pid"] in self.children:  # not yet reaped, so the number is still this child's
                os.kill(order["pid"], order["signal"])
        return None

    def _reap(self) -> None:
        for pid in list(self.children):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                self.children.discard(pid)
                self._say({"ended": pid, "status": os.waitstatus_to_exitcode(status)})

    def _say(self, message: dict[str, int]) -> None:
        self.control.sendall(json.dumps(message).encode() + b"\n")

    def _kill_all(self) -> None:
        for pid in self.children:
            os.kill(pid, signal.SIGKILL)

    def _forget(self) -> None:
        """Close in a child what belongs to the zygote alone."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for end in (self.control, self._woken, self._wake):
            end.close()
        os.close(self._held)


def _end_when_closed(lifeline: int) -> None:
    """Kill this process when the lifeline closes; what Linux does by itself, other systems do not."""

    def watch() -> None:
        os.read(lifeline, 1)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()


def _write_to(log: str) -> None:
    fd = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for standard in (1, 2):
        os.dup2(fd, standard)
    os.close(fd)


def warm_up() -> None:
    """Import and read what services share, and keep the collector from touching, and so copying, the shared pages."""
    gc.disable()
    for module in WARM:
        importlib.import_module(module)
    with suppress(KnowledgeError):  # a service that needs it says what is wrong, in its own log
        load_shared()
    gc.collect()
    gc.freeze()


def main() -> None:
    """Serve the supervisor at the other end of the file descriptor given; in a forked child, be the service."""
    warm_up()
    zygote = Zygote(socket.socket(fileno=int(sys.argv[1])))
    pid = os.getpid()
    task = zygote.serve()
    if task is not None:  # outside the loop, so that the service ends like any program
        task.run(pid, zygote.lifeline)


if __name__ == "__main__":
    main()
