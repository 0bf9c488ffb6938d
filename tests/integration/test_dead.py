"""`consilium dead` on a real nats-server: what could not be handled is seen, explained, handed back once, or removed."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from click.testing import Result
from prometheus_client import REGISTRY
from typer.testing import CliRunner

from consilium_cli.dead.reaching import WhichBusError
from consilium_cli.main import app
from consilium_cli.stack.state import StateError
from consilium_common.bus import publish, read
from consilium_common.bus.connection import Bus, BusError, connect
from consilium_common.bus.consume import Consumer, ConsumerSpec, Handle
from consilium_common.bus.dead_letters import NoLetterError, drop, hand_back, read_letter, verdict_on
from consilium_common.bus.streams import ensure_streams
from consilium_common.contracts import subjects
from consilium_common.contracts.commands import AssessCase, DeadlineReached, LoadPack, OpinionGiven, SubmitConsult
from consilium_common.contracts.envelope import Envelope, wrap
from consilium_common.contracts.events import ConsultCompleted
from consilium_common.errors import ConsiliumError
from consilium_common.settings import ServiceSettings
from consilium_common.testing.servers import Servers
from support.waiting import eventually, until

SAID = "crushing pain that nobody may read here"


@pytest_asyncio.fixture
async def own(servers: Servers, nats_of_module: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bus]:
    """An empty bus, which the environment names."""
    settings = servers.settings(ServiceSettings, **nats_of_module)
    monkeypatch.setenv("NATS_URL", settings.nats_url)
    monkeypatch.setenv("CONSILIUM_BUS_KEY", settings.bus_key.get_secret_value())
    async with connect(settings, "worker") as bus:
        await ensure_streams(bus)
        for stream in (subjects.DEAD, subjects.CONSULTS, subjects.TASKS, subjects.INGEST, subjects.EVENTS, subjects.DEADLINES):
            await bus.js.purge_stream(stream)
        yield bus


async def dead(*arguments: str) -> Result:
    """Run the command line, which has a loop of its own, in a thread."""
    return await asyncio.to_thread(CliRunner().invoke, app, ["dead", *arguments])


async def listed() -> list[dict[str, Any]]:
    found = await dead("list", "--json")
    assert found.exit_code == 0, found.output
    letters: list[dict[str, Any]] = json.loads(found.stdout)["letters"]
    return letters


def filter_of(subject: str) -> ConsumerSpec:
    (stream,) = [
        name
        for name, all_of_it in {
            subjects.CONSULTS: subjects.SUBMIT_ALL,
            subjects.TASKS: subjects.TASKS_ALL,
            subjects.INGEST: subjects.INGEST_ALL,
            subjects.EVENTS: subjects.EVENTS_ALL,
            subjects.DEADLINES: subjects.DEADLINES_ALL,
        }.items()
        if subject.split(".")[2] == all_of_it.split(".")[2]
    ]
    return ConsumerSpec(stream, "worker", (subject,), ack_wait_s=1, max_deliver=2)


@asynccontextmanager
async def handling(bus: Bus, subject: str, handle: Handle) -> AsyncIterator[None]:
    spec = filter_of(subject)
    consumer = Consumer(bus, spec, handle)
    task = asyncio.create_task(consumer.run())
    await consumer.ready()
    yield
    await consumer.drain(2)
    await task
    await bus.js.delete_consumer(spec.stream, spec.durable)


async def refuse(_: Envelope) -> None:
    raise ConsiliumError("test-refused", f"never works: {SAID}")


async def raise_always(_: Envelope) -> None:
    raise RuntimeError(SAID)


async def buried(bus: Bus, subject: str, send: Callable[[], Any], handle: Handle = refuse) -> dict[str, Any]:
    """Send a message to a handler that does not manage, and return its dead letter as it is listed."""

    async def seen() -> dict[str, Any] | None:
        info = await bus.js.stream_info(subjects.DEAD)
        return next(iter(await listed()), None) if info.state.messages else None

    async with handling(bus, subject, handle):
        await send()
        found = await eventually(seen)
        assert found is not None
        return found


def a_pack() -> Envelope:
    return wrap(LoadPack(specialist="gp", knowledge_version="1", reference="r"), "gp", correlation_id="k_1")


def a_task(tag: str, left_s: float) -> Envelope:
    task = AssessCase(specialist="gp", gateway="g", view_id="v", snapshot_id="s")
    return wrap(task, "orchestrator", correlation_id=tag, deadline_at=datetime.now(UTC) + timedelta(seconds=left_s))


def a_submission(tag: str, left_s: float = 60) -> Envelope:
    said = SubmitConsult(gateway="g", owner="o", session_id="s", message=SAID)
    return wrap(said, "gateway", correlation_id=tag, deadline_at=datetime.now(UTC) + timedelta(seconds=left_s))


def counted(reason: str) -> float:
    return REGISTRY.get_sample_value("consilium_buried_total", {"service": "worker", "reason": reason}) or 0.0


async def test_nothing_dead_is_said_so(own: Bus) -> None:
    assert (await dead("list")).output == "No dead letters.\n"


async def test_what_raised_is_handled_after_a_replay_and_only_once(own: Bus, tag: str) -> None:
    handled: list[str] = []
    before = counted("tries-used-up")

    async def works(envelope: Envelope) -> None:
        handled.append(envelope.correlation_id)

    letter = await buried(
        own,
        subjects.submit(tag),
        lambda: publish.publish(own, subjects.submit(tag), a_submission(tag)),
        raise_always,
    )
    assert (letter["reason"], letter["deliveries"], letter["consult"]) == ("tries-used-up", 3, tag)
    assert counted("tries-used-up") == before + 1
    kept = await read_letter(own, letter["sequence"])
    replayed = await dead("replay", str(letter["sequence"]))
    assert replayed.exit_code == 0, replayed.output
    assert "handed back. The orchestrator conducts the consult" in replayed.output
    await hand_back(own, kept, await verdict_on(own, kept))  # as after a crash between publishing and removing
    assert (await own.js.stream_info(subjects.CONSULTS)).state.messages == 1
    async with handling(own, subjects.submit(tag), works):
        await until(lambda: handled)
    assert handled == [tag]
    assert await listed() == []
    again = await dead("replay", str(letter["sequence"]))
    assert again.exit_code == 1
    assert f"There is no dead letter {letter['sequence']}; `consilium dead list` shows" in again.output


async def test_what_cannot_be_read_is_listed_explained_and_stays(own: Bus, tag: str) -> None:
    subject = subjects.submit(tag)
    letter = await buried(own, subject, lambda: own.js.publish(subject, SAID.encode()))
    shown = await dead("show", str(letter["sequence"]))
    assert "no, not with this key" in shown.output
    assert "was not sealed with the key" in shown.output
    assert "cannot be read with this key" in (await dead("list")).output
    replayed = await dead("replay", str(letter["sequence"]))
    assert replayed.exit_code == 1
    assert "stays. It cannot be read with this CONSILIUM_BUS_KEY" in replayed.output
    assert [each["sequence"] for each in await listed()] == [letter["sequence"]]


async def test_a_final_is_never_published_again(own: Bus, tag: str) -> None:
    final = wrap(ConsultCompleted(), "aggregator", correlation_id=tag)
    letter = await buried(own, subjects.final("g", tag), lambda: publish.publish_final(own, "g", final))
    replayed = await dead("replay", str(letter["sequence"]))
    assert replayed.exit_code == 1
    assert "a final is never published twice" in replayed.output
    assert (await own.js.stream_info(subjects.EVENTS)).state.messages == 1
    assert (await dead("drop", str(letter["sequence"]))).exit_code == 0
    assert await listed() == []


async def test_a_task_whose_time_is_over_stays(own: Bus, tag: str) -> None:
    subject = subjects.assess("gp", tag)
    letter = await buried(own, subject, lambda: publish.publish(own, subject, a_task(tag, -1)))
    replayed = await dead("replay", str(letter["sequence"]))
    assert replayed.exit_code == 1
    assert "stays. Its time was over at " in replayed.output


async def test_a_task_in_time_is_handed_back_with_what_is_left_of_its_time(own: Bus, tag: str) -> None:
    subject = subjects.assess("gp", tag)
    letter = await buried(own, subject, lambda: publish.publish(own, subject, a_task(tag, 100)))
    assert (await dead("replay", str(letter["sequence"]))).exit_code == 0
    found = await own.js.get_last_msg(subjects.TASKS, subject)
    assert 90 < int(found.headers["Nats-TTL"]) <= 102


async def test_a_task_that_was_answered_or_whose_consult_has_ended_stays(own: Bus, tag: str) -> None:
    subject, task = subjects.assess("gp", tag), a_task(tag, 100)
    letter = await buried(own, subject, lambda: publish.publish(own, subject, task))
    given = task.caused(OpinionGiven(specialist="gp"), "gp")
    assert await publish.publish_first(own, subjects.opinion(tag, 1, "gp"), given)
    assert "stands for this attempt already" in (await dead("show", str(letter["sequence"]))).output
    await publish.publish_final(own, "g", wrap(ConsultCompleted(), "aggregator", correlation_id=tag))
    assert "has its final already" in (await dead("replay", str(letter["sequence"]))).output
    assert (await own.js.stream_info(subjects.TASKS)).state.messages == 0


async def test_a_deadline_is_handed_back_as_due(own: Bus, tag: str) -> None:
    subject = subjects.deadline_due(tag, 1)
    due = wrap(DeadlineReached(gateway="g"), "gateway", correlation_id=tag, deadline_at=datetime.now(UTC))
    letter = await buried(own, subject, lambda: publish.publish(own, subject, due))
    assert (await dead("replay", str(letter["sequence"]))).exit_code == 0
    assert await read.last(own, subjects.DEADLINES, subject) == due


async def test_all_of_a_service_and_reason_at_once(own: Bus, tag: str) -> None:
    subject = subjects.ingest_pack(tag)
    async with handling(own, subject, refuse):
        await asyncio.gather(*(publish.publish(own, subject, a_pack()) for _ in range(3)))
        await own.js.publish(subject, b"nonsense")
        await eventually(lambda: _count(own, subjects.DEAD, 4))
    shown = await dead("list", "--limit", "1")
    assert "4 dead letters:" in shown.output
    assert "     3  worker  test-refused" in shown.output
    assert shown.output.count(subject) == 1
    assert (await dead("replay", "--service", "nobody", "--all")).output == "0 of 0 done.\n"
    some = await dead("replay", "--service", "worker", "--all", "--reason", "test-refused")
    assert (some.exit_code, "3 of 3 done." in some.output) == (0, True)
    assert await _count(own, subjects.INGEST, 3)
    rest = await dead("drop", "--service", "worker", "--all")
    assert "1 of 1 done." in rest.output
    assert await listed() == []


async def _count(bus: Bus, stream: str, count: int) -> bool:
    return bool((await bus.js.stream_info(stream)).state.messages == count)


async def test_patient_data_is_shown_only_when_it_is_asked_for_by_name(own: Bus, tag: str) -> None:
    subject = subjects.submit(tag)
    letter = await buried(own, subject, lambda: publish.publish(own, subject, a_submission(tag)))
    number = str(letter["sequence"])
    quiet = [await dead(*each) for each in (["list"], ["list", "--json"], ["show", number], ["show", number, "--json"])]
    assert all(each.exit_code == 0 and SAID not in each.output for each in quiet)
    envelope = json.loads(quiet[3].stdout)["envelope"]
    assert {"id", "type", "correlation_id", "attempt", "deadline_at", "source", "occurred_at"} <= envelope.keys()
    assert "data" not in envelope
    for revealed in (await dead("show", number, "--reveal"), await dead("show", number, "--json", "--reveal")):
        assert SAID in revealed.stdout
        assert "What follows is patient data." in revealed.stderr


async def test_a_letter_that_is_gone_is_said_so_and_dropping_it_is_no_error(own: Bus) -> None:
    assert isinstance((await dead("show", "999999")).exception, NoLetterError)
    await drop(own, 999999)
    assert "There is no dead letter 999999" in (await dead("drop", "999999")).output


async def test_a_bus_without_consilium_says_that(own: Bus) -> None:
    await own.js.delete_stream(subjects.DEAD)
    shown = await dead("list")
    await ensure_streams(own)
    assert isinstance(shown.exception, BusError)
    assert "no service of Consilium has run on it" in str(shown.exception)


@pytest.mark.parametrize("missing", ["NATS_URL", "CONSILIUM_BUS_KEY"])
def test_half_an_address_is_refused(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    for name in ("NATS_URL", "CONSILIUM_BUS_KEY"):
        monkeypatch.setenv(name, "something")
    monkeypatch.delenv(missing)
    refused = CliRunner().invoke(app, ["dead", "list"])
    assert isinstance(refused.exception, WhichBusError)
    assert f"but {missing} is not" in refused.exception.message


def test_without_an_address_the_running_stack_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    for name in ("NATS_URL", "CONSILIUM_BUS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CONSILIUM_STATE", str(tmp_path))
    refused = CliRunner().invoke(app, ["dead", "list"])
    assert isinstance(refused.exception, StateError)
    assert "Nothing runs on" in refused.exception.message


@pytest.mark.parametrize(
    "arguments",
    [["replay"], ["replay", "1", "--all"], ["replay", "--service", "gp"], ["drop", "--all"], ["show", "0"], ["list", "x"]],
)
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    assert CliRunner().invoke(app, ["dead", *arguments]).exit_code == 2
