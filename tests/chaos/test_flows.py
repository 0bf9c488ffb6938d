"""What people do most, over a good network and over a flaky one, and the same must hold on both."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any

import pytest
import pytest_asyncio

from consilium_orchestrator.planning import MERGE_MARGIN_S
from support.chaos.asker import LOST, Asker, Told
from support.chaos.http import request
from support.chaos.load import question
from support.chaos.natsproxy import BusFaults, Seen
from support.chaos.proxy import Proxy
from support.chaos.report import say
from support.chaos.stack import SPECIALISTS, LightStack
from support.client import assert_whole, types

pytestmark = pytest.mark.timeout(180)
CHEST_PAIN = "I am 58. Crushing chest pain for 20 minutes, my left arm is heavy, I am sweating"
SHARE = 0.05  # of deliveries and acks that something happens to
FLAKY = BusFaults(twice=SHARE, reordered=SHARE, delay_s=0.1, lost_acks=SHARE, cut=SHARE / 20)
FAILS = "chaos_one raises"


@dataclass(frozen=True)
class Net:
    """How clients reach the gateways: `ports` in their order."""

    mode: str
    stack: LightStack
    ports: Sequence[int]
    seed: int
    times: int
    before: Seen

    @property
    def deadline_s(self) -> float:
        """How long a consult may take."""
        return float(self.stack.settings["CONSILIUM_CONSULT_DEADLINE_S"])

    def asker(self, number: int = 0) -> Asker:
        return replace(self.stack.asker(1000 * self.seed + number), ports=lambda: self.ports)

    async def each(self, do: Any) -> list[Told]:
        """Do it so many times at once, so that a few faults hit; returns what was told."""
        return list(await asyncio.gather(*(do(self.asker(number), number) for number in range(self.times))))


@pytest_asyncio.fixture(loop_scope="session", params=["good", "flaky"])
async def net(request: pytest.FixtureRequest, stack: LightStack, form, seed: int) -> AsyncIterator[Net]:
    """The stack as it is, or with a fault in every twentieth thing, and HTTP that is cut now and then."""
    mark = await stack.checker.mark()
    async with AsyncExitStack() as opened:
        ports = list(stack.gateways())
        if request.param == "flaky":
            for bus in stack.buses.values():
                bus.random.seed(seed)
                bus.faults = FLAKY
            proxies = [await opened.enter_async_context(Proxy(port)) for port in ports]
            for number, proxy in enumerate(proxies):
                proxy.cut_share, proxy.random = SHARE, random.Random(seed + number)
            ports = [proxy.port for proxy in proxies]
        yield Net(request.param, stack, ports, seed, form(8, 40), stack.seen())
    stored = await stack.checker.stored(mark)
    assert set(stored.finals.values()) == {1}, "one final each, whatever the flow"


def tell(net: Net, flow: str, told: list[Told]) -> None:
    """Hold what holds for every flow, and say that it did."""
    for each in told:
        assert_whole(each.events)
    connections, slowest_s = sum(each.connections for each in told), max(each.ended_s for each in told)
    faults = {kind: number for kind, number in vars(net.stack.seen() - net.before).items() if number and kind != "delivered"}
    hit = ", ".join(f"{number} {kind.replace('_', ' ')}" for kind, number in faults.items()) or "no faults"
    load, outcome = f"{len(told)} consults, {hit}", f"all whole, in {connections} streams"
    say(f"{net.mode}: {flow}", load, outcome, f"slowest {slowest_s:.1f} s", net.seed)


def coverage(told: Told) -> dict[str, str]:
    return {entry["agent"]: entry["status"] for entry in told.final.data["coverage"]}


def assert_covered(net: Net, told: Told, expected: dict[str, str]) -> None:
    """Hold that each specialist is covered as expected. Over a flaky net faults in a row can take all of a consult's time:
    then, and not before its deadline, one may instead be named as timed out, and the consult is not called complete."""
    out_of_time = net.mode == "flaky" and told.ended_s >= net.deadline_s - MERGE_MARGIN_S
    covered = coverage(told)
    for agent, status in expected.items():
        assert covered.pop(agent) in ({status, "timed_out"} if out_of_time else {status}), agent
    assert not covered
    whole = set(coverage(told).values()) == {"answered"}
    assert told.final.type == ("consult.completed" if whole else "consult.incomplete")


async def test_a_red_flag_comes_first_and_every_sentence_is_cited(net):
    told = await net.each(lambda asker, _: asker.ask(CHEST_PAIN, SPECIALISTS))
    tell(net, "a red flag, then a cited answer", told)
    for each in told:
        assert types(each.events)[1] == "triage.assessed"
        assert each.events[1].data["triage"]["level"] == "emergency"
        answer = each.final.data["answer"]
        assert answer["triage"]["level"] == "emergency"
        cited = {citation["id"] for citation in answer["citations"]}
        assert cited
        assert all(set(sentence["evidence_ids"]) <= cited and sentence["evidence_ids"] for sentence in answer["summary"])


async def test_two_specialists_are_asked_and_both_are_covered(net):
    told = await net.each(lambda asker, number: asker.ask(question(number), SPECIALISTS))
    tell(net, "two specialists", told)
    for each in told:
        assert_covered(net, each, dict.fromkeys(SPECIALISTS, "answered"))
        completed = {event.body["agent"] for event in each.events if event.type == "agent.completed"}
        assert completed >= {agent for agent, status in coverage(each).items() if status == "answered"}


async def test_a_stream_goes_on_at_the_other_gateway(net):
    async def read_in_turns(asker: Asker, number: int) -> Told:
        turns = iter(range(10_000))
        asker.ports = lambda: [net.ports[next(turns) % 2]]
        asker.cut_after = lambda: asker.random.randint(1, 6000)  # bytes; the largest event has about 4000
        return await asker.ask(question(number), SPECIALISTS)

    told = await net.each(read_in_turns)
    tell(net, "resumed at the other gateway", told)
    assert all(each.connections > 2 for each in told)


async def test_a_question_that_is_taken_back_ends_as_cancelled(net):
    async def take_back(asker: Asker, number: int) -> Told:
        told = Told(question(number, "chaos_one waits 8", "chaos_two waits 8"))
        await asker.submit(told, SPECIALISTS)
        following = asyncio.create_task(asker.follow(told))
        assert await persist(asker, "DELETE", f"/v1/consults/{told.consult}") in {200, 409}
        await following
        return told

    told = await net.each(take_back)
    tell(net, "cancelled", told)
    for each in told:
        assert each.final.type == "consult.cancelled"
        assert each.ended_s < 8
        assert "agent.completed" not in types(each.events)


async def test_the_same_key_is_the_same_consult_at_every_gateway(net):
    async def ask_twice(asker: Asker, number: int) -> Told:
        told = await asker.ask(question(number), SPECIALISTS)
        again = Told(told.question, told.key)
        await asker.submit(again, SPECIALISTS)
        assert again.consult == told.consult
        body, headers = {"message": "Something else."}, {"Idempotency-Key": told.key}
        assert await persist(asker, "POST", "/v1/consults", body=body, headers=headers) == 409
        return told

    tell(net, "asked again with the same key", await net.each(ask_twice))


async def test_a_specialist_that_fails_is_named_and_the_others_answer(net):
    told = await net.each(lambda asker, number: asker.ask(question(number, FAILS), SPECIALISTS))
    tell(net, "a specialist fails", told)
    for each in told:
        assert_covered(net, each, {"chaos_one": "failed", "chaos_two": "answered"})
        assert any("chaos_one" in words for words in each.final.data["answer"]["disclaimers"])


async def persist(asker: Asker, method: str, path: str, *, headers: dict[str, str] | None = None, body: object = None) -> int:
    """Call until a gateway answers with something else than 503; returns the status."""
    async with asyncio.timeout(30):
        while True:
            try:
                sent = {**asker.auth(), **(headers or {})}
                async with request(asker.random.choice(asker.ports()), method, path, headers=sent, body=body) as answer:
                    if answer.status != 503:
                        return answer.status
            except LOST:
                continue
