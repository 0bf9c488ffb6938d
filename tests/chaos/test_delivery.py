"""Every message is delivered twice and out of order: nothing ends twice, nothing is recorded twice."""

import asyncio

import pytest

from support.chaos.load import ask_many, thinking
from support.chaos.natsproxy import BusFaults
from support.chaos.report import say
from support.chaos.stack import SPECIALISTS

pytestmark = pytest.mark.timeout(400)
# Consumers that share work. A reader in order gets each message once and in order from its server whatever happens to the
# connection, so for those only repetition is tried, and seldom.
DURABLES = frozenset({"orchestrator", "aggregator", "recorder", *SPECIALISTS})


async def test_everything_delivered_twice_and_out_of_order_has_its_effects_once(stack, form, seed):
    mark, count = await stack.checker.mark(), form(60, 500)
    before = stack.seen()
    for bus in stack.buses.values():
        bus.random.seed(seed)
        bus.faults = BusFaults(twice=1.0, reordered=0.5, delay_s=0.1, durables=DURABLES)
    told = await asyncio.gather(*ask_many(stack.asker(seed), count, *thinking(0.2)))
    tally = await stack.checker.tally(told, mark)
    records = await stack.checker.recorded(told)
    seen = stack.seen() - before
    load = f"{count} consults, {seen.twice} deliveries repeated, {seen.reordered} overtaken"
    say("delivered twice and out of order", load, f"{tally}, {records} records", f"slowest {tally.slowest_s:.1f} s", seed)
    assert seen.twice >= 4 * count
    assert tally.good, tally
    assert records == count
    assert all(event.type == "consult.completed" for each in told if (event := each.final))
