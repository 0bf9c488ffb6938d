"""The sweeper: what it does with consults that cannot be helped, and that they keep nobody else waiting."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from consilium_common.bus import read
from consilium_common.bus.connection import Bus, BusError, connect
from consilium_common.contracts import subjects
from consilium_common.settings import ServiceSettings
from consilium_gateway import sweeper
from consilium_gateway.consults import ConsultService
from support.client import assert_whole, types
from support.consilium import Consilium, Gateway, instantly
from support.endings import asked, made_old


@pytest_asyncio.fixture
async def bus(consilium: Consilium) -> AsyncIterator[Bus]:
    async with connect(consilium.settings(ServiceSettings, "test"), "test") as opened:
        yield opened


async def never_handed_over(*_: object) -> None:
    return None


@pytest_asyncio.fixture
async def here(consilium: Consilium, monkeypatch: pytest.MonkeyPatch) -> Gateway:
    """A gateway that dies each time between storing a consult and handing it over."""
    monkeypatch.setattr(ConsultService, "_hand_over", never_handed_over)
    return await consilium.gateway()


async def test_what_was_tried_too_often_fails_and_says_so(here, bus, monkeypatch):
    monkeypatch.setattr(sweeper, "ATTEMPTS_MAX", 1)
    consult = await asked(here)
    await made_old(here, consult)
    assert await here.sweeper.sweep() == 0, "the second attempt is one too many"
    events = await here.client.events(consult)
    assert types(events) == ["consult.accepted", "consult.failed"]
    assert events[-1].data["problem"]["code"] == "given-up"
    assert "emergency number" in events[-1].data["problem"]["detail"]
    for stream, held in ((subjects.CONSULTS, subjects.submit(consult)), (subjects.DEADLINES, subjects.deadlines_of(consult))):
        assert not await read.subjects_with_messages(bus, stream, held)


async def test_a_consult_that_cannot_be_opened_keeps_nobody_waiting(consilium, tag, here):
    await consilium.orchestrator()
    await consilium.aggregator()
    await consilium.specialist(tag, instantly)
    consults = [await asked(here) for _ in range(5)]
    rows = here.routes.service.consults._consults
    for consult in consults[:4]:  # more than in a row would stop it, if it were the stores
        sealed = here.routes.service.sealer.seal(b"no question", f"consilium.consults.v1:{consult}:request".encode())
        await rows.update_one({"_id": consult}, {"$set": {"request": sealed}})
    for consult in consults:
        await made_old(here, consult)
    assert await here.sweeper.sweep() == 1
    assert_whole(await here.client.events(consults[-1]))


async def test_a_bus_that_does_not_answer_stops_it_before_every_consult_has_lost_an_attempt(here, monkeypatch):
    consults = [await asked(here) for _ in range(5)]
    for consult in consults:
        await made_old(here, consult)

    async def away(*_: object, **__: object) -> None:
        raise BusError("The bus did not acknowledge a message in time.")

    monkeypatch.setattr(ConsultService, "_submit", away)
    with pytest.raises(BusError):
        await here.sweeper.sweep()
    tried = [(await here.routes.service.consults.get(consult)).attempts for consult in consults]
    assert sorted(tried) == [1, 1, 2, 2, 2]


async def test_nothing_is_leased_while_the_bus_is_away(here, monkeypatch):
    consult = await asked(here)
    await made_old(here, consult)
    monkeypatch.setattr(Bus, "ping", lambda _: False)
    assert await here.sweeper.sweep() == 0
    assert (await here.routes.service.consults.get(consult)).attempts == 1


async def test_a_cancellation_of_what_was_never_announced_begins_with_its_acceptance(here):
    consult = await asked(here)
    assert (await here.client.call("DELETE", f"/v1/consults/{consult}")).status_code == 200
    assert types(await here.client.events(consult)) == ["consult.accepted", "consult.cancelled"]


async def test_a_cancellation_counts_although_what_it_makes_superfluous_could_not_be_removed(here, bus, monkeypatch):
    async def away(*_: object) -> None:
        raise BusError("The bus did not purge.")

    consult = await asked(here)
    monkeypatch.setattr(read, "purge", away)
    assert (await here.client.call("DELETE", f"/v1/consults/{consult}")).status_code == 200
    assert await read.has_final(bus, consult)
