"""One part under supervision: when it starts, what is said of it, how it ends."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from consilium_cli.stack import part as part_module
from consilium_cli.stack.part import Health, Part, Plan
from consilium_cli.stack.status import PartStatus, State


@dataclass
class FakeProcess:
    """A process that ends when it is told to, or when it gets a signal that it hears."""

    pid: int
    deaf_to: tuple[signal.Signals, ...] = ()
    got: list[signal.Signals] = field(default_factory=list)
    ended: "asyncio.Future[int]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    async def wait(self) -> int:
        return await asyncio.shield(self.ended)

    def send(self, number: signal.Signals) -> None:
        if not self.ended.done():
            self.got.append(number)
            if number not in self.deaf_to:
                self.ended.set_result(-number)


class Bench:
    """A part with fake processes, and everything that was said of it."""

    def __init__(self, deaf_to: tuple[signal.Signals, ...] = (), needs: tuple[str, ...] = ()) -> None:
        self.health = Health.READY
        self.processes: list[FakeProcess] = []
        self.refusals: list[OSError] = []
        self.said: list[PartStatus] = []
        self._deaf_to = deaf_to
        self._changed = asyncio.Event()
        self.part = Part(
            Plan("it", "service", 1, needs, self._start, self._health, 1, stop_timeout_s=0.05, start_timeout_s=0.2),
            self._note,
        )

    async def _start(self) -> FakeProcess:
        if self.refusals:
            raise self.refusals.pop()
        self.processes.append(FakeProcess(100 + len(self.processes), self._deaf_to))
        return self.processes[-1]

    async def _health(self) -> Health:
        return self.health

    def _note(self, part: Part) -> None:
        self.said.append(part.status)
        self._changed.set()

    async def until(self, look: Callable[[PartStatus], bool]) -> PartStatus:
        async with asyncio.timeout(5):
            while not look(self.part.status):
                self._changed.clear()
                await self._changed.wait()
        return self.part.status

    async def until_state(self, state: State) -> PartStatus:
        return await self.until(lambda status: status.state is state)


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_module, "ASK_WHILE_STARTING_S", 0.005)
    monkeypatch.setattr(part_module, "ASK_WHEN_READY_S", 0.005)
    monkeypatch.setattr(part_module, "BACKOFF_FIRST_S", 0.001)
    monkeypatch.setattr(part_module, "SILENCE_LIMIT_S", 0.1)


@asynccontextmanager
async def running(bench: Bench, others: dict[str, Part] | None = None) -> AsyncIterator[None]:
    """Run the bench's part; stop it at the end."""
    task: asyncio.Task[None] = asyncio.create_task(bench.part.run(others or {}))
    try:
        yield
    finally:
        await bench.part.stop()
        await task


async def test_it_starts_becomes_ready_and_stops() -> None:
    bench = Bench()
    async with running(bench):
        status = await bench.until_state(State.READY)
        assert (status.pid, status.restarts) == (100, 0)
    assert bench.processes[0].got == [signal.SIGTERM]
    assert bench.part.status == PartStatus(name="it", kind="service", port=1, state=State.STOPPED)


async def test_it_waits_for_what_it_needs() -> None:
    needed, bench = Bench(), Bench(needs=("needed",))
    async with running(bench, {"needed": needed.part}):
        await bench.until(lambda status: status.detail == "waits for needed")
        assert not bench.processes
        async with running(needed):
            await bench.until_state(State.READY)


async def test_it_can_be_stopped_while_it_waits() -> None:
    bench = Bench(needs=("needed",))
    async with running(bench, {"needed": Bench().part}):
        await bench.until(lambda status: bool(status.detail))
    assert not bench.processes


async def test_a_crash_is_named_and_it_starts_again() -> None:
    bench = Bench()
    async with running(bench):
        await bench.until_state(State.READY)
        bench.processes[0].ended.set_result(3)
        status = await bench.until_state(State.RESTARTING)
        assert status.detail.startswith("exited with 3; starts again in ")
        assert "`consilium logs it`" in status.detail
        assert status.pid is None
        status = await bench.until_state(State.READY)
        assert (status.pid, status.restarts) == (101, 1)


async def test_five_crashes_in_a_row_are_a_failure_that_can_still_heal() -> None:
    bench = Bench()
    bench.health = Health.SILENT
    async with running(bench):
        for number in range(5):
            await bench.until(lambda status, pid=100 + number: status.pid == pid)  # type: ignore[misc]
            bench.processes[number].ended.set_result(1)
        failed = await bench.until_state(State.FAILED)
        assert failed.restarts == 5
        assert failed.detail.startswith("keeps failing (exited with 1); still tried every ")
        bench.health = Health.READY
        await bench.until_state(State.READY)


def test_the_back_off_doubles_to_a_limit_and_starts_anew_after_a_steady_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_module, "BACKOFF_FIRST_S", 0.5)
    part = Bench().part
    assert [part._back_off(1.0) for _ in range(7)] == [0.5, 1, 2, 4, 8, 15, 15]
    assert part._back_off(31.0) == 0.5


async def test_what_cannot_be_started_is_tried_again() -> None:
    bench = Bench()
    bench.refusals = [OSError("no such program")]
    async with running(bench):
        assert "cannot be started: no such program" in (await bench.until_state(State.RESTARTING)).detail
        await bench.until_state(State.READY)


async def test_one_that_never_gets_ready_is_killed_in_time() -> None:
    bench = Bench()
    bench.health = Health.SILENT
    async with running(bench):
        await bench.until(lambda status: "has not answered for 0.2 s" in status.detail)
        await bench.until_state(State.RESTARTING)
        assert bench.processes[0].got == [signal.SIGKILL]


async def test_one_that_hangs_is_killed() -> None:
    bench = Bench()
    async with running(bench):
        await bench.until_state(State.READY)
        bench.health = Health.SILENT
        await bench.until_state(State.RESTARTING)
        assert bench.processes[0].got == [signal.SIGKILL]


async def test_one_that_says_it_is_not_ready_is_left_alone() -> None:
    bench = Bench()
    async with running(bench):
        await bench.until_state(State.READY)
        bench.health = Health.NOT_READY
        status = await bench.until_state(State.STARTING)
        assert (status.detail, status.pid) == ("says that it is not ready", 100)
        assert not bench.part.is_ready.is_set()
        bench.health = Health.READY
        await bench.until_state(State.READY)
        assert bench.processes[0].got == []


async def test_one_that_does_not_hear_its_stop_signal_is_killed() -> None:
    bench = Bench(deaf_to=(signal.SIGTERM,))
    async with running(bench):
        await bench.until_state(State.READY)
    assert bench.processes[0].got == [signal.SIGTERM, signal.SIGKILL]


async def test_nothing_survives_when_the_supervisor_itself_fails() -> None:
    bench = Bench(deaf_to=(signal.SIGTERM,))
    task = asyncio.create_task(bench.part.run({}))
    await bench.until_state(State.READY)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert bench.processes[0].got == [signal.SIGKILL]


async def test_an_error_in_a_probe_is_heard() -> None:
    bench = Bench()

    async def broken() -> Health:
        raise ValueError("a defect")

    bench.part.plan = Plan("it", "service", 1, (), bench._start, broken, 1)
    with pytest.raises(ValueError, match="a defect"):
        await bench.part.run({})
    assert bench.processes[0].got == [signal.SIGKILL]
