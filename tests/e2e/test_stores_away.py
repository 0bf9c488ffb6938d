"""A store of the specialists is away, killed or silently stalled: the answer comes from the rest and says so, for so long."""

import asyncio
import os
import signal
import time

import pytest

from support.chaos.report import say
from support.client import Event, assert_whole
from support.realstack import RealStack
from support.waiting import until

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(400)]
QUESTION = "I have had a sore throat and a cough for two days"
BACK_S = 30.0
SAID = "Not everything could be looked up"
IN_SHORT = {("graph", "killed"), ("milvus", "stalled")}


async def ask(stack: RealStack, number: int) -> list[Event]:
    """Ask a question that nobody has asked before, since known ones need no store."""
    async with stack.client() as client:
        consult = (await client.ask(f"{QUESTION}. It is question {number} at {time.time_ns()}."))["consult_id"]
        events = await client.events(consult)
    assert_whole(events)
    return events


def skipped(events: list[Event]) -> set[str]:
    """Return the stores that some specialist could not ask."""
    opinions = [event.data["opinion"] for event in events if event.type == "agent.completed"]
    return {store for opinion in opinions for store in opinion["degraded"]}


def says_so(events: list[Event]) -> bool:
    return any(words.startswith(SAID) for words in events[-1].data["answer"]["disclaimers"])


async def started_again(stack: RealStack, server: str, pid: int) -> float:
    """Wait until the supervisor has started a server again; returns how long that took, which is the server's own time."""
    began = time.monotonic()
    await until(lambda: (part := stack.parts()[server])["state"] == "ready" and part["pid"] != pid, 120)
    return time.monotonic() - began


@pytest.mark.parametrize("way", ["killed", "stalled"])
@pytest.mark.parametrize(("server", "store"), [("graph", "graph"), ("milvus", "vectors")])
async def test_an_answer_without_a_store_says_so_and_the_store_is_used_again(stack, form, pytestconfig, server, store, way):
    if not form.whole and (server, way) not in IN_SHORT:
        pytest.skip("in the whole form")
    away_s, consults = form(3.0, 60.0), []
    pid = stack.parts()[server]["pid"]
    os.kill(stack.supervisor, signal.SIGSTOP)  # or it would be there again before anybody misses it
    try:
        stack.signal(server, signal.SIGKILL if way == "killed" else signal.SIGSTOP)
        began = time.monotonic()
        while time.monotonic() - began < away_s:
            consults += await asyncio.gather(*(ask(stack, n) for n in range(4)))
    finally:
        if way == "stalled":
            stack.signal(server, signal.SIGCONT)
        os.kill(stack.supervisor, signal.SIGCONT)
    started_s = await started_again(stack, server, pid) if way == "killed" else 0.0
    back_at, back_s = time.monotonic(), 0.0
    async with asyncio.timeout(3 * BACK_S):
        while skipped(await ask(stack, 0)):
            back_s = time.monotonic() - back_at
    without = [events for events in consults if store in skipped(events)]
    load, outcome = (
        f"{len(consults)} consults",
        f"{len(consults)} one final, {len(without)} without {store}, all of these say so",
    )
    say(
        f"{server} {way} for {away_s:.0f} s",
        load,
        outcome,
        f"back {back_s:.1f} s after it was, {started_s:.0f} s to start",
        pytestconfig.getoption("--seed"),
    )
    assert without
    assert all(says_so(events) for events in without)
    assert all(events[-1].type in {"consult.completed", "consult.incomplete"} for events in consults)
    assert back_s < BACK_S
