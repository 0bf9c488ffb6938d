"""Every service is restarted by SIGTERM, one after another, under load: each goes in time with 0, and no consult notices."""

import asyncio
import time

import pytest

from support.chaos.checker import ends
from support.chaos.load import ask_many, thinking
from support.chaos.report import say

pytestmark = pytest.mark.timeout(400)
BOUND_S = 15.0  # ten seconds to drain, and time to close what is open


async def test_a_rolling_restart_under_load_exits_with_0_and_loses_nothing(stack, form, seed):
    mark, batch = await stack.checker.mark(), form(10, 60)
    asker, tasks, took = stack.asker(seed), [], {}
    for name, service in list(stack.services.items()):
        tasks += ask_many(asker, batch, *thinking(0.5))
        await asyncio.sleep(0.2)  # so that some are in flight when it goes
        began = time.monotonic()
        assert await service.stop(2 * BOUND_S) == 0, service.said()
        took[name] = time.monotonic() - began
        await service.start()
    told = await asyncio.gather(*tasks)
    tally = await stack.checker.tally(told, mark)
    records = await stack.checker.recorded(told)
    slowest = max(took, key=lambda name: took[name])
    measured = f"each exited 0, slowest {slowest} {took[slowest]:.1f} s; slowest consult {tally.slowest_s:.1f} s; {ends(told)}"
    say(
        "rolling restart by SIGTERM",
        f"{len(took)} processes, {len(told)} consults",
        f"{tally}, {records} records",
        measured,
        seed,
    )
    assert tally.good, tally
    assert records == len(told)
    assert took[slowest] < BOUND_S
