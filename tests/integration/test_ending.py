"""How consults end: exactly once, in time, whoever hangs, fails, dies, comes late or is not there."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from consilium_aggregator import claims
from consilium_common.bus import publish, read
from consilium_common.bus.connection import Bus, BusError, connect
from consilium_common.contracts import subjects
from consilium_common.contracts.case import CaseView
from consilium_common.contracts.commands import DeadlineReached, MergeClaimed, OpinionGiven
from consilium_common.contracts.envelope import wrap
from consilium_common.contracts.events import AgentLate, ConsultCompleted
from consilium_common.contracts.opinion import Opinion
from consilium_common.errors import ConsiliumError
from consilium_common.settings import ServiceSettings
from consilium_common.specialist.tasks import Progress
from consilium_common.stores.errors import StoreError
from consilium_gateway import sweeper
from support.client import Event, assert_whole, types
from support.consilium import Consilium, Gateway, instantly
from support.endings import asked, coverage, made_old
from support.held import Hanging
from support.waiting import eventually, until

SHORT_S = 1.0


async def failing(_view: CaseView, _vector: bytes | None, _progress: Progress) -> Opinion:
    raise ConsiliumError("test-failure", "This specialist always fails.")


async def broken(_view: CaseView, _vector: bytes | None, _progress: Progress) -> Opinion:
    raise ZeroDivisionError("a secret of the patient")


async def too_slow_inside(_view: CaseView, _vector: bytes | None, _progress: Progress) -> Opinion:
    raise TimeoutError


@pytest_asyncio.fixture
async def bus(consilium: Consilium) -> AsyncIterator[Bus]:
    async with connect(consilium.settings(ServiceSettings, "test"), "test") as opened:
        yield opened


async def end_of(gateway: Gateway, *specialists: str) -> list[Event]:
    events = await gateway.client.events(await asked(gateway, *specialists))
    assert_whole(events)
    return events


async def on_bus(bus: Bus, consult: str, *kinds: str) -> list[str]:
    held = await read.subjects_with_messages(bus, subjects.EVENTS, subjects.events_of_consult(consult))
    return [subject for subject in held if subject.rpartition(".")[2] in kinds]


async def test_two_aggregators_and_repeated_opinions_give_one_final(consilium, tag, bus):
    here = await consilium.usual(**{tag: instantly, f"{tag}_b": instantly})
    await consilium.aggregator()
    consults = await asyncio.gather(*(asked(here, tag, f"{tag}_b") for _ in range(10)))
    for consult, events in zip(consults, await asyncio.gather(*map(here.client.events, consults)), strict=True):
        assert_whole(events)
        assert events[-1].type == "consult.completed"
        given = await read.last(bus, subjects.CASES, subjects.opinion(consult, 1, tag))
        again = [wrap(OpinionGiven.model_validate(given.data), "test", correlation_id=consult) for _ in range(3)]
        stored = [await publish.publish_first(bus, subjects.opinion(consult, 1, tag), each) for each in again]
        assert stored == [False] * 3
        assert await publish.publish_final(bus, "g_other", wrap(ConsultCompleted(), "test", correlation_id=consult)) is False
        assert len(await on_bus(bus, consult, "final")) == 1


async def test_who_hangs_is_named_and_holds_nobody_up(consilium, tag):
    hanging = Hanging()
    here = await consilium.usual(**{tag: instantly})
    await consilium.specialist(f"{tag}_hangs", hanging.assess, deadline_s=SHORT_S)
    await consilium.specialist(f"{tag}_quick", deadline_s=SHORT_S)
    began = time.monotonic()
    events = await end_of(here, f"{tag}_quick", f"{tag}_hangs")
    assert time.monotonic() - began < SHORT_S + 1
    assert events[-1].type == "consult.incomplete"
    assert coverage(events) == {f"{tag}_quick": "answered", f"{tag}_hangs": "timed_out"}
    assert [event.body["agent"] for event in events if event.type == "agent.timed_out"] == [f"{tag}_hangs"]
    assert any(f"{tag}_hangs" in words for words in events[-1].data["answer"]["disclaimers"])
    await until(lambda: hanging.cancelled == 1)


async def test_the_deadline_of_the_consult_holds_also_for_patient_specialists(consilium, tag):
    await consilium.orchestrator()
    await consilium.aggregator()
    await consilium.specialist(tag, Hanging().assess, deadline_s=60)
    here = await consilium.gateway(consult_deadline_s=1.5)
    began = time.monotonic()
    events = await end_of(here, tag)
    assert time.monotonic() - began < 2.5
    assert coverage(events) == {tag: "timed_out"}
    assert events[-1].data["answer"]["triage"]["level"] == "emergency", "what the rules said stands"


async def test_a_late_opinion_is_kept_and_changes_nothing(consilium, tag, bus):
    here = await consilium.usual()
    await consilium.specialist(tag, Hanging().assess, deadline_s=SHORT_S)
    consult = await asked(here, tag)
    events = await here.client.events(consult)
    assert coverage(events) == {tag: "timed_out"}
    gateway = here.routes.service.gateway
    kept = await eventually(lambda: read.last(bus, subjects.EVENTS, subjects.late(gateway, consult)))
    assert kept.type == AgentLate.TYPE
    assert kept.data["agent"] == tag
    assert [each.body for each in await here.client.events(consult)] == [each.body for each in events]
    assert (await here.client.show(consult))["final"] == events[-1].data
    claimed = await read.subjects_with_messages(bus, subjects.CASES, subjects.merge(consult, 1, 2))
    assert not claimed, "nothing was merged again"


@pytest.mark.parametrize(("assess", "within_s"), [(failing, 1.0), (broken, 4.0), (too_slow_inside, 4.0)])
async def test_who_fails_says_so_and_nobody_waits_for_it(consilium, tag, assess, within_s):
    here = await consilium.usual(**{tag: instantly})
    await consilium.specialist(f"{tag}_fails", assess, deadline_s=5)
    began = time.monotonic()
    events = await end_of(here, tag, f"{tag}_fails")
    assert time.monotonic() - began < within_s
    assert events[-1].type == "consult.incomplete"
    assert coverage(events) == {tag: "answered", f"{tag}_fails": "failed"}
    (told,) = [event for event in events if event.type == "agent.failed"]
    assert told.body["agent"] == f"{tag}_fails"
    assert "secret" not in str([event.body for event in events])


async def test_with_nobody_alive_the_first_assessment_is_still_given(consilium, tag):
    here = await consilium.usual(**{tag: instantly})
    gone = await consilium.specialist(f"{tag}_gone")
    await until(lambda: f"{tag}_gone" in here.routes.service.registry.profiles)
    await gone.stop()
    await until(lambda: here.routes.service.registry.instances(f"{tag}_gone") == 0)
    events = await end_of(here, f"{tag}_gone")
    assert events[-1].type in {"consult.incomplete", "consult.failed"}
    assert "agent.unavailable" in types(events)
    assert coverage(events) == {f"{tag}_gone": "unavailable"}
    answer = events[-1].data["answer"]
    assert answer["triage"]["level"] == "emergency"
    assert answer["summary"][0]["text"] == "Call your local emergency number now."
    assert "No specialist" in answer["insufficient_information"]


@pytest.mark.parametrize(
    "message", ["asdkjh qwpoei zmxnb", "What is the capital of France?", "¿Dónde está la biblioteca, por favor?"]
)
async def test_what_cannot_be_read_as_a_complaint_is_said_honestly(consilium, tag, message):
    here = await consilium.usual(**{tag: instantly})
    accepted = await here.client.ask(message)
    events = await here.client.events(accepted["consult_id"])
    assert_whole(events)
    assert events[-1].type == "consult.incomplete"
    assert events[-1].data["answer"]["insufficient_information"]
    assert "agent.started" not in types(events)


async def test_without_an_orchestrator_the_outer_deadline_ends_it(consilium):
    await consilium.aggregator()
    here = await consilium.gateway(consult_deadline_s=1.1)
    began = time.monotonic()
    events = await end_of(here)
    assert time.monotonic() - began < 3
    assert types(events) == ["consult.accepted", "consult.failed"]
    problem = events[-1].data["problem"]
    assert problem["code"] == "no-plan"
    assert "emergency number" in problem["detail"]
    assert (await here.client.show(events[0].body["consult_id"]))["status"] == "failed"


async def test_a_cancellation_reaches_who_is_at_work(consilium, tag):
    hanging = Hanging()
    here = await consilium.usual(**{tag: hanging.assess})
    consult = await asked(here, tag)
    await until(lambda: hanging.began == 1)
    answer = await here.client.call("DELETE", f"/v1/consults/{consult}")
    assert answer.status_code == 200
    await until(lambda: hanging.cancelled == 1, 2)
    events = await here.client.events(consult)
    assert_whole(events)
    assert events[-1].type == "consult.cancelled"
    second = await here.client.call("DELETE", f"/v1/consults/{consult}")
    assert (second.status_code, second.json()["code"]) == (409, "already-ended")
    assert hanging.began == 1, "a cancelled task does not come again"


async def test_what_is_cancelled_before_it_begins_never_begins(consilium, tag, bus):
    await consilium.aggregator()
    hanging = Hanging()
    await consilium.specialist(tag, hanging.assess)
    here = await consilium.gateway()
    await until(lambda: tag in here.routes.service.registry.profiles)
    consult = await asked(here, tag)
    await here.client.events_until(consult, bool)
    assert (await here.client.call("DELETE", f"/v1/consults/{consult}")).status_code == 200
    await consilium.orchestrator()
    other = await asked(here, tag)  # conducted after the first, if that were conducted at all
    await until(lambda: hanging.began == 1)
    hanging.released.set()
    assert_whole(await here.client.events(other))
    assert types(await here.client.events(consult)) == ["consult.accepted", "consult.cancelled"]
    assert hanging.began == 1


async def test_the_claim_of_a_dead_aggregator_is_taken_over(consilium, tag, bus, monkeypatch):
    monkeypatch.setattr(claims, "LEASE_S", 1.0)
    hanging = Hanging()
    here = await consilium.usual(**{tag: hanging.assess})
    consult = await asked(here, tag)
    await until(lambda: hanging.began == 1)
    dead = wrap(MergeClaimed(instance="aggregator-that-died"), "aggregator", correlation_id=consult)
    assert await publish.publish_first(bus, subjects.merge(consult, 1, 1), dead)
    began = time.monotonic()
    hanging.released.set()
    events = await here.client.events(consult)
    assert_whole(events)
    assert 0.5 < time.monotonic() - began < 4
    assert events[-1].type == "consult.completed"
    assert {event.data["merge"] for event in events if event.type == "answer.delta"} == {2}


async def test_a_task_moves_on_when_its_specialist_is_stopped(consilium, tag):
    first = Hanging()
    here = await consilium.usual()
    stopping = await consilium.specialist(tag, first.assess)
    consult = await asked(here, tag)
    await until(lambda: first.began == 1)
    await consilium.specialist(tag, instantly)
    stopped = asyncio.create_task(stopping.stop())
    first.released.set()
    await stopped
    events = await here.client.events(consult)
    assert_whole(events)
    assert coverage(events) == {tag: "answered"}


async def test_what_has_no_final_is_submitted_again(consilium, tag, bus):
    here = await consilium.gateway()
    consult = await asked(here)
    await here.client.events_until(consult, bool)
    for stream, subject in (
        (subjects.CONSULTS, subjects.submit(consult)),
        (subjects.DEADLINES, subjects.deadlines_of(consult)),
    ):
        await eventually(lambda stream=stream, subject=subject: read.subjects_with_messages(bus, stream, subject))
        await read.purge(bus, stream, subject)  # lost, as with a disk
    await consilium.orchestrator()
    await consilium.aggregator()
    await consilium.specialist(tag)
    assert await here.sweeper.sweep() == 0, "it is not old enough"
    await made_old(here, consult)
    assert await here.sweeper.sweep() == 1
    assert await here.sweeper.sweep() == 0, "it is leased"
    events = await here.client.events(consult)
    assert_whole(events)
    assert events[-1].body["attempt"] == 2
    assert (await here.client.show(consult))["attempts"] == 2


async def test_what_was_stored_and_never_announced_is_announced_by_the_sweeper(consilium, tag, bus, monkeypatch):
    here = await consilium.usual(**{tag: instantly})
    service = here.routes.service

    async def dies(*_: object) -> None:
        return None

    with monkeypatch.context() as patch:
        patch.setattr(type(service), "_hand_over", dies)
        consult = await asked(here, tag)
    await made_old(here, consult)
    assert await here.sweeper.sweep() == 1
    assert_whole(await here.client.events(consult))


async def test_a_final_that_was_not_recorded_is_recorded_and_not_asked_again(consilium, tag, bus):
    here = await consilium.usual(**{tag: instantly})
    consult = await asked(here, tag)
    events = await here.client.events(consult)
    consults = here.routes.service.consults
    await eventually(lambda: consults.archive(consult))
    await consults._consults.update_one({"_id": consult}, {"$unset": {"archive": ""}, "$set": {"final_type": None}})
    await made_old(here, consult)
    assert await here.sweeper.sweep() == 0
    found = await consults.get(consult)
    assert found.final_type == events[-1].type
    archived = await here.routes.service.archive.log(consult)
    assert len(archived.frames) == len(events)


async def test_recording_twice_changes_nothing(consilium, tag, bus):
    here = await consilium.usual(**{tag: instantly})
    consult = await asked(here, tag)
    await here.client.events(consult)
    consults, recorder = here.routes.service.consults, here.sweeper.recorder
    await eventually(lambda: consults.archive(consult))
    before = await consults.get(consult), await consults.archive(consult)
    final = await read.last(bus, subjects.EVENTS, subjects.any_final(consult))
    await recorder.record(final)
    assert (await consults.get(consult), await consults.archive(consult)) == before


async def test_an_outer_deadline_that_is_late_does_not_disturb_an_ended_consult(consilium, tag, bus):
    here = await consilium.usual(**{tag: instantly})
    consult = await asked(here, tag)
    events = await here.client.events(consult)
    for attempt, outer in ((0, True), (1, False)):
        due = wrap(DeadlineReached(gateway="g", outer=outer), "test", correlation_id=consult, attempt=1)
        at = datetime.now(UTC) + timedelta(milliseconds=50)
        await publish.schedule(bus, subjects.deadline_set(consult, attempt), subjects.deadline_due(consult, attempt), at, due)
    waiting = subjects.deadlines_of(consult)

    async def handled() -> bool:
        return not await read.subjects_with_messages(bus, subjects.DEADLINES, waiting)

    await eventually(handled)
    assert [each.body for each in await here.client.events(consult)] == [each.body for each in events]
    assert len(await on_bus(bus, consult, "final")) == 1


async def test_an_attempt_whose_plan_is_still_being_written_is_not_failed(consilium, tag, bus):
    await consilium.aggregator()
    here = await consilium.gateway(consult_deadline_s=2.0)
    consult = await asked(here)
    due = wrap(DeadlineReached(gateway=here.routes.service.gateway), "test", correlation_id=consult)
    now = datetime.now(UTC)
    await publish.schedule(bus, subjects.deadline_set(consult, 1), subjects.deadline_due(consult, 1), now, due)
    await eventually(lambda: tried_again(bus))
    assert not await read.has_final(bus, consult)
    assert (await here.client.events(consult))[-1].type == "consult.failed", "the outer deadline ends it"


async def tried_again(bus: Bus) -> bool:
    info = await bus.js.consumer_info(subjects.DEADLINES, "aggregator")
    return bool(info.num_redelivered)


async def test_the_sweeper_goes_on_whatever_the_stores_do(consilium, monkeypatch):
    here = await consilium.gateway()
    monkeypatch.setattr(sweeper, "EVERY_S", 0.01)
    calls: list[int] = []

    async def away(*_: object, **__: object) -> None:
        calls.append(1)
        raise StoreError("documents", "MongoDB does not answer.")

    monkeypatch.setattr(type(here.routes.service.consults), "lease_unfinished", away)
    running = asyncio.create_task(here.sweeper.run())
    await until(lambda: len(calls) >= 3)
    running.cancel()


async def test_what_cannot_be_read_on_the_stream_is_passed_over(consilium, tag, bus):
    hanging = Hanging()
    here = await consilium.usual(**{tag: hanging.assess})
    consult = await asked(here, tag)
    await until(lambda: hanging.began == 1)
    await bus.js.publish(subjects.step(here.routes.service.gateway, consult, "somebody"), b"not sealed with our key")
    hanging.released.set()
    assert_whole(await here.client.events(consult))


async def test_a_question_that_the_bus_does_not_take_is_asked_by_the_sweeper(consilium, tag, monkeypatch):
    here = await consilium.usual(**{tag: instantly})

    async def away(*_: object, **__: object) -> None:
        raise BusError("The bus did not acknowledge a message in time.")

    with monkeypatch.context() as patch:
        patch.setattr(type(here.routes.service), "_submit", away)
        consult = await asked(here, tag)
        await here.routes.service.drain()
    await made_old(here, consult)
    assert await here.sweeper.sweep() == 1
    events = await here.client.events(consult)
    assert_whole(events)
    assert coverage(events) == {tag: "answered"}
