"""The bus on a real nats-server: durable work, order, uniqueness, deadlines, dead letters, the registry."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from consilium_common.bus import publish, read
from consilium_common.bus.connection import BusError, connect
from consilium_common.bus.consume import Consumer, ConsumerSpec
from consilium_common.bus.ordered import OrderedReader
from consilium_common.bus.registry import Presence, Registry
from consilium_common.bus.streams import ensure_streams
from consilium_common.contracts import subjects
from consilium_common.contracts.commands import DeadlineReached, MergeClaimed, SubmitConsult
from consilium_common.contracts.envelope import wrap
from consilium_common.contracts.events import AgentStarted, ConsultCompleted, ConsultFailed
from consilium_common.contracts.manifest import Manifest, Profile, Scope
from consilium_common.errors import ConsiliumError
from consilium_common.settings import ServiceSettings
from consilium_common.testing.servers import local_values
from support.waiting import until


def submitted(consult, text="hello"):
    message = SubmitConsult(gateway="g", owner="o", session_id="s", message=text)
    return wrap(message, "test", correlation_id=consult)


@asynccontextmanager
async def consuming(bus, tag, handle, **more):
    spec = ConsumerSpec(subjects.CONSULTS, tag, (f"{subjects.submit(tag)}.>",), **more)
    consumer = Consumer(bus, spec, handle)
    task = asyncio.create_task(consumer.run())
    await consumer.ready()
    try:
        yield consumer
    finally:
        await consumer.drain(2)
        await task
        await bus.js.delete_consumer(subjects.CONSULTS, tag)


def work(tag, n):
    return f"{subjects.submit(tag)}.{n}"


async def test_every_message_is_handled_once_and_never_more_at_a_time_than_allowed(bus, tag):
    seen, now, most = [], 0, 0

    async def handle(envelope):
        nonlocal now, most
        now, most = now + 1, max(most, now + 1)
        await asyncio.sleep(0)
        seen.append(envelope.correlation_id)
        now -= 1

    async with consuming(bus, tag, handle, concurrency=8):
        await asyncio.gather(*(publish.publish(bus, work(tag, n), submitted(f"{tag}-{n}")) for n in range(200)))
        await until(lambda: len(seen) >= 200)
    assert sorted(seen) == sorted(f"{tag}-{n}" for n in range(200))
    assert 1 < most <= 8


async def test_a_repeated_id_is_stored_once(bus, tag):
    seen = []

    async def handle(envelope):
        seen.append(envelope.id)

    same = submitted(tag)
    async with consuming(bus, tag, handle):
        for _ in range(3):
            await publish.publish(bus, work(tag, 1), same)
        await publish.publish(bus, work(tag, 2), submitted(tag))
        await until(lambda: len(seen) == 2)
    assert len(set(seen)) == 2


async def test_a_retryable_failure_comes_again_and_poison_is_buried_with_its_reason(bus, tag):
    tries = []

    async def handle(envelope):
        tries.append(envelope.correlation_id)
        if envelope.correlation_id.endswith("bad"):
            raise ConsiliumError("test-refused", "never works")
        if len([t for t in tries if t.endswith("flaky")]) < 2:
            raise ConsiliumError("test-away", "not now", retryable=True)

    async with consuming(bus, tag, handle):
        await publish.publish(bus, work(tag, 1), submitted(f"{tag}-flaky"))
        await publish.publish(bus, work(tag, 2), submitted(f"{tag}-bad"))
        await until(lambda: tries.count(f"{tag}-flaky") == 2)
        dead = await newest_dead(bus, work(tag, 2))
    assert tries.count(f"{tag}-bad") == 1
    assert dead.headers["Consilium-Reason"] == "test-refused"
    assert dead.headers["Consilium-Deliveries"] == "1"


async def test_what_cannot_be_read_or_has_used_up_its_tries_is_buried_unhandled(bus, tag):
    handled = []

    async def handle(envelope):
        handled.append(envelope)
        raise RuntimeError("a bug")

    async with consuming(bus, tag, handle, max_deliver=2):
        await bus.js.publish(work(tag, 1), b"not an envelope")
        await publish.publish(bus, work(tag, 2), submitted(tag))
        unreadable = await newest_dead(bus, work(tag, 1))
        used_up = await newest_dead(bus, work(tag, 2))
    assert unreadable.headers["Consilium-Reason"] == "unreadable-message"
    assert used_up.headers["Consilium-Reason"] == "tries-used-up"
    assert len(handled) == 2


async def newest_dead(bus, subject):
    async with asyncio.timeout(10):
        while True:
            try:
                found = await bus.js.get_last_msg(subjects.DEAD, subjects.dead("test"))
                if found.headers["Consilium-Subject"] == subject:
                    return found
                info = await bus.js.stream_info(subjects.DEAD)
                for seq in range(info.state.last_seq, 0, -1):
                    each = await bus.js.get_msg(subjects.DEAD, seq)
                    if each.headers["Consilium-Subject"] == subject:
                        return each
            except ConsiliumError:
                raise
            except Exception as error:
                if "no message found" not in str(error):
                    raise
            await asyncio.sleep(0.02)


async def test_a_replica_that_stops_hands_its_work_back(bus, tag):
    began, finished = asyncio.Event(), []

    async def hang(_):
        began.set()
        await asyncio.Event().wait()

    async def finish(envelope):
        finished.append(envelope.correlation_id)

    spec = ConsumerSpec(subjects.CONSULTS, tag, (f"{subjects.submit(tag)}.>",), ack_wait_s=30)
    first = Consumer(bus, spec, hang)
    task = asyncio.create_task(first.run())
    await first.ready()
    await publish.publish(bus, work(tag, 1), submitted(tag))
    await began.wait()
    await first.drain(0.05)
    await task
    async with consuming(bus, tag, finish):
        await until(lambda: finished == [tag], timeout_s=5)


async def test_exactly_one_of_many_finals_is_stored(bus, tag):
    for n in range(20):
        consult = f"{tag}{n}"
        finals = [wrap(kind(), "test", correlation_id=consult) for kind in (ConsultCompleted, ConsultFailed, ConsultCompleted)]
        won = await asyncio.gather(*(publish.publish_final(bus, f"g{i}", each) for i, each in enumerate(finals)))
        assert sum(won) == 1
        assert await read.has_final(bus, consult)
    assert not await read.has_final(bus, f"{tag}-none")


async def test_a_subject_of_a_case_takes_one_message(bus, tag):
    claims = [wrap(MergeClaimed(instance=str(n)), "test", correlation_id=tag) for n in range(5)]
    stored = await asyncio.gather(*(publish.publish_first(bus, subjects.merge(tag, 1, 1), each) for each in claims))
    standing = await read.last(bus, subjects.CASES, subjects.merge(tag, 1, 1))
    assert sum(stored) == 1
    assert standing.data["instance"] == str(stored.index(True))
    assert await read.subjects_with_messages(bus, subjects.CASES, subjects.merge(tag, 1, 1)) == {subjects.merge(tag, 1, 1)}
    assert await read.last(bus, subjects.CASES, subjects.merge(tag, 1, 2)) is None


async def test_a_deadline_is_due_on_time_and_a_purged_one_never(bus, tag):
    due = []

    async def handle(envelope):
        due.append((envelope.attempt, datetime.now(UTC)))

    consumer = Consumer(
        bus, ConsumerSpec(subjects.DEADLINES, tag, (subjects.deadline_due(tag, 1), subjects.deadline_due(tag, 2))), handle
    )
    task = asyncio.create_task(consumer.run())
    await consumer.ready()
    at = datetime.now(UTC) + timedelta(milliseconds=300)
    for attempt in (1, 2):
        envelope = wrap(DeadlineReached(gateway="g"), "test", correlation_id=tag, attempt=attempt)
        await publish.schedule(bus, subjects.deadline_set(tag, attempt), subjects.deadline_due(tag, attempt), at, envelope)
    await read.purge(bus, subjects.DEADLINES, subjects.deadline_set(tag, 2))
    await until(lambda: due)
    ((attempt, seen_at),) = due
    assert attempt == 1
    assert -0.01 < (seen_at - at).total_seconds() < 1
    await consumer.drain(1)
    await task
    await bus.js.delete_consumer(subjects.DEADLINES, tag)


async def test_events_are_read_in_order_from_the_beginning_and_caught_up_is_told(bus, tag):
    seen = []
    cause = submitted(tag)
    for n in range(50):
        await publish.emit(bus, cause, "g", AgentStarted(agent=str(n)), part=str(n))

    reader = OrderedReader(
        bus,
        subjects.EVENTS,
        subjects.events_of_consult(tag),
        lambda msg: seen.append(bus.codec.decode(msg.data).data["agent"]),
    )
    task = asyncio.create_task(reader.run())
    await asyncio.wait_for(reader.caught_up.wait(), 5)
    assert seen == [str(n) for n in range(50)]
    await publish.emit(bus, cause, "g", AgentStarted(agent="last"), part="last")
    await until(lambda: seen[-1] == "last")
    reader.stop()
    await task


async def test_an_emitted_event_is_not_a_final(bus, tag):
    with pytest.raises(TypeError, match="publish_final"):
        await publish.emit(bus, submitted(tag), "g", ConsultFailed())


async def test_the_registry_knows_who_is_alive_and_who_has_left(bus, tag):
    profile = Profile(manifest=Manifest(name=tag, version="1.0.0", title="T", scope=Scope()), knowledge_version="1")
    registry = Registry(bus)
    task = asyncio.create_task(registry.run())
    await registry.ready()
    presence = Presence(bus, profile)
    await presence.announce()
    await until(lambda: registry.instances(tag) == 1 and tag in registry.profiles)
    await presence.leave()
    await until(lambda: registry.instances(tag) == 0)
    assert tag in registry.profiles, "a specialist that left is still known"
    registry.stop()
    await task


async def test_consumers_and_readers_survive_a_server_that_is_killed(servers, tmp_path, tag):
    process = servers.process("nats", tmp_path)
    process.start()
    values = {name.lower(): value for name, value in local_values(process).items()}
    settings = ServiceSettings(**values, bus_key=servers.settings(ServiceSettings).bus_key)
    handled, read_back = [], []

    async def handle(envelope):
        handled.append(envelope.correlation_id)

    async with connect(settings, "test") as bus:
        await ensure_streams(bus)
        reader = OrderedReader(bus, subjects.EVENTS, subjects.events_of_gateway(tag), lambda msg: read_back.append(msg.subject))
        reading = asyncio.create_task(reader.run())
        async with consuming(bus, tag, handle):
            await reader.ready()
            await publish.emit(bus, submitted("before"), tag, AgentStarted(agent="x"))
            await publish.publish(bus, work(tag, 1), submitted("before"))
            await until(lambda: handled == ["before"] and len(read_back) == 1)
            process.kill()
            await asyncio.to_thread(process.start)
            await until(bus.ping, timeout_s=20)
            await publish.publish(bus, work(tag, 2), submitted("after"))
            await publish.emit(bus, submitted("after"), tag, AgentStarted(agent="x"))
            await until(lambda: handled == ["before", "after"] and len(read_back) == 2, timeout_s=30)
        reader.stop()
        await reading
    process.stop()


async def test_a_bus_that_is_not_there_is_said_in_one_sentence(servers):
    settings = ServiceSettings(nats_url="nats://127.0.0.1:1", bus_key=servers.settings(ServiceSettings).bus_key)
    with pytest.raises(BusError, match="NATS does not answer at NATS_URL"):
        async with connect(settings, "test", patience_s=0.5):
            pass
