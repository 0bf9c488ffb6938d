"""The supervisor's side of the zygote: starts it when it is needed, and gives out services as processes."""

import asyncio
import itertools
import json
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from consilium_cli.stack.process import Program, start_program
from consilium_common.errors import ConsiliumError

ZYGOTE_LOST = -signal.SIGKILL  # services do not outlive the zygote: the kernel kills them
# Arenas: two instead of eight for each core; threads of these processes seldom compete, and unused arenas are memory.
# OpenBLAS and Arrow's jemalloc: no threads at import, since threads do not survive a fork.
ENV = {
    "MALLOC_ARENA_MAX": "2",
    "OPENBLAS_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "PYTHONUNBUFFERED": "1",
}


class ZygoteLostError(ConsiliumError):
    """The zygote ended while a service was being started."""

    def __init__(self, log: Path) -> None:
        super().__init__("zygote_lost", f"The process that services are forked from has ended; see {log}.", retryable=True)


@dataclass(frozen=True)
class Forked:
    """A service forked from the zygote."""

    pid: int
    ended: "asyncio.Future[int]"
    zygote: "_Zygote"

    async def wait(self) -> int:
        """Wait for its end."""
        return await asyncio.shield(self.ended)

    def send(self, number: signal.Signals) -> None:
        """Send a signal through the zygote, which knows whether the process id is still this service's."""
        if not self.ended.done():
            self.zygote.tell({"signal": int(number), "pid": self.pid})


@dataclass
class _Zygote:
    """One zygote and the conversation with it."""

    program: Program
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    starting: "dict[int, asyncio.Future[Forked]]" = field(default_factory=dict)
    ended: "dict[int, asyncio.Future[int]]" = field(default_factory=dict)
    lost: bool = False

    def tell(self, order: Mapping[str, object]) -> None:
        if not self.lost:
            self.writer.write(json.dumps(order).encode() + b"\n")

    async def listen(self) -> None:
        """Hear what it says until it has ended; then nothing that it forked is alive either."""
        loop = asyncio.get_running_loop()
        try:
            while line := await self.reader.readline():
                said: dict[str, int] = json.loads(line)
                if "started" in said:
                    ended = self.ended[said["pid"]] = loop.create_future()
                    self.starting.pop(said["started"]).set_result(Forked(said["pid"], ended, self))
                else:
                    self.ended.pop(said["ended"]).set_result(said["status"])
        except ConnectionResetError:
            pass  # it was killed while we wrote; the same as an end
        finally:
            self.lost = True
            for waiting in self.starting.values():
                waiting.cancel()
            for running in self.ended.values():
                running.set_result(ZYGOTE_LOST)
            self.writer.close()


class Nursery:
    """Starts services as forks of one warm process. A zygote that was lost is replaced at the next start."""

    def __init__(self, folder: Path, log: Path) -> None:
        self._folder = folder
        self._log = log
        self._zygote: _Zygote | None = None
        self._listening: asyncio.Task[None] | None = None
        self._numbers = itertools.count(1)
        self._opening = asyncio.Lock()

    async def warm(self) -> None:
        """Start the zygote now, so that its imports are done when the first service is wanted."""
        await self._open()

    async def start(self, name: str, entry: str, env: Mapping[str, str], log: Path) -> Forked:
        """Fork a service.

        Raises:
            ZygoteLostError: when the zygote ended meanwhile.
        """
        zygote = await self._open()
        number = next(self._numbers)
        answer: asyncio.Future[Forked] = asyncio.get_running_loop().create_future()
        zygote.starting[number] = answer
        zygote.tell({"start": number, "name": name, "entry": entry, "env": dict(env), "log": str(log)})
        await asyncio.wait({answer})
        if answer.cancelled():
            raise ZygoteLostError(self._log)
        return answer.result()

    async def close(self) -> None:
        """End the zygote, and with it whatever it still has."""
        if self._zygote is None or self._listening is None:
            return
        self._zygote.writer.close()
        await self._zygote.program.wait()
        await self._listening

    async def _open(self) -> _Zygote:
        async with self._opening:
            if self._zygote is None or self._zygote.lost:
                ours, theirs = socket.socketpair()
                with theirs:
                    command = [sys.executable, "-P", "-m", "consilium_cli.stack.zygote", str(theirs.fileno())]
                    program = await start_program(command, ENV, self._folder, self._log, pass_fds=[theirs.fileno()])
                reader, writer = await asyncio.open_connection(sock=ours)
                self._zygote = _Zygote(program, reader, writer)
                self._listening = asyncio.create_task(self._zygote.listen())
            return self._zygote
