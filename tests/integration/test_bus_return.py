"""A bus that was away and is back: work goes on at once, nobody is taken for dead meanwhile, and lost streams are made anew."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
import pytest_asyncio

from consilium_common.bus import publish
from consilium_common.bus.connection import Bus, BusError, connect
from consilium_common.bus.consume import Consumer, ConsumerSpec
from consilium_common.bus.pull import SILENCE_S
from consilium_common.bus.registry import Presence, Registry
from consilium_common.bus.streams import INSTANCE_TTL_S, ensure_streams
from consilium_common.contracts import subjects
from consilium_common.contracts.commands import SubmitConsult
from consilium_common.contracts.envelope import Envelope, wrap
from consilium_common.contracts.manifest import Profile
from consilium_common.settings import ServiceSettings
from consilium_common.testing.servers import LocalProcess, Servers, local_values
from support.consilium import a_specialist
from support.waiting import eventually, until


@pytest.fixture
def nats(servers: Servers, tmp_path):
    process = servers.process("nats", tmp_path)
    process.start()
    yield process
    process.stop()


@pytest_asyncio.fixture
async def own(nats: LocalProcess, servers: Servers) -> AsyncIterator[Bus]:
    values = {name.lower(): value for name, value in local_values(nats).items()}
    settings = ServiceSettings(**values, bus_key=servers.settings(ServiceSettings).bus_key, environment="local")
    async with connect(settings, "test") as opened:
        await ensure_streams(opened)
        yield opened


async def submit(bus: Bus, consult: str) -> None:
    message = SubmitConsult(gateway="g", owner="o", session_id="s", message="m")
    await publish.publish(bus, subjects.submit(consult), wrap(message, "test", correlation_id=consult))


async def restarted(bus: Bus, nats: LocalProcess) -> None:
    nats.kill()
    await until(lambda: not bus.ping())
    await asyncio.to_thread(nats.start)
    await until(bus.ping)


async def test_work_goes_on_as_soon_as_the_bus_is_back(own, nats, tag):
    seen: list[str] = []

    async def handle(envelope: Envelope) -> None:
        seen.append(envelope.correlation_id)

    consumer = Consumer(own, ConsumerSpec(subjects.CONSULTS, tag, (subjects.SUBMIT_ALL,)), handle)
    task = asyncio.create_task(consumer.run())
    await consumer.ready()
    await submit(own, "before")
    await until(lambda: seen == ["before"])
    await restarted(own, nats)
    began = time.monotonic()
    await submit(own, "after")
    await until(lambda: seen == ["before", "after"])
    assert time.monotonic() - began < SILENCE_S / 3, "it does not wait until the silence is noticed"
    await consumer.drain(1)
    await task


async def test_who_was_alive_before_the_bus_went_away_is_not_taken_for_dead(own, nats, tag):
    registry = Registry(own)
    task = asyncio.create_task(registry.run())
    await Presence(own, Profile(manifest=a_specialist(tag).manifest, knowledge_version="1")).announce()
    await until(lambda: registry.instances(tag) == 1)
    nats.kill()
    await until(lambda: not own.ping())
    long_ago = time.monotonic() - 2 * INSTANCE_TTL_S
    registry._seen[tag] = dict.fromkeys(registry._seen[tag], long_ago)  # as after an outage of twenty seconds
    await asyncio.to_thread(nats.start)
    await until(lambda: registry.instances(tag) == 1)
    await until(lambda: registry.instances(tag) == 0, INSTANCE_TTL_S + 5)  # it never says that it still is
    registry.stop()
    await task


async def test_a_server_that_comes_back_without_its_disk_gets_its_streams_again(own, nats, tag):
    seen: list[str] = []

    async def handle(envelope: Envelope) -> None:
        seen.append(envelope.correlation_id)

    consumer = Consumer(own, ConsumerSpec(subjects.CONSULTS, tag, (subjects.SUBMIT_ALL,)), handle)
    task = asyncio.create_task(consumer.run())
    await consumer.ready()
    nats.kill()
    await until(lambda: not own.ping())
    shutil.rmtree(nats.place.data_dir / "jetstream")
    await asyncio.to_thread(nats.start)

    async def handled() -> bool:
        with suppress(BusError):
            await submit(own, "again")
        return bool(seen)

    await eventually(handled, 20)
    await consumer.drain(1)
    await task
