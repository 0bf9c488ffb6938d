"""The bus when it misbehaves: away, half there, or holding what nobody can read. Everything says so, nothing hangs."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from consilium_common.bus import connection, publish, read
from consilium_common.bus.connection import Bus, BusError, connect
from consilium_common.bus.consume import Consumer, ConsumerSpec
from consilium_common.bus.dead import bury
from consilium_common.bus.ordered import OrderedReader
from consilium_common.bus.registry import _PREFIX, Presence, Registry
from consilium_common.bus.streams import STREAMS, ensure_streams
from consilium_common.contracts import subjects
from consilium_common.contracts.commands import DeadlineReached, SubmitConsult
from consilium_common.contracts.envelope import Envelope, wrap
from consilium_common.contracts.events import AgentStarted, ConsultFailed
from consilium_common.contracts.manifest import Profile
from consilium_common.settings import ServiceSettings
from consilium_common.testing.servers import local_values
from support.consilium import a_specialist
from support.waiting import eventually, until


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """A client that does not wait long."""
    monkeypatch.setattr(connection, "REQUEST_TIMEOUT_S", 0.5)


def submitted(consult: str) -> Envelope:
    return wrap(SubmitConsult(gateway="g", owner="o", session_id="s", message="m"), "test", correlation_id=consult)


async def test_every_call_to_a_bus_that_is_away_fails_in_time_and_may_be_tried_again(own, nats):
    nats.kill()
    at = datetime.now(UTC) + timedelta(seconds=1)
    calls = [
        publish.publish(own, subjects.submit("c"), submitted("c")),
        publish.publish_first(own, subjects.plan("c", 1), submitted("c")),
        publish.publish_final(own, "g", wrap(ConsultFailed(), "test", correlation_id="c")),
        publish.emit(own, submitted("c"), "g", AgentStarted(agent="gp")),
        publish.schedule(
            own,
            subjects.deadline_set("c", 1),
            subjects.deadline_due("c", 1),
            at,
            wrap(DeadlineReached(gateway="g"), "test", correlation_id="c"),
        ),
        read.last(own, subjects.CASES, subjects.plan("c", 1)),
        read.has_final(own, "c"),
        read.subjects_with_messages(own, subjects.CASES, subjects.case("c")),
        read.purge(own, subjects.CASES, subjects.plan("c", 1)),
        ensure_streams(own),
    ]
    async with asyncio.timeout(5):
        failed = await asyncio.gather(*calls, return_exceptions=True)
    assert all(isinstance(error, BusError) and error.retryable for error in failed), failed
    assert not own.ping()


async def test_a_stream_that_refuses_says_why(own):
    await own.js.delete_stream(subjects.CASES)
    with pytest.raises(BusError):
        await publish.publish_first(own, subjects.plan("c", 1), submitted("c"))
    await ensure_streams(own)
    assert await publish.publish_first(own, subjects.plan("c", 1), submitted("c"))


async def test_a_message_that_cannot_be_buried_is_not_lost(own, tag):
    tries: list[int] = []

    async def poison(_: Envelope) -> None:
        tries.append(1)
        raise RuntimeError

    await own.js.delete_stream(subjects.DEAD)
    consumer = Consumer(
        own, ConsumerSpec(subjects.CONSULTS, tag, (subjects.SUBMIT_ALL,), ack_wait_s=0.5, max_deliver=1), poison
    )
    task = asyncio.create_task(consumer.run())
    await consumer.ready()
    await publish.publish(own, subjects.submit(tag), submitted(tag))
    await until(lambda: tries)
    await asyncio.wait_for(eventually(lambda: delivered_again(own, tag)), 10)
    await ensure_streams(own)
    await eventually(lambda: read.subjects_with_messages(own, subjects.DEAD, subjects.DEAD_ALL), 20)
    assert len(tries) == 1
    await consumer.drain(1)
    await task


async def delivered_again(bus: Bus, durable: str) -> bool:
    info = await bus.js.consumer_info(subjects.CONSULTS, durable)
    return bool(info.num_redelivered)


async def test_a_reader_whose_consumer_is_deleted_goes_on_where_it_was(own, tag):
    seen: list[str] = []
    reader = OrderedReader(own, subjects.EVENTS, subjects.events_of_consult(tag), lambda msg: seen.append(msg.subject))
    task = asyncio.create_task(reader.run())
    await reader.ready()
    await publish.emit(own, submitted(tag), "g", AgentStarted(agent="a"), part="1")
    await until(lambda: len(seen) == 1)
    (consumer,) = await own.js.consumers_info(subjects.EVENTS)
    await own.js.delete_consumer(subjects.EVENTS, consumer.name)
    await publish.emit(own, submitted(tag), "g", AgentStarted(agent="b"), part="2")
    await until(lambda: len(seen) == 2)
    reader.restart()
    await until(lambda: len(seen) == 4)
    reader.stop()
    await task


async def test_a_manifest_that_cannot_be_read_or_is_withdrawn_is_no_specialist(own, tag):
    registry = Registry(own)
    task = asyncio.create_task(registry.run())
    await registry.ready()
    profile = Profile(manifest=a_specialist(tag).manifest, knowledge_version="1")
    await Presence(own, profile).announce()
    await until(lambda: tag in registry.profiles)
    await own.js.publish(f"{_PREFIX}manifest.{tag}_new", b'{"manifest": "of a later version"}')
    await own.js.publish(f"{_PREFIX}manifest.{tag}", b"", headers={"KV-Operation": "DEL"})
    await until(lambda: tag not in registry.profiles)
    assert f"{tag}_new" not in registry.profiles
    registry.stop()
    await task


async def test_who_has_left_does_not_come_back_while_it_finishes(own, tag, monkeypatch):
    from consilium_common.bus import registry as module

    monkeypatch.setattr(module, "BEAT_S", 0.01)
    registry = Registry(own)
    watching = asyncio.create_task(registry.run())
    presence = Presence(own, Profile(manifest=a_specialist(tag).manifest, knowledge_version="1"))
    await presence.announce()
    beating = asyncio.create_task(presence.run())
    await until(lambda: registry.instances(tag) == 1)
    await presence.leave()
    await until(lambda: registry.instances(tag) == 0)
    await asyncio.sleep(0.1)  # ten beats
    assert registry.instances(tag) == 0
    beating.cancel()
    registry.stop()
    await watching


async def test_a_process_that_has_been_cut_off_for_long_gives_up(nats, servers, monkeypatch):
    monkeypatch.setattr(connection, "AWAY_LIMIT_S", 0.3)
    values = {name.lower(): value for name, value in local_values(nats).items()}
    settings = ServiceSettings(**values, bus_key=servers.settings(ServiceSettings).bus_key)
    async with connect(settings, "test") as bus:
        nats.kill()
        await asyncio.wait_for(bus.lost.wait(), 10)


async def test_a_bus_that_comes_back_in_time_is_not_given_up(own, nats, monkeypatch):
    monkeypatch.setattr(connection, "AWAY_LIMIT_S", 30.0)
    nats.kill()
    await until(lambda: not own.ping())
    await asyncio.to_thread(nats.start)
    await until(own.ping)
    await publish.publish(own, subjects.submit("c"), submitted("c"))
    assert not own.lost.is_set()


async def test_a_final_waits_for_replicas_that_do_not_agree_yet(own, tag, monkeypatch):
    answers = iter([publish.TRY_AGAIN, publish.TRY_AGAIN])
    original = publish._publish

    async def disagree(*arguments: object) -> None:
        code = next(answers, None)
        if code is not None:
            error = publish._RefusedError.__new__(publish._RefusedError)
            BusError.__init__(error, "in flight")
            error.err_code = code
            raise error
        await original(*arguments)

    monkeypatch.setattr(publish, "_publish", disagree)
    assert await publish.publish_final(own, "g", wrap(ConsultFailed(), "test", correlation_id=tag))
    assert await read.has_final(own, tag)
    answers = iter([publish.TRY_AGAIN] * 100)
    with pytest.raises(BusError, match="did not agree"):
        await publish.publish_final(own, "g", wrap(ConsultFailed(), "test", correlation_id=tag))


async def test_burying_needs_the_bus(own, tag):
    await own.js.publish(subjects.submit(tag), b"x")
    msg = await (await own.js.pull_subscribe(subjects.submit(tag), tag, subjects.CONSULTS)).fetch(1)
    await own.js.delete_stream(subjects.DEAD)
    assert not await bury(own, msg[0], "a reason")
    await ensure_streams(own)
    assert await bury(own, msg[0], "a reason")
    assert await bury(own, msg[0], "a reason")
    assert (await own.js.stream_info(subjects.DEAD)).state.messages == 1


async def test_a_stream_of_an_older_version_is_brought_to_this_one(own):
    (wanted,) = [stream for stream in STREAMS if stream.name == subjects.DEAD]
    await own.js.update_stream(replace(wanted, max_age=60))
    await ensure_streams(own)
    info = await own.js.stream_info(subjects.DEAD)
    assert info.config.max_age == wanted.max_age


async def test_a_reader_that_is_renewed_while_messages_come_sees_each_once(own, tag):
    seen: list[int] = []
    reader = OrderedReader(
        own, subjects.EVENTS, subjects.events_of_consult(tag), lambda msg: seen.append(msg.metadata.sequence.stream)
    )
    task = asyncio.create_task(reader.run())
    await reader.ready()
    for n in range(300):
        await publish.emit(own, submitted(tag), "g", AgentStarted(agent="a"), part=str(n))
        if n % 10 == 0:
            reader._loop.recreate()
    await until(lambda: len(seen) >= 300)
    assert seen == sorted(set(seen))
    reader.stop()
    await task
