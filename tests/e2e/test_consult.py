"""Real questions to the real stack: who is asked, how urgent it is, what is cited, and what happens when something dies."""

import asyncio
import os
import signal

import pytest

from support.client import Event, assert_whole, types
from support.realstack import RealStack, assert_cited
from support.waiting import eventually, until

CHEST_PAIN = "I am 58. Crushing chest pain for 20 minutes, my left arm is heavy, I am sweating"
KNEE = "I twisted my knee yesterday playing football and now it locks, I cannot straighten it fully"
STROKE = "My husband suddenly cannot move his right arm and leg, it began half an hour ago"
THROAT = "I have had a sore throat for two days"


async def ask(stack: RealStack, message: str, gateway: str = "gateway", **body: object) -> list[Event]:
    async with stack.client(gateway) as client:
        accepted = await client.ask(message, **body)
        events = await client.events(accepted["consult_id"])
    assert_whole(events)
    return events


def answer(events: list[Event]) -> dict:
    return events[-1].data["answer"]


def asked(events: list[Event]) -> set[str]:
    return {event.body["agent"] for event in events if event.type == "agent.started"}


def coverage(events: list[Event]) -> dict[str, str]:
    return {entry["agent"]: entry["status"] for entry in events[-1].data["coverage"]}


async def test_crushing_chest_pain_is_an_emergency_before_anybody_has_thought_about_it(stack):
    events = await ask(stack, CHEST_PAIN)
    order = types(events)
    assert order[1] == "triage.assessed"
    assert events[1].data["triage"]["level"] == "emergency"
    assert min(place for place, kind in enumerate(order) if kind.startswith("agent.")) > 1
    assert "cardiology" in asked(events)
    assert events[-1].type == "consult.completed"
    assert answer(events)["triage"]["level"] == "emergency"
    assert_cited(answer(events))
    opinions = [event.data["opinion"] for event in events if event.type == "agent.completed"]
    assert all(opinion["degraded"] == [] for opinion in opinions), "every store and the embedder were asked"


async def test_a_knee_that_locks_goes_to_orthopedics(stack):
    events = await ask(stack, KNEE)
    assert "orthopedics" in asked(events)
    assert not {"cardiology", "neurology"} & asked(events)
    assert answer(events)["differential"]
    assert_cited(answer(events))


async def test_sudden_weakness_of_one_side_is_an_emergency_for_neurology(stack):
    events = await ask(stack, STROKE)
    assert events[1].data["triage"]["level"] == "emergency"
    assert "neurology" in asked(events)
    assert_cited(answer(events))


async def test_a_sore_throat_goes_to_the_general_practitioner_alone(stack):
    events = await ask(stack, THROAT)
    assert asked(events) == {"gp"}
    assert answer(events)["triage"]["level"] in {"routine", "self-care"}
    assert_cited(answer(events))


@pytest.mark.parametrize(
    "message",
    [
        "What is the capital of France?",
        "asdkjh qwpoei zmxnb vbnty",
        "Mir tut seit gestern der Bauch weh und ich habe hohes Fieber",
        "?!?!?! ... 12345",
    ],
)
async def test_what_is_no_readable_complaint_is_said_honestly(stack, message):
    events = await ask(stack, message)
    assert events[-1].type == "consult.incomplete"
    assert answer(events)["insufficient_information"]
    assert answer(events)["differential"] == []


async def test_consults_spread_over_replicas_and_each_ends_once(stack):
    gateways = ("gateway", "gateway-2")
    consults = await asyncio.gather(*(ask(stack, THROAT + "." * n, gateways[n % 2]) for n in range(12)))
    assert all(events[-1].type == "consult.completed" for events in consults)
    conducting = {name: handled(stack, name) for name in ("orchestrator", "orchestrator-2")}
    counts = await asyncio.gather(*conducting.values())
    assert all(count > 0 for count in counts), counts


async def handled(stack: RealStack, name: str) -> float:
    """Return how many consults an orchestrator has conducted, as its metrics say."""
    import httpx

    async with httpx.AsyncClient() as http:
        text = (await http.get(f"http://127.0.0.1:{stack.parts()[name]['port']}/metrics")).text
    wanted = 'consilium_handled_total{outcome="handled",service="orchestrator",type="consilium.consult.submit.v1"}'
    return sum(float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(wanted))


async def test_a_stream_that_is_cut_at_one_gateway_goes_on_at_the_other(stack):
    async with stack.client("gateway") as one, stack.client("gateway-2") as other:
        consult = (await one.ask(CHEST_PAIN))["consult_id"]
        seen = await one.events_until(consult, lambda new: len(new) == 2)
        while not seen[-1].is_final:
            seen += await other.events_until(consult, lambda new: len(new) == 3, seen[-1].id)
            if not seen[-1].is_final:
                seen += await one.events_until(consult, lambda new: len(new) == 3, seen[-1].id)
    assert_whole(seen)


async def test_a_specialist_that_is_killed_is_named_and_is_there_again_with_the_next_consult(stack):
    os.kill(stack.supervisor, signal.SIGSTOP)  # or it would be back before anybody misses it
    try:
        stack.signal("cardiology", signal.SIGSTOP)
        async with stack.client() as client:
            consult = (await client.ask(CHEST_PAIN, specialists=["cardiology", "gp"]))["consult_id"]
            await client.events_until(consult, lambda seen: seen[-1].type == "agent.completed")
            stack.signal("cardiology", signal.SIGKILL)
            events = await client.events(consult)
    finally:
        os.kill(stack.supervisor, signal.SIGCONT)
    assert_whole(events)
    assert events[-1].type == "consult.incomplete"
    assert coverage(events) == {"cardiology": "timed_out", "gp": "answered"}
    assert any("cardiology" in words for words in answer(events)["disclaimers"])
    assert answer(events)["triage"]["level"] == "emergency"

    async def alive() -> bool:
        async with stack.client() as client:
            agents = (await client.call("GET", "/v1/agents")).json()
        restarted = [part for name, part in stack.parts().items() if name.startswith("cardiology")]
        ready = all(part["state"] == "ready" and part["restarts"] for part in restarted)
        return ready and next(agent["instances"] for agent in agents if agent["name"] == "cardiology") >= 2

    await eventually(alive, 60)
    assert coverage(await ask(stack, CHEST_PAIN, specialists=["cardiology", "gp"])) == {
        "cardiology": "answered",
        "gp": "answered",
    }


async def test_a_service_that_is_killed_while_it_is_needed_loses_nothing(stack):
    for service in ("orchestrator", "aggregator"):
        async with stack.client() as client:
            consult = (await client.ask(CHEST_PAIN))["consult_id"]
            stack.signal(service, signal.SIGKILL)
            events = await client.events(consult)
        assert_whole(events)
        await until(lambda: all(part["state"] == "ready" for part in stack.parts().values()), 60)
