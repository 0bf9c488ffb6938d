"""A server is away for a while, killed or silently stalled: nothing accepted is lost, and all is well soon after it is back."""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest

from support.chaos.asker import Told
from support.chaos.checker import ends
from support.chaos.load import ask_many, question, thinking
from support.chaos.report import say
from support.chaos.stack import SPECIALISTS, LightStack

pytestmark = pytest.mark.timeout(600)
BACK_S = 30.0
Fault = Callable[[LightStack, str], Awaitable[None]]


async def kill(stack: LightStack, name: str) -> None:
    await asyncio.to_thread(stack.servers[name].kill)


async def start(stack: LightStack, name: str) -> None:
    await asyncio.to_thread(stack.servers[name].start)


async def freeze(stack: LightStack, name: str) -> None:
    os.kill(stack.servers[name].process.pid, signal.SIGSTOP)


async def thaw(stack: LightStack, name: str) -> None:
    os.kill(stack.servers[name].process.pid, signal.SIGCONT)


WAYS: dict[str, tuple[Fault, Fault]] = {"killed": (kill, start), "stalled": (freeze, thaw)}


async def back(stack: LightStack, seed: int) -> float:
    """Return after how many seconds a fresh question has its whole answer."""
    began, asker, n = time.monotonic(), stack.asker(seed), 0
    async with asyncio.timeout(2 * BACK_S):
        while True:
            n += 1
            told = await asker.ask(question(n), SPECIALISTS, limit_s=BACK_S)
            if told.final is not None and told.final.type == "consult.completed":
                return time.monotonic() - began


def refused(told: list[Told]) -> Counter[int]:
    """Return how often which status refused; 0 is a connection that broke."""
    return sum((each.statuses for each in told), Counter()) - Counter({202: len(told)})


def unsaid(told: list[Told]) -> list[Told]:
    """Return the consults that lack somebody's view and do not say so."""
    without = [each for each in told if each.final and each.final.type != "consult.completed"]
    return [each for each in without if not (each.final.data["coverage"] or each.final.data["problem"])]


@pytest.mark.parametrize("way", list(WAYS))
@pytest.mark.parametrize("server", ["nats", "mongo", "redis"])
async def test_a_server_that_was_away_costs_no_consult(stack, form, seed, server, way):
    mark, count, away_s = await stack.checker.mark(), form(30, 200), form(3.0, 60.0)
    leave, come = WAYS[way]
    before = ask_many(stack.asker(seed), count, *thinking(1.0))
    await asyncio.sleep(0.5)  # they are in flight when it goes
    await leave(stack, server)
    try:
        during = ask_many(stack.asker(seed + 1), count, *thinking(0.2))
        await asyncio.sleep(away_s)  # the fault itself lasts so long
    finally:
        await come(stack, server)
    back_s = await back(stack, seed + 2)
    told = await asyncio.gather(*before, *during)
    tally = await stack.checker.tally(told, mark)
    records = await stack.checker.recorded(told)
    refusals = refused(told)
    measured = f"back after {back_s:.1f} s, slowest {tally.slowest_s:.1f} s, {ends(told)}; refused {_words(refusals) or 'none'}"
    say(f"{server} {way} for {away_s:.0f} s", f"{2 * count} in flight", f"{tally}, {records} records", measured, seed)
    assert tally.good, tally
    assert records == 2 * count
    assert not unsaid(told)
    assert back_s < BACK_S
    assert not {status for status in refusals if status >= 500} - {503}, "what is away for a moment is said as 503"
    if server == "redis":
        assert {each.final.type for each in told} == {"consult.completed"}, "losing Redis loses nothing"
        assert not refusals


def _words(counts: Counter) -> str:
    return ", ".join(f"{number} {what}" for what, number in sorted(counts.items(), key=str))
