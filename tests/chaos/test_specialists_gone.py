"""A specialist that is stopped or dead: the answer comes in time, names it, and stands when the late opinion arrives."""

import asyncio
import os
import signal
import time

import pytest
import pytest_asyncio

from support.chaos.load import question
from support.chaos.report import say
from support.chaos.stack import LightStack
from support.waiting import eventually, until

pytestmark = pytest.mark.timeout(120)
ACK_WAIT_S = 3.0
DEADLINE_S = 4.0
BRISK = ("chaos_brisk", "chaos_quick")


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def brisk_stack(shared_stack: LightStack):
    """Two more specialists, whose manifests allow them little time."""
    for name in BRISK:
        service = await shared_stack.add(name, CHAOS_DEADLINE_S=str(DEADLINE_S))
        await service.start()
    await shared_stack.until_known(BRISK)
    yield shared_stack
    for name in BRISK:
        await shared_stack.services.pop(name).stop()


def coverage(told) -> dict[str, str]:
    return {entry["agent"]: entry["status"] for entry in told.final.data["coverage"]}


async def test_the_late_opinion_of_a_stopped_specialist_is_marked_and_the_answer_stands(brisk_stack, stack, seed):
    mark, victim = await stack.checker.mark(), stack.services["chaos_brisk"]
    stopped: list[float] = []

    def stop_when_it_has_an_opinion(subject: str) -> None:
        # Its first event says that it has begun; with the second it has thought, and its opinion is about to follow.
        told_before.append(subject)
        if len([each for each in told_before if ".step." in each]) == 2 and not stopped:
            os.kill(victim.pid, signal.SIGSTOP)
            stopped.append(time.monotonic())

    told_before: list[str] = []
    stack.buses["chaos_brisk"].before = stop_when_it_has_an_opinion
    try:
        told = await stack.asker(seed).ask(question(1), BRISK)
        answer = told.final.data["answer"]
        assert coverage(told) == {"chaos_brisk": "timed_out", "chaos_quick": "answered"}
        await asyncio.sleep(3 * ACK_WAIT_S - (time.monotonic() - stopped[0]))  # the fault itself lasts so long
    finally:
        os.kill(victim.pid, signal.SIGCONT)

    async def marked() -> bool:
        return bool((await stack.checker.stored(mark)).late[told.consult])

    await eventually(marked, 20)
    stored = await stack.checker.stored(mark)
    again = await stack.asker(seed + 1).read_again(told)
    outcome = f"{stored.finals[told.consult]} final, {stored.late[told.consult]} agent.late, answer unchanged"
    say(f"specialist stopped for {3 * ACK_WAIT_S:.0f} s", "1 consult", outcome, f"final after {told.ended_s:.1f} s", seed)
    assert stored.finals[told.consult] == 1
    assert again.final.data["answer"]["content_sha256"] == answer["content_sha256"]
    assert told.ended_s < DEADLINE_S + 1


async def test_a_dead_specialist_is_named_within_the_deadline_and_a_second(brisk_stack, stack, seed):
    mark, victim = await stack.checker.mark(), stack.services["chaos_brisk"]
    victim.kept = False
    await victim.kill()
    told = await stack.asker(seed).ask(question(2), BRISK)
    tally = await stack.checker.tally([told], mark)
    named = any("chaos_brisk" in words for words in told.final.data["answer"]["disclaimers"])
    measured = f"final after {told.ended_s:.2f} s, deadline {DEADLINE_S:.0f} s"
    say("one specialist dead", "1 consult", f"{told.final.type}, named {named}, {tally}", measured, seed)
    await until(lambda: not victim.kept)
    assert named
    assert tally.good
    assert coverage(told)["chaos_brisk"] in {"timed_out", "unavailable"}
    assert told.ended_s < DEADLINE_S + 1
