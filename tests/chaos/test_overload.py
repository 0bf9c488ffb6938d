"""Five times what can be answered: what is too much is refused at once with when to come back, what is accepted is answered."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from support.chaos.asker import Asker, Told
from support.chaos.checker import ends
from support.chaos.load import question
from support.chaos.report import say
from support.chaos.stack import LightStack

pytestmark = pytest.mark.timeout(300)
CAPACITY_PER_S = 20
OVER = 5
NARROW = "chaos_narrow"  # two at a time, a tenth of a second each: that is the capacity


@pytest_asyncio.fixture(loop_scope="session")
async def narrow(shared_stack: LightStack) -> AsyncIterator[LightStack]:
    """A specialist of little capacity, and a gateway that lets little in before it looks at what is in flight."""
    specialist = await shared_stack.add(NARROW, CHAOS_ANSWER_S="0.1", CHAOS_CONCURRENCY="2")
    gateway = await shared_stack.add("gateway-strict", CONSILIUM_IN_FLIGHT_ALWAYS="16")
    await asyncio.gather(specialist.start(), gateway.start())
    await shared_stack.until_known([NARROW])
    yield shared_stack
    for name in (NARROW, "gateway-strict"):
        await shared_stack.services.pop(name).stop()


async def ask_once(asker: Asker, number: int) -> Told:
    """Ask as an impatient client does: once. What is accepted is read to its end."""
    told = Told(question(number))
    if await asker.submit_once(told, {"message": told.question, "specialists": [NARROW]}):
        async with asyncio.timeout(120):
            await asker.follow(told)
    return told


async def test_five_times_overload_is_refused_early_and_what_is_accepted_is_answered(narrow, stack, form, seed):
    mark, lasts_s = await stack.checker.mark(), form(4, 20)
    asker = replace(stack.asker(seed), ports=lambda: [stack.services["gateway-strict"].port])
    per_s = OVER * CAPACITY_PER_S
    asking = []
    for number in range(per_s * lasts_s):
        asking.append(asyncio.create_task(ask_once(asker, number)))
        await asyncio.sleep(1 / per_s)  # the load itself: so many a second, whatever becomes of them
    told = await asyncio.gather(*asking)
    accepted = [each for each in told if each.consult]
    statuses = sum((each.statuses for each in told), Counter())
    waits = [int(wait) for each in told for wait in each.retry_after if wait]
    tally = await stack.checker.tally(accepted, mark)
    load = f"{len(told)} questions at {per_s}/s, {CAPACITY_PER_S}/s can be answered"
    refused = f"{statuses[429]} times 429, Retry-After {min(waits, default=0)} to {max(waits, default=0)} s"
    measured = f"{ends(accepted)}, slowest {tally.slowest_s:.1f} s; {refused}"
    say("five times overload", load, f"{len(accepted)} accepted: {tally}", measured, seed)
    assert set(statuses) == {202, 429}, statuses
    assert len(waits) == statuses[429], "each refusal says when to come back"
    assert tally.good, tally
    assert {each.final.type for each in accepted} == {"consult.completed"}
