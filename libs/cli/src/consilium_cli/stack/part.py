"""One server or service under supervision: started when what it needs is there, watched, started again, stopped."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from consilium_cli.stack.process import Process, describe_end
from consilium_cli.stack.status import PartStatus, State
from consilium_common.errors import ConsiliumError

ASK_WHILE_STARTING_S = 0.2
ASK_WHEN_READY_S = 2.0
SILENCE_LIMIT_S = 30.0  # a process that answers nothing for this long hangs; a garbage collection or a full disk is shorter
BACKOFF_FIRST_S, BACKOFF_LONGEST_S = 0.5, 15.0
STEADY_S = 30.0  # after so long without a crash the back-off starts from its beginning
FAILED_AFTER = 5  # this many ends in a row are called 'failed'; it is still tried again, since its cause may go away


class Health(Enum):
    """What a part answers when it is asked."""

    READY = "ready"
    NOT_READY = "not ready"
    SILENT = "no answer"


@dataclass(frozen=True)
class Plan:
    """What a part is and how to handle it. `needs` are names of other parts; lower stop stages stop first."""

    name: str
    kind: Literal["server", "service"]
    port: int
    needs: tuple[str, ...]
    start: Callable[[], Awaitable[Process]]
    health: Callable[[], Awaitable[Health]]
    stop_stage: int
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout_s: float = 10.0
    start_timeout_s: float = 60.0


class Part:
    """The life of one part. `on_change` is called at every change of its status."""

    def __init__(self, plan: Plan, on_change: Callable[["Part"], None]) -> None:
        self.plan = plan
        self.status = PartStatus(name=plan.name, kind=plan.kind, port=plan.port)
        self.is_ready = asyncio.Event()
        self.has_stopped = asyncio.Event()
        self._stopping = asyncio.Event()
        self._on_change = on_change
        self._ends_in_a_row = 0

    async def run(self, parts: "dict[str, Part]") -> None:
        """Keep it running until `stop` is called. `parts` holds those that it needs."""
        try:
            while await self._needs_are_ready(parts):
                began = time.monotonic()
                reason = await self._run_once()
                if self._stopping.is_set():
                    break
                pause_s = self._back_off(time.monotonic() - began)
                again = self.status.restarts + 1
                self._set(self._state_after_end(), pid=None, restarts=again, detail=self._told(reason, pause_s))
                await _until(self._stopping, pause_s)
        finally:
            self._set(State.STOPPED, pid=None, detail="")
            self.has_stopped.set()

    async def stop(self) -> None:
        """End it: its stop signal, then SIGKILL when it takes too long."""
        self._stopping.set()
        await self.has_stopped.wait()

    async def _needs_are_ready(self, parts: "dict[str, Part]") -> bool:
        """Wait for them; return false when it is to stop instead."""
        missing = [name for name in self.plan.needs if not parts[name].is_ready.is_set()]
        while missing and not self._stopping.is_set():
            if self.status.state is State.STARTING:
                self._set(State.STARTING, detail=f"waits for {', '.join(missing)}")
            await _first_of(self._stopping.wait(), parts[missing[0]].is_ready.wait())
            missing = [name for name in self.plan.needs if not parts[name].is_ready.is_set()]
        return not self._stopping.is_set()

    async def _run_once(self) -> str:
        """Start it and stay until it has ended; return why it ended."""
        try:
            process = await self.plan.start()
        except (OSError, ConsiliumError) as error:
            return f"cannot be started: {error}"
        self._set(self.status.state, pid=process.pid, detail="")
        ended = asyncio.create_task(process.wait())
        watching = asyncio.create_task(self._watch(process))
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({ended, watching, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if watching.done():
                watching.result()  # it never ends by itself; an error in it must be heard
            watching.cancel()  # one that drains may say that it is not ready, and that is no news
            if not ended.done():
                await self._end(process, ended)
            return describe_end(ended.result())
        finally:
            self.is_ready.clear()
            for task in (watching, stopping):
                task.cancel()
            process.send(signal.SIGKILL)  # only still alive when this task was cancelled

    async def _end(self, process: Process, ended: "asyncio.Task[int]") -> None:
        process.send(self.plan.stop_signal)
        await asyncio.wait({ended}, timeout=self.plan.stop_timeout_s)
        if not ended.done():
            process.send(signal.SIGKILL)
            await ended

    async def _watch(self, process: Process) -> None:
        """Ask how it is, again and again; kill it when it hangs. Cancelled when it has ended."""
        began = heard = time.monotonic()
        while True:
            health = await self.plan.health()
            now = time.monotonic()
            if health is Health.READY:
                self._ready()
            elif self.is_ready.is_set() and health is Health.NOT_READY:
                self.is_ready.clear()
                self._set(State.STARTING, detail="says that it is not ready")
            if health is not Health.SILENT:
                heard = now
            limit_s = SILENCE_LIMIT_S if self.is_ready.is_set() else self.plan.start_timeout_s
            if now - max(heard, began) > limit_s:
                self._set(self.status.state, detail=f"has not answered for {limit_s:g} s and is killed")
                process.send(signal.SIGKILL)
            await asyncio.sleep(ASK_WHEN_READY_S if self.is_ready.is_set() else ASK_WHILE_STARTING_S)

    def _ready(self) -> None:
        if not self.is_ready.is_set():
            self.is_ready.set()
            self._set(State.READY, detail="")

    def _state_after_end(self) -> State:
        return State.FAILED if self._ends_in_a_row >= FAILED_AFTER else State.RESTARTING

    def _told(self, reason: str, pause_s: float) -> str:
        where = f"`consilium logs {self.plan.name}` shows why"
        if self._ends_in_a_row < FAILED_AFTER:
            return f"{reason}; starts again in {pause_s:g} s, {where}"
        return f"keeps failing ({reason}); still tried every {BACKOFF_LONGEST_S:g} s or sooner, {where}"

    def _back_off(self, lasted_s: float) -> float:
        """Return how long to wait before the next start: twice as long each time, until it has run steadily."""
        self._ends_in_a_row = 1 if lasted_s > STEADY_S else self._ends_in_a_row + 1
        return min(BACKOFF_FIRST_S * 2.0 ** (self._ends_in_a_row - 1), BACKOFF_LONGEST_S)

    def _set(self, state: State, **changes: object) -> None:
        before = self.status
        self.status = before.model_copy(update={"state": state, **changes})
        if self.status != before:
            self._on_change(self)


async def _until(event: asyncio.Event, timeout_s: float) -> None:
    await _first_of(event.wait(), asyncio.sleep(timeout_s))


async def _first_of(*awaitables: Awaitable[object]) -> None:
    tasks = {asyncio.ensure_future(awaitable) for awaitable in awaitables}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
