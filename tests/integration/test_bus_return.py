"""A bus that was away and is back: work goes on at once, nobody is taken for dead meanwhile, and lost streams are made anew."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from consilium_common.bus import publish
from consilium_common.bus.connection import REQUEST_TIMEOUT_S, Bus, BusError
from consilium_common.bus.consume import Consumer, ConsumerSpec
from consilium_common.bus.ordered import OrderedReader
from consilium_common.bus.pull import SILENCE_S
from consilium_common.bus.registry import Presence, Registry
from consilium_common.bus.streams import CONSUMERS_MAX, INSTANCE_TTL_S
from consilium_common.contracts import subjects
from consilium_common.contracts.commands import SubmitConsult
from consilium_common.contracts.envelope import Envelope, wrap
from consilium_common.contracts.manifest import Profile
from consilium_common.testing.servers import LocalProcess
from support.consilium import a_specialist
from support.waiting import eventually, until


async def submit(bus: Bus, consult: str) -> None:
    message = SubmitConsult(gateway="g", owner="o", session_id="s", message="m")
    await publish.publish(bus, subjects.submit(consult), wrap(message, "test", correlation_id=consult))


@asynccontextmanager
async def consuming(bus: Bus, name: str) -> AsyncIterator[list[str]]:
    """A service that takes questions, and the list of what it has taken."""
    seen: list[str] = []

    async def handle(envelope: Envelope) -> None:
        seen.append(envelope.correlation_id)

    consumer = Consumer(bus, ConsumerSpec(subjects.CONSULTS, name, (subjects.SUBMIT_ALL,)), handle)
    task = asyncio.create_task(consumer.run())
    await consumer.ready()
    yield seen
    await consumer.drain(1)
    await task


async def restarted(bus: Bus, nats: LocalProcess) -> None:
    nats.kill()
    await until(lambda: not bus.ping())
    await asyncio.to_thread(nats.start)
    await until(bus.ping)


async def test_work_goes_on_as_soon_as_the_bus_is_back(own, nats, tag):
    async with consuming(own, tag) as seen:
        await submit(own, "before")
        await until(lambda: seen == ["before"])
        await restarted(own, nats)
        began = time.monotonic()
        await submit(own, "after")
        await until(lambda: seen == ["before", "after"])
        assert time.monotonic() - began < SILENCE_S / 3, "it does not wait until the silence is noticed"


async def test_readers_of_a_bus_that_was_away_have_one_consumer_each(own, nats):
    readers = [OrderedReader(own, subjects.EVENTS, subjects.events_of_consult(f"c{n}"), lambda _: None) for n in range(20)]
    tasks = [asyncio.create_task(reader.run()) for reader in readers]
    await asyncio.gather(*(reader.ready() for reader in readers))
    nats.kill()
    await until(lambda: not own.ping())
    readers.pop().stop()
    await asyncio.sleep(2 * REQUEST_TIMEOUT_S + 1)  # asked for and given up more than once
    await asyncio.to_thread(nats.start)
    await until(own.ping)
    await submit(own, "after")  # and with it everything that was said before
    await asyncio.sleep(1)
    assert (await own.js.stream_info(subjects.EVENTS)).state.consumer_count == len(readers)
    assert len(own.nc._subs) == len(readers) + 1, "one inbox each, and the one for answers"
    for reader in readers:
        reader.stop()
    await asyncio.gather(*tasks)

    async def gone() -> bool:
        return (await own.js.stream_info(subjects.EVENTS)).state.consumer_count == 0

    await eventually(gone, 5)


async def test_more_readers_than_a_server_allows_by_itself(own):
    config = (await own.js.stream_info(subjects.EVENTS)).config
    assert config.max_consumers == CONSUMERS_MAX > 15_000, "as many as one gateway may have open streams"


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
    async with consuming(own, tag) as seen:
        nats.kill()
        await until(lambda: not own.ping())
        shutil.rmtree(nats.place.data_dir / "jetstream")
        await asyncio.to_thread(nats.start)

        async def handled() -> bool:
            with suppress(BusError):
                await submit(own, "again")
            return bool(seen)

        await eventually(handled, 20)
