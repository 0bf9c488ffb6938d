"""Real servers for tests, each started when it is first asked for: from the environment, in containers, or on this machine."""

import asyncio
import base64
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from pydantic_settings import BaseSettings

from consilium_common import localservers
from consilium_common.localservers import LocalServer, Place
from consilium_common.settings import CacheSettings, GraphSettings, MongoSettings, ServiceSettings, VectorSettings
from consilium_common.testing import containers

SettingsT = TypeVar("SettingsT", bound=BaseSettings)

POLL_S = 0.05

# Which server a settings class speaks to, and the variables that say where it is; the first one decides.
VARIABLES: Mapping[str, tuple[str, ...]] = {
    "nats": ("NATS_URL", "NATS_USER", "NATS_PASSWORD"),
    "mongo": ("MONGO_URI",),
    "graph": ("NEO4J_URI", "NEO4J_USER", "NEO4J_PASSWORD", "NEO4J_DATABASE"),
    "milvus": ("MILVUS_URI", "MILVUS_TOKEN"),
    "redis": ("REDIS_URL",),
}
SPEAKS_TO: Mapping[type[BaseSettings], str] = {
    ServiceSettings: "nats",
    MongoSettings: "mongo",
    GraphSettings: "graph",
    VectorSettings: "milvus",
    CacheSettings: "redis",
}


class ServerError(Exception):
    """A server did not come up; the message has the end of its log."""


@dataclass
class LocalProcess:
    """One local server as a process, which can be killed and started again."""

    server: LocalServer
    place: Place
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it is ready.

        Raises:
            ServerError: when it ends, or is not ready in time.
        """
        self.server.prepare(self.place)
        with (self.place.data_dir / "server.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - the command of a server that a wheel installed
                self.server.command(self.place),
                env={**os.environ, **self.server.env(self.place)},
                cwd=self.place.data_dir,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C ends the tests, which then end this
            )
        ends = time.monotonic() + self.server.start_timeout_s
        while not _run(lambda: self.server.ready(self.place)):
            if self.process.poll() is not None or time.monotonic() > ends:
                self.stop()
                raise ServerError(f"{self.server.name} did not start:\n{self._said()}")
            time.sleep(POLL_S)

    def stop(self) -> None:
        """Stop it in the ordinary way, and by force when it does not."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(self.server.stop_signal)
        try:
            self.process.wait(self.server.stop_timeout_s)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def _said(self) -> str:
        return (self.place.data_dir / "server.log").read_text(errors="replace")[-2000:]


class Servers:
    """The servers of one test session."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self._values: dict[str, dict[str, str]] = {}
        self._bus_key = base64.b64encode(secrets.token_bytes(32)).decode()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.close()

    def environment(self, name: str) -> dict[str, str]:
        """Return the variables that say where a server is (`nats`, `mongo`, `graph`, `milvus` or `redis`); start it if need be.

        Raises:
            ServerError: when it does not start.
        """
        if name not in self._values:
            self._values[name] = self._from_environment(name) or self._from_container(name) or self._from_wheel(name)
        return self._values[name]

    def settings(self, kind: type[SettingsT], **more: object) -> SettingsT:
        """Return settings of a class, with every server that it speaks to running."""
        values: dict[str, object] = {}
        for base, name in SPEAKS_TO.items():
            if issubclass(kind, base):
                values |= {variable.lower(): value for variable, value in self.environment(name).items()}
        if issubclass(kind, ServiceSettings):
            values |= {"bus_key": self._bus_key, "environment": "local"}  # one server, as on a laptop
        return kind(**{**values, **more})  # type: ignore[arg-type]

    def process(self, name: str, folder: Path) -> LocalProcess:
        """Return a local server of one's own, not started, to be killed and started again. The caller stops it."""
        return LocalProcess(_local(name), Place(free_port(), folder, secrets.token_urlsafe(24)))

    def _from_environment(self, name: str) -> dict[str, str]:
        first, *_ = VARIABLES[name]
        return {each: os.environ[each] for each in VARIABLES[name] if each in os.environ} if first in os.environ else {}

    def _from_container(self, name: str) -> dict[str, str]:
        return containers.start(name, self._stack) if _docker_answers() else {}

    def _from_wheel(self, name: str) -> dict[str, str]:
        folder = self._folder / name
        folder.mkdir()
        process = self.process(name, folder)
        process.start()
        self._stack.callback(process.stop)
        return local_values(process)


def local_values(process: LocalProcess) -> dict[str, str]:
    """Return the variables that say where a local server is."""
    values = {process.server.variable: process.server.url(process.place)}
    if process.server.name == "graph":
        values |= {
            "NEO4J_USER": localservers.GRAPH_USER,
            "NEO4J_PASSWORD": process.place.password,
            "NEO4J_DATABASE": localservers.GRAPH_DATABASE,
        }
    return values


def free_port() -> int:
    """Return a port on loopback that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind((localservers.HOST, 0))
        return int(probe.getsockname()[1])


def _local(name: str) -> LocalServer:
    return next(server for server in localservers.LOCAL_SERVERS if server.name == name)


@cache
def _docker_answers() -> bool:
    return containers.docker_answers()


def _run(call: Callable[[], Coroutine[Any, Any, bool]]) -> bool:
    """Run a coroutine in a thread with a loop of its own, since the thread of the tests has one already."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(lambda: asyncio.run(call())).result()
