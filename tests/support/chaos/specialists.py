"""Specialists whose question says how they behave: everything around them is real, only the thinking is not.

`(chaos_one waits 2.5)`, `(chaos_two raises)`, `(chaos_one dies)`, `(chaos_one says 40x2)` for 40 events of 2 KB.
Without such words they answer after CHAOS_ANSWER_S seconds.
"""

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial

from consilium_cli.bench import instant
from consilium_common.contracts.case import CaseView
from consilium_common.contracts.manifest import Limits, Manifest, Scope
from consilium_common.contracts.opinion import Opinion
from consilium_common.knowledge import load_shared
from consilium_common.service import Running, run
from consilium_common.specialist import Specialist
from consilium_common.specialist.runtime import serve_tasks
from consilium_common.specialist.settings import SpecialistSettings
from consilium_common.specialist.tasks import WORTH_TELLING_S, Progress

WISH = re.compile(r"\((\w+) (waits|raises|dies|says) ?([\d.x]*)\)")


@dataclass(frozen=True)
class Habit:
    """How one specialist is: its name, how long it thinks, what its manifest allows."""

    name: str
    answer_s: float
    deadline_s: float
    concurrency: int

    @classmethod
    def from_environment(cls) -> "Habit":
        had = os.environ
        return cls(
            name=had["CHAOS_NAME"],
            answer_s=float(had.get("CHAOS_ANSWER_S", "0")),
            deadline_s=float(had.get("CHAOS_DEADLINE_S", "120")),
            concurrency=int(had.get("CHAOS_CONCURRENCY", "512")),
        )

    def specialist(self) -> Specialist:
        manifest = Manifest(
            name=self.name,
            version="0.1.0",
            title="Chaos",
            scope=Scope(),
            limits=Limits(deadline_s=self.deadline_s, concurrency=self.concurrency),
            vectors=False,
        )
        return replace(instant.specialist(self.name), manifest=manifest)

    async def answer(self, view: CaseView, vector: bytes | None, progress: Progress) -> Opinion:
        """Do what the question says of this specialist."""
        wishes = {verb: number for name, verb, number in WISH.findall(view.question) if name == self.name}
        if "dies" in wishes:
            os.kill(os.getpid(), signal.SIGKILL)
        if "raises" in wishes:
            raise RuntimeError("told to fail")
        if "says" in wishes:
            await self._talk(*map(int, wishes["says"].split("x")), progress)
        await asyncio.sleep(float(wishes.get("waits") or self.answer_s))  # what thinking costs
        return await instant.answer(view, vector, progress)

    async def _talk(self, pieces: int, kilobytes: int, progress: Progress) -> None:
        await asyncio.sleep(1.1 * WORTH_TELLING_S)  # sooner, nobody is told
        for number in range(pieces):
            await progress(f"piece {number}", os.urandom(kilobytes * 512).hex())


@asynccontextmanager
async def build(habit: Habit, settings: SpecialistSettings) -> AsyncIterator[Running]:
    """Take tasks, as any specialist does."""
    async with serve_tasks(habit.specialist(), load_shared(), settings, habit.answer) as running:
        yield running


def main() -> None:
    """Run the one that the environment names until SIGTERM."""
    habit = Habit.from_environment()
    run(habit.name, SpecialistSettings, partial(build, habit))
