"""A service is killed at a random moment while consults are in flight: each of them still ends, once."""

import asyncio
import random

import pytest

from support.chaos.load import ask_many, thinking
from support.chaos.report import say

pytestmark = pytest.mark.timeout(400)
THINKS_S = 2.0  # long enough that all are in flight together


@pytest.mark.parametrize("victim", ["gateway", "orchestrator", "aggregator", "chaos_one"])
async def test_a_kill_at_a_random_moment_loses_no_consult_and_ends_none_twice(stack, form, seed, victim):
    mark, count = await stack.checker.mark(), form(60, 500)
    tasks = ask_many(stack.asker(seed), count, *thinking(THINKS_S))
    await asyncio.sleep(random.Random(seed).uniform(0.2, form(2.0, 5.0)))  # the random moment
    await stack.services[victim].kill()
    told = await asyncio.gather(*tasks)
    tally = await stack.checker.tally(told, mark)
    records = await stack.checker.recorded(told)
    say(f"SIGKILL {victim}", f"{count} in flight", f"{tally}, {records} records", f"slowest {tally.slowest_s:.1f} s", seed)
    assert tally.good, tally
    assert records == count
