"""Streams of events: no gap, no repeat and one final, wherever they are cut and wherever they go on."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing

import pytest
import pytest_asyncio

from consilium_common.bus import publish
from consilium_common.contracts import subjects
from consilium_common.contracts.case import CaseView
from consilium_common.contracts.envelope import wrap
from consilium_common.contracts.events import AgentLate, AgentProgress
from consilium_common.contracts.opinion import Opinion
from consilium_common.specialist import tasks
from consilium_common.specialist.tasks import Progress
from consilium_gateway import hub as hub_module
from consilium_gateway import sse
from support.client import Event, assert_whole, types
from support.consilium import Consilium, Gateway, instantly
from support.waiting import eventually, until

STEPS = 12


class Talker:
    """A specialist that says many things, each when it is told to go on."""

    def __init__(self, free: bool) -> None:
        self.go = asyncio.Semaphore(10_000 if free else 0)

    async def assess(self, view: CaseView, vector: bytes | None, progress: Progress) -> Opinion:
        for n in range(STEPS):
            await self.go.acquire()
            await progress(f"step-{n}", "x" * n)
        await self.go.acquire()
        return await instantly(view, vector, progress)


@pytest.fixture(autouse=True)
def _everything_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "WORTH_TELLING_S", 0.0)


@pytest.fixture
def talker() -> Talker:
    return Talker(free=True)


@pytest.fixture
def held() -> Iterator[Talker]:
    talker = Talker(free=False)
    yield talker
    for _ in range(100):
        talker.go.release()  # so that its service need not wait for it


@pytest_asyncio.fixture
async def pair(consilium: Consilium, tag: str, talker: Talker, held: Talker) -> tuple[Gateway, Gateway]:
    """Two gateways in front of one consilium; the first one is asked."""
    first = await consilium.usual(**{tag: talker.assess, f"{tag}_held": held.assess})
    return first, await consilium.gateway()


async def asked(gateway: Gateway, *specialists: str) -> str:
    return str((await gateway.client.ask(specialists=list(specialists)))["consult_id"])


async def archived(gateway: Gateway, consult: str) -> bool:
    return await gateway.routes.service.consults.archive(consult) is not None


async def forget(*gateways: Gateway) -> None:
    for gateway in gateways:
        gateway.hub._own.clear()


def same(events: list[Event], others: list[Event]) -> bool:
    return [(e.id, e.type, e.body) for e in events] == [(e.id, e.type, e.body) for e in others]


async def test_every_gateway_and_the_archive_show_the_same_events(pair, tag):
    here, there = pair
    consult = await asked(here, tag)
    live, foreign = await asyncio.gather(here.client.events(consult), there.client.events(consult))
    assert_whole(live)
    assert types(live).count("agent.progress") == STEPS
    assert same(live, foreign)
    assert same(live, await here.client.events(consult)), "from memory"
    await eventually(lambda: archived(here, consult))
    await forget(here)
    assert same(live, await here.client.events(consult)), "from the archive"


async def resumes_everywhere(gateways: tuple[Gateway, ...], consult: str, events: list[Event]) -> None:
    for gateway in gateways:
        for place, event in enumerate(events):
            rest = await gateway.client.events(consult, after=event.id)
            assert same(rest, events[place + 1 :]), (place, types(rest))


async def test_a_stream_goes_on_after_any_event_anywhere(pair, tag):
    here, _ = pair
    consult = await asked(here, tag)
    events = await here.client.events(consult)
    await resumes_everywhere(pair, consult, events)
    await eventually(lambda: archived(here, consult))
    await forget(here)
    await resumes_everywhere(pair, consult, events)


async def test_a_cursor_may_stand_in_the_address_and_nothing_new_is_204(pair, tag):
    here, _ = pair
    consult = await asked(here, tag)
    events = await here.client.events(consult)
    for gateway in pair:
        path = f"/v1/consults/{consult}/events"
        middle = await gateway.client.call("GET", path, params={"after": events[4].id})
        assert middle.status_code == 200
        assert f"id: {events[5].id}\n" in middle.text
        assert f"id: {events[4].id}\n" not in middle.text
        for answer in (
            await gateway.client.call("GET", path, params={"after": events[-1].id}),
            await gateway.client.call("GET", path, headers={"Last-Event-ID": events[-1].id}),
        ):
            assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("cursor", ["garbage", "0", "1-", "-1", "ffffffffffff-000000000000", "1-000000000000", "%F0%9F%92%A9"])
async def test_a_cursor_that_is_none_is_refused(pair, tag, cursor):
    here, _ = pair
    consult = await asked(here, tag)
    foreign = (await here.client.events(await asked(here, tag)))[2].id
    for wrong in (cursor, foreign):
        for answer in (
            await here.client.call("GET", f"/v1/consults/{consult}/events", headers={"Last-Event-ID": wrong}),
            await here.client.call("GET", f"/v1/consults/{consult}/events", params={"after": wrong}),
        ):
            assert answer.status_code == 400
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["code"] == "unknown-cursor"
    assert_whole(await here.client.events(consult))


async def test_a_silent_stream_shows_that_it_lives(pair, tag, held, monkeypatch):
    monkeypatch.setattr(sse, "KEEP_ALIVE_S", 0.05)
    here, _ = pair
    consult = await asked(here, f"{tag}_held")
    text = ""
    async with here.client.http.stream("GET", f"/v1/consults/{consult}/events", headers=here.client.auth) as response:
        async for chunk in response.aiter_text():
            text += chunk
            if text.count(": keep-alive\n\n") >= 3:
                break
    assert text.startswith("retry: 2000\n\n")


async def test_who_asks_for_what_cannot_be_read_back_now_is_told_to_come_again(pair, tag, held, monkeypatch):
    consult = await asked(pair[0], f"{tag}_held")
    monkeypatch.setattr(hub_module, "CATCH_UP_S", 0.0)  # as when the bus is away
    client = pair[1].client
    answer = await client.http.get(f"/v1/consults/{consult}/events", headers=client.auth)
    assert (answer.status_code, answer.json()["code"]) == (503, "not-read-yet")
    assert int(answer.headers["retry-after"]) >= 1


@pytest.mark.parametrize("seed", range(6))
async def test_a_stream_that_is_cut_anywhere_and_goes_on_anywhere_is_whole(pair, tag, held, seed):
    chance = random.Random(seed)
    consult = await asked(pair[0], f"{tag}_held")

    async def let_it_talk() -> None:
        for _ in range(STEPS + 1):
            await asyncio.sleep(chance.random() / 100)  # the specialist's own pace
            held.go.release()

    talking = asyncio.create_task(let_it_talk())
    seen: list[Event] = []
    while not (seen and seen[-1].is_final):
        many = chance.randint(1, 4)
        after = seen[-1].id if seen else None
        seen += await chance.choice(pair).client.events_until(consult, lambda new, many=many: len(new) >= many, after)
    await talking
    assert_whole(seen)
    assert types(seen).count("agent.progress") == STEPS


async def watchers(gateway: Gateway) -> int:
    hub = gateway.hub
    return sum(each.watchers for each in (*hub._own.values(), *(found for found, _, _ in hub._foreign.values())))


async def test_a_client_that_goes_frees_what_was_kept_for_it(pair, tag):
    consult = await asked(pair[0], f"{tag}_held")
    for gateway in pair:

        async def nobody(gateway: Gateway = gateway) -> bool:
            return await watchers(gateway) == 0

        async with aclosing(gateway.client.watch(consult)) as stream, aclosing(gateway.client.watch(consult)) as other:
            await anext(stream)
            await anext(other)
            assert await watchers(gateway) == 2
        await eventually(nobody, 5)
        assert not gateway.hub._foreign


async def test_nothing_after_the_final_is_ever_sent(pair, tag):
    here, _ = pair
    consult = await asked(here, tag)
    events = await here.client.events(consult)
    bus, gateway = here.routes.service.bus, here.routes.service.gateway
    cause = wrap(AgentLate(agent=tag), "test", correlation_id=consult)
    await publish.emit(bus, cause, gateway, AgentProgress(agent=tag, step="after the end"))
    await publish.publish(bus, subjects.late(gateway, consult), cause)
    for each in pair:
        assert same(await each.client.events(consult), events)
        answer = await each.client.call("GET", f"/v1/consults/{consult}/events", headers={"Last-Event-ID": events[-1].id})
        assert answer.status_code == 204
    await eventually(lambda: archived(here, consult))
    await forget(here)
    assert same(await here.client.events(consult), events)


async def test_what_comes_after_a_consult_has_left_memory_begins_no_new_log(pair, tag, monkeypatch):
    monkeypatch.setattr(hub_module, "LINGER_S", 0.0)
    here, _ = pair
    consult = await asked(here, tag)
    events = await here.client.events(consult)
    await until(lambda: here.hub.own(consult) is None)
    bus, gateway = here.routes.service.bus, here.routes.service.gateway
    late = wrap(AgentLate(agent=tag), "test", correlation_id=consult)
    await publish.publish(bus, subjects.late(gateway, consult), late)
    assert_whole(await here.client.events(await asked(here, tag)))  # read after it on the same stream
    assert here.hub.own(consult) is None
    assert same(await here.client.events(consult), events)


async def test_a_watched_consult_stays_in_memory(pair, tag, held, monkeypatch):
    monkeypatch.setattr(hub_module, "LINGER_S", 0.01)
    here, _ = pair
    consult = await asked(here, f"{tag}_held")
    async with here.hub.follow(consult) as log:
        for _ in range(STEPS + 1):
            held.go.release()
        final = await asyncio.wait_for(log.end(), 10)
        assert final["type"] == "consult.completed"
        assert here.hub.own(consult) is log
    await until(lambda: here.hub.own(consult) is None)


async def slow(stream: AsyncIterator[Event]) -> list[Event]:
    return [event async for event in stream]


async def test_many_clients_of_one_consult_see_the_same(pair, tag, held):
    consult = await asked(pair[0], f"{tag}_held")
    watching = [asyncio.create_task(slow(pair[n % 2].client.watch(consult))) for n in range(30)]
    await until(lambda: pair[0].hub._own[consult].watchers == 15)
    for _ in range(STEPS + 1):
        held.go.release()
    first, *others = await asyncio.gather(*watching)
    assert_whole(first)
    assert all(same(first, other) for other in others)
