"""A service is killed at its n-th publication, before and after it has left, for every n: each consult still ends, once."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from support.chaos.asker import Told
from support.chaos.load import question
from support.chaos.report import say
from support.chaos.stack import SPECIALISTS, LightStack

pytestmark = pytest.mark.timeout(600)
MOST_STEPS = 40


@dataclass
class Strike:
    """Kills a service at one step of a consult that it has not met before. `known` are consults of earlier strikes."""

    stack: LightStack
    victim: str
    known: set[str] = field(default_factory=set)
    step: int = 0
    count: int = 0
    struck: bool = False

    async def __call__(self, subject: str) -> None:
        consult = next((word for word in subject.split(".") if word.startswith("c_")), None)
        if self.struck or consult is None or consult in self.known:
            return
        self.count += 1
        if self.count == self.step:
            self.struck = True
            await self.stack.services[self.victim].kill()
            raise ConnectionResetError("killed here, so that nothing that follows gets through")

    async def at(self, step: int, arm: Callable[["Strike"], None]) -> "asyncio.Task[Told]":
        """Ask one consult that meets the strike at this step; returns when the service is there again."""
        self.step, self.count, self.struck = step, 0, False
        arm(self)
        asker = self.stack.asker(step)
        told = Told(question(step))
        await asker.submit(told, SPECIALISTS)
        following = asyncio.create_task(_followed(asker.follow(told), told))
        while not self.struck and not following.done():
            await asyncio.wait([following], timeout=0.05)
        self.known.add(told.consult)
        await self.stack.services[self.victim].ready()
        return following


async def _followed(following, told: Told) -> Told:
    await following
    return told


# What each publishes for one consult with one specialist, at least: fewer kills would mean that steps were left out.
@pytest.mark.parametrize(("victim", "steps"), [("orchestrator", 6), ("aggregator", 4)])
async def test_killed_at_every_step_each_consult_ends_once(stack, form, seed, victim, steps):
    if victim != "orchestrator" and not form.whole:
        pytest.skip("in the whole form: an aggregator has many steps")
    # A service takes seconds to be there again, so the short form strikes before one publication and after the next.
    moments = form([("before", "after")], [("before",), ("after",)])
    mark, bus = await stack.checker.mark(), stack.buses[victim]
    strike, consults, kills = Strike(stack, victim), [], 0
    for moment in moments:
        for step in range(1, MOST_STEPS):
            hook = moment[step % len(moment)]
            consults.append(await strike.at(step, lambda each, hook=hook: setattr(bus, hook, each)))
            setattr(bus, hook, None)
            kills += strike.struck
            if not strike.struck:
                break
        assert not strike.struck, f"never passed unharmed in {MOST_STEPS} steps"
    told = await asyncio.gather(*consults)
    tally = await stack.checker.tally(told, mark)
    records = await stack.checker.recorded(told)
    load = f"{kills} kills, {form('before or after', 'before and after')} each of {kills // len(moments)} publications"
    say(f"{victim} killed at every step", load, f"{tally}, {records} records", f"slowest {tally.slowest_s:.1f} s", seed)
    assert kills >= steps * len(moments)
    assert tally.good, tally
    assert records == len(told)
