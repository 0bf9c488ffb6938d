"""One service as a real process, started again when it dies, as an orchestrator of containers would."""

import asyncio
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from consilium_cli.stack.nursery import Forked, Nursery
from support.chaos.http import request
from support.waiting import eventually, until

READY_S = 60.0
HANGS_S = 15.0
AGAIN_S = 0.2  # how soon a dead one is started again
LISTENING = "0A"  # in /proc/net/tcp
LOST = (OSError, asyncio.IncompleteReadError, TimeoutError)


@dataclass
class Service:
    """One replica. `ends` are the exit statuses that were seen: minus the signal for one that was killed."""

    name: str
    entry: str
    port: int
    env: Mapping[str, str]
    nursery: Nursery
    log: Path
    kept: bool = True
    ends: list[int] = field(default_factory=list)
    pids: list[int] = field(default_factory=list)
    _process: Forked | None = None
    _keeper: "asyncio.Task[None] | None" = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Start it and keep it running; returns when it is ready."""
        self.kept = True
        if self._keeper is None or self._keeper.done():
            self._keeper = asyncio.create_task(self._keep())
        await self.ready()

    async def ready(self) -> None:
        """Wait until it says that it is ready."""

        async def healthy() -> bool:
            assert self._keeper is not None
            assert not self._keeper.done() or self.kept, f"{self.name} has ended: {self.ends}\n{self.said()}"
            return await self.healthy()

        await eventually(healthy, READY_S)

    async def recover(self) -> None:
        """Be there again, whatever a test did: one that hangs is killed, so that the next test is not spoilt, too."""
        if not self.kept or self._keeper is None or self._keeper.done():
            await self.start()
            return
        try:
            await eventually(self.healthy, HANGS_S)
        except TimeoutError:
            await self.kill()
            await self.ready()

    async def healthy(self) -> bool:
        """Return whether its own probe says that it is well."""
        return await self.probe() == 200

    async def probe(self) -> int:
        """Return what its own probe answers; 0 when there is no answer within 3 s."""
        try:
            async with asyncio.timeout(3), request(self.port, "GET", "/health") as answer:
                return answer.status
        except LOST:
            return 0

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        if self._process is not None:
            self._process.send(number)

    async def kill(self) -> None:
        """End it as a crash would, and wait for its end; it is started again unless it is not kept."""
        before = len(self.ends)
        self.send(signal.SIGKILL)
        await until(lambda: len(self.ends) > before, 10)

    async def stop(self, limit_s: float = 30.0) -> int:
        """Stop it in the ordinary way for good; returns its exit status."""
        self.kept = False
        if self._keeper is None or self._keeper.done():
            return self.ends[-1] if self.ends else 0
        self.send(signal.SIGTERM)
        try:
            await asyncio.wait_for(asyncio.shield(self._keeper), limit_s)
        except TimeoutError:
            self.send(signal.SIGKILL)
            await self._keeper
        return self.ends[-1]

    def said(self) -> str:
        """Return the end of its log."""
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""

    def rss_mb(self) -> float:
        """Return its resident memory."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024

    def connections(self) -> int:
        """Return how many clients' connections it holds: sockets of its port that belong to a process and do not listen."""
        rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return sum(row[1].endswith(f":{self.port:04X}") and row[3] != LISTENING and row[9] != "0" for row in rows)

    async def _keep(self) -> None:
        while True:
            self._process = await self.nursery.start(self.name, self.entry, self.env, self.log)
            self.pids.append(self._process.pid)
            self.ends.append(await self._process.wait())
            if not self.kept:
                return
            await asyncio.sleep(AGAIN_S)
