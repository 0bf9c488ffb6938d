"""Fences on the real server: between attempts, between aggregators, and between a consult and what comes after its end."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest_asyncio

from consilium_aggregator import claims
from consilium_aggregator.claims import Claim, ClaimDenied, claim
from consilium_common.bus import publish, read
from consilium_common.bus.connection import Bus, BusError, connect
from consilium_common.bus.streams import ensure_streams
from consilium_common.contracts import subjects
from consilium_common.contracts.base import new_id
from consilium_common.contracts.commands import AssessCase, DeadlineReached, OpinionGiven, Plan, SubmitConsult
from consilium_common.contracts.envelope import Envelope, wrap
from consilium_common.contracts.events import AgentLate, ConsultCompleted, ConsultIncomplete
from consilium_common.settings import ServiceSettings
from consilium_common.stores.case_views import CaseViews
from consilium_common.stores.errors import StoreError
from consilium_gateway import sweeper
from consilium_orchestrator import conduct
from support.client import assert_whole, types
from support.consilium import Consilium, Gateway, instantly
from support.endings import asked, coverage, opinion
from support.held import Hanging
from support.waiting import eventually, until

LONG_S = 20.0


@pytest_asyncio.fixture
async def bus(consilium: Consilium) -> AsyncIterator[Bus]:
    async with connect(consilium.settings(ServiceSettings, "test"), "test") as opened:
        await ensure_streams(opened)
        yield opened


def attempt(number: int, consult: str) -> Envelope:
    return wrap(OpinionGiven(specialist="any"), "test", correlation_id=consult, attempt=number)


async def planned(bus: Bus, consult: str, number: int) -> Envelope:
    """Publish a plan of another attempt that is like the first one's, due a good while later."""
    first = await eventually(lambda: read.last(bus, subjects.CASES, subjects.plan(consult, 1)))
    later = datetime.now(UTC) + timedelta(seconds=LONG_S)
    plan = wrap(Plan.model_validate(first.data), "orchestrator", correlation_id=consult, attempt=number, deadline_at=later)
    assert await publish.publish_first(bus, subjects.plan(consult, number), plan)
    return plan


async def give(bus: Bus, plan: Envelope, name: str) -> None:
    given = plan.caused(OpinionGiven(specialist=name, opinion=await opinion(plan, name)), name)
    assert await publish.publish_first(bus, subjects.opinion(plan.correlation_id, plan.attempt, name), given)


async def late_of(bus: Bus, gateway: Gateway, consult: str) -> Envelope:
    return await eventually(lambda: read.last(bus, subjects.EVENTS, subjects.late(gateway.routes.service.gateway, consult)))


async def handled(bus: Bus, stream: str, subject: str) -> None:
    async def gone() -> bool:
        return not await read.subjects_with_messages(bus, stream, subject)

    await eventually(gone)


async def test_claims_follow_one_another_over_all_attempts(bus, monkeypatch):
    consult = new_id("c")
    first = await claim(bus, attempt(1, consult), "here")
    assert isinstance(first, Claim)
    assert first.number == 1
    assert first.holds
    assert await claim(bus, attempt(1, consult), "there") is ClaimDenied.HELD
    assert await claim(bus, attempt(2, consult), "there") is ClaimDenied.HELD
    again = await claim(bus, attempt(1, consult), "here")
    assert again.number == 2, "what a failure of its own has left is passed over"
    monkeypatch.setattr(claims, "LEASE_S", 0.0)
    assert (await claim(bus, attempt(2, consult), "there")).number == 3
    assert await claim(bus, attempt(1, consult), "here") is ClaimDenied.SUPERSEDED


async def test_of_many_who_claim_at_once_one_gets_it(bus):
    consult = new_id("c")
    got = await asyncio.gather(*(claim(bus, attempt(1 + n % 2, consult), f"holder-{n}") for n in range(20)))
    assert [each.number for each in got if isinstance(each, Claim)] == [1]


def test_a_claim_holds_as_long_as_its_process_runs(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(claims.time, "monotonic", lambda: now[0])
    taken = Claim(1, 100.0)
    now[0] += claims.TELL_S - 0.01
    assert taken.holds
    now[0] += 0.02
    assert not taken.holds
    assert claims.TELL_S < claims.LEASE_S


async def test_a_final_whose_acknowledgement_was_lost_is_still_ones_own(bus, monkeypatch):
    real, lost = publish._publish, []

    async def loses_first(*args: object, **more: object) -> None:
        await real(*args, **more)
        if not lost:
            lost.append(1)
            raise BusError("The bus did not acknowledge a message in time.")

    consult = new_id("c")
    monkeypatch.setattr(publish, "_publish", loses_first)
    assert await publish.publish_final(bus, "g", wrap(ConsultCompleted(), "test", correlation_id=consult))
    assert lost
    assert await publish.publish_final(bus, "g", wrap(ConsultCompleted(), "test", correlation_id=consult)) is False


async def test_the_outer_deadline_of_a_newer_attempt_takes_the_place_of_the_older(bus):
    consult, now = new_id("c"), datetime.now(UTC)
    at, by = subjects.deadline_set(consult, 0), subjects.deadline_due(consult, 0)
    for number, after_s in ((1, 60.0), (2, 0.2)):
        due = wrap(DeadlineReached(gateway="g", outer=True), "test", correlation_id=consult, attempt=number)
        await publish.schedule(bus, at, by, now + timedelta(seconds=after_s), due)
    fired = await eventually(lambda: read.last(bus, subjects.DEADLINES, by))
    assert fired.attempt == 2
    assert not await read.subjects_with_messages(bus, subjects.DEADLINES, at)
    await read.purge(bus, subjects.DEADLINES, subjects.deadlines_of(consult))


async def test_an_opinion_after_a_cancellation_is_late_and_nothing_is_told(consilium, tag, bus):
    hanging = Hanging()
    here = await consilium.usual(**{tag: hanging.assess, f"{tag}_b": Hanging().assess})
    consult = await asked(here, tag, f"{tag}_b")
    await until(lambda: hanging.began == 1)
    plan = await read.last(bus, subjects.CASES, subjects.plan(consult, 1))
    assert (await here.client.call("DELETE", f"/v1/consults/{consult}")).status_code == 200
    await give(bus, plan, tag)
    assert (await late_of(bus, here, consult)).data["agent"] == tag
    await give(bus, plan, f"{tag}_b")

    async def both() -> bool:
        return (await late_of(bus, here, consult)).data["agent"] == f"{tag}_b"

    await eventually(both)
    step = subjects.step(here.routes.service.gateway, consult, "aggregator")
    assert await read.last(bus, subjects.EVENTS, step) is None, "no piece of an answer"


async def test_an_older_attempt_is_late_and_the_newer_one_ends_the_consult(consilium, tag, bus):
    hanging = Hanging()
    here = await consilium.usual(**{tag: hanging.assess})
    consult = await asked(here, tag)
    await until(lambda: hanging.began == 1)
    first = await read.last(bus, subjects.CASES, subjects.plan(consult, 1))
    second = await planned(bus, consult, 2)
    await give(bus, first, tag)
    late = await late_of(bus, here, consult)
    assert (late.type, late.attempt) == (AgentLate.TYPE, 1)
    assert not await read.has_final(bus, consult)
    await give(bus, second, tag)
    events = await here.client.events(consult)
    assert events[-1].type == "consult.completed"
    assert events[-1].body["attempt"] == 2
    assert "agent.late" in types(events)


async def test_a_deadline_of_an_older_attempt_does_not_end_a_newer_one(consilium, tag, bus):
    hanging = Hanging()
    here = await consilium.usual(**{tag: hanging.assess})
    consult = await asked(here, tag)
    await until(lambda: hanging.began == 1)
    second = await planned(bus, consult, 2)
    for outer in (True, False):
        due = wrap(DeadlineReached(gateway="g", outer=outer), "test", correlation_id=consult, attempt=1)
        by = subjects.deadline_due(consult, 0 if outer else 1)
        await publish.publish(bus, by, due)
        await handled(bus, subjects.DEADLINES, by)
    assert not await read.has_final(bus, consult)
    await give(bus, second, tag)
    await eventually(lambda: read.has_final(bus, consult))


async def test_an_older_outer_deadline_does_not_fail_an_attempt_that_is_not_planned_yet(consilium, bus):
    await consilium.aggregator()
    consult = new_id("c")
    at, by = subjects.deadline_set(consult, 0), subjects.deadline_due(consult, 0)
    old, new = (
        wrap(DeadlineReached(gateway="g", outer=True), "test", correlation_id=consult, attempt=number) for number in (1, 2)
    )
    await publish.schedule(bus, at, by, datetime.now(UTC) + timedelta(seconds=LONG_S), new)
    await publish.publish(bus, by, old)
    await handled(bus, subjects.DEADLINES, by)
    assert not await read.has_final(bus, consult)
    await read.purge(bus, subjects.DEADLINES, subjects.deadlines_of(consult))


def submitted(consult: str, *names: str, attempt: int = 1, left_s: float = 5.0) -> Envelope:
    message = "I have chest pain and I am sweating."
    submit = SubmitConsult(gateway="g", owner="o", session_id="s", message=message, specialists=names)
    until_at = datetime.now(UTC) + timedelta(seconds=left_s)
    return wrap(submit, "test", correlation_id=consult, attempt=attempt, deadline_at=until_at, id=f"{consult}:{attempt}")


async def final_of(bus: Bus, consult: str) -> Envelope:
    return await eventually(lambda: read.last(bus, subjects.EVENTS, subjects.any_final(consult)))


async def test_a_question_whose_time_is_over_still_gets_its_triage(consilium, tag, bus):
    await consilium.usual(**{tag: instantly})
    consult = new_id("c")
    await publish.publish(bus, subjects.submit(consult), submitted(consult, tag, left_s=-1.0))
    final = await final_of(bus, consult)
    answer = ConsultIncomplete.model_validate(final.data).answer
    assert answer.triage.level == "emergency"
    assert [(each.agent, each.status, each.reason) for each in answer.coverage] == [(tag, "unavailable", conduct.TOO_LATE)]


async def test_a_question_that_a_newer_attempt_has_overtaken_is_dropped(consilium, tag, bus):
    await consilium.orchestrator()
    consult = new_id("c")
    plan = Plan(gateway="g", snapshot_id="s", **await triage_of(bus, consilium, tag))
    newer = wrap(plan, "orchestrator", correlation_id=consult, attempt=2)
    assert await publish.publish_first(bus, subjects.plan(consult, 2), newer)
    await publish.publish(bus, subjects.submit(consult), submitted(consult, tag, left_s=-1.0))
    await handled(bus, subjects.CONSULTS, subjects.submit(consult))
    assert await read.last(bus, subjects.CASES, subjects.plan(consult, 1)) is None
    assert await read.last(bus, subjects.EVENTS, subjects.events_of_consult(consult)) is None


async def triage_of(bus: Bus, consilium: Consilium, tag: str) -> dict[str, object]:
    """Return what the rules and the reader make of the usual question."""
    other = new_id("c")
    await publish.publish(bus, subjects.submit(other), submitted(other, tag))
    plan = await eventually(lambda: read.last(bus, subjects.CASES, subjects.plan(other, 1)))
    return {name: plan.data[name] for name in ("triage", "reading", "patient")}


async def test_without_the_database_nobody_is_asked_and_the_final_says_so_in_time(consilium, tag, bus, monkeypatch):
    here = await consilium.usual(**{tag: instantly})

    async def away(*_: object) -> None:
        raise StoreError("documents", "MongoDB does not answer.")

    monkeypatch.setattr(CaseViews, "insert", away)
    consult = await asked(here, tag)
    events = await here.client.events(consult)
    assert_whole(events)
    final = events[-1]
    assert coverage(events) == {tag: "unavailable"}
    assert final.data["coverage"][0]["reason"] == conduct.NO_VIEWS
    assert final.data["answer"]["triage"]["level"] == "emergency"
    stored = await here.routes.service.consults.get(consult)
    submit_by = datetime.fromtimestamp(stored.deadline_ms / 1000, UTC)
    assert (await final_of(bus, consult)).occurred_at < submit_by


async def test_a_specialist_that_cannot_read_its_case_says_why(consilium, tag, monkeypatch):
    here = await consilium.usual()
    await consilium.specialist(tag, instantly, deadline_s=1.5)

    async def away(*_: object) -> None:
        raise StoreError("documents", "MongoDB does not answer.")

    monkeypatch.setattr(CaseViews, "get", away)
    events = await here.client.events(await asked(here, tag))
    assert coverage(events) == {tag: "failed"}
    assert "MongoDB" in events[-1].data["coverage"][0]["reason"]
    assert "agent.started" not in types(events)


async def test_a_database_that_comes_back_in_time_costs_no_opinion(consilium, tag, monkeypatch):
    here = await consilium.usual()
    await consilium.specialist(tag, instantly)
    get, failed = CaseViews.get, []

    async def away_at_first(*args: object) -> object:
        if len(failed) < 4:
            failed.append(1)
            raise StoreError("documents", "MongoDB does not answer.")
        return await get(*args)

    monkeypatch.setattr(CaseViews, "get", away_at_first)
    assert coverage(await here.client.events(await asked(here, tag))) == {tag: "answered"}


async def test_a_cancellation_stops_both_attempts_that_one_process_works_for(consilium, tag, bus):
    hanging = Hanging()
    here = await consilium.usual(**{tag: hanging.assess})
    consult = await asked(here, tag)
    await until(lambda: hanging.began == 1)
    second = await planned(bus, consult, 2)
    view_id = (await here.routes.service.consults._consults.database["case_views"].find_one({"consult_id": consult}))["_id"]
    task = AssessCase(specialist=tag, gateway=here.routes.service.gateway, view_id=view_id, snapshot_id="s")
    await publish.publish(bus, subjects.assess(tag, consult), second.caused(task, "orchestrator"), ttl_s=30)
    await until(lambda: hanging.began == 2)
    assert (await here.client.call("DELETE", f"/v1/consults/{consult}")).status_code == 200
    await until(lambda: hanging.cancelled == 2)


async def test_a_task_of_an_ended_consult_is_not_begun(consilium, tag, bus):
    hanging = Hanging()
    here = await consilium.usual(**{tag: hanging.assess})
    consult = await asked(here, tag)
    await until(lambda: hanging.began == 1)
    plan = await read.last(bus, subjects.CASES, subjects.plan(consult, 1))
    assert (await here.client.call("DELETE", f"/v1/consults/{consult}")).status_code == 200
    before = types(await here.client.events(consult))
    again = AssessCase(specialist=tag, gateway=here.routes.service.gateway, view_id="v_gone", snapshot_id="s")
    await publish.publish(bus, subjects.assess(tag, consult), plan.caused(again, "orchestrator"), ttl_s=30)
    await handled(bus, subjects.TASKS, subjects.assess(tag, consult))
    step = subjects.step(here.routes.service.gateway, consult, tag)
    said = await read.last(bus, subjects.EVENTS, step)
    assert said is None or said.type != "consilium.agent.failed.v1"
    assert hanging.began == 1
    assert types(await here.client.events(consult)) == before


async def test_what_a_gateway_died_with_before_it_was_handed_over_is_handed_over_within_seconds(consilium, tag, monkeypatch):
    here = await consilium.usual(**{tag: instantly})

    async def dies(*_: object) -> None:
        return None

    with monkeypatch.context() as patch:
        patch.setattr(type(here.routes.service), "_hand_over", dies)
        consult = await asked(here, tag)
    monkeypatch.setattr(sweeper, "YOUNG_S", 0.0)
    await asyncio.sleep(0.01)  # a millisecond older than now
    assert await here.sweeper.sweep() == 1
    assert await here.sweeper.sweep() == 0, "each is looked at once"
    events = await here.client.events(consult)
    assert_whole(events)
    assert (await here.client.show(consult))["attempts"] == 1
