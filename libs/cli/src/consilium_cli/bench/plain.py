"""Plain nats-py, as a yardstick: scatter-gather with nothing stored, and the bare stored messages of one consult.

No HTTP, no MongoDB, no encryption, no reasoning: what the bus alone costs on this machine.
"""

import asyncio
import multiprocessing
import multiprocessing.synchronize
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, RetentionPolicy, StreamConfig

AGENTS = 4
PAYLOAD = b"x" * 1024  # about the size of a small event
STREAMS = (
    StreamConfig(name="FLOOR_CONSULTS", subjects=["floor.submit.>"], retention=RetentionPolicy.WORK_QUEUE),
    StreamConfig(name="FLOOR_TASKS", subjects=["floor.task.>"], retention=RetentionPolicy.WORK_QUEUE),
    StreamConfig(name="FLOOR_CASES", subjects=["floor.case.>"]),
    StreamConfig(name="FLOOR_EVENTS", subjects=["floor.event.>"]),
    StreamConfig(
        name="FLOOR_DEADLINES", subjects=["floor.deadline.>"], retention=RetentionPolicy.WORK_QUEUE, allow_msg_schedules=True
    ),
)


@dataclass(frozen=True)
class Address:
    """Where nats-server is. User and password may be empty when the URL has them."""

    url: str
    user: str
    password: str


@asynccontextmanager
async def connected(address: Address) -> AsyncIterator[Client]:
    """Yield a plain connection."""
    nc = await nats.connect(address.url, user=address.user or None, password=address.password or None)
    try:
        yield nc
    finally:
        await nc.close()


async def _scatter_worker(nc: Client, _: JetStreamContext) -> None:
    async def reply(msg: Msg) -> None:
        await msg.respond(PAYLOAD)

    for agent in range(AGENTS):
        await nc.subscribe(f"floor.ask.{agent}", cb=reply)


async def scatter_gather(nc: Client) -> None:
    """Ask four responders at once and wait for all."""
    await asyncio.gather(*(nc.request(f"floor.ask.{agent}", PAYLOAD, timeout=10) for agent in range(AGENTS)))


async def _orchestrate(_: Client, js: JetStreamContext) -> None:
    async def handle(msg: Msg) -> None:
        consult = msg.subject.rpartition(".")[2]
        await js.publish(f"floor.event.{consult}.triage", PAYLOAD)
        await asyncio.gather(
            js.publish(f"floor.event.{consult}.route", PAYLOAD),
            _schedule(js, f"{consult}.1"),
            js.publish(f"floor.case.{consult}.plan", PAYLOAD),
        )
        await asyncio.gather(*(js.publish(f"floor.task.{agent}.{consult}", PAYLOAD) for agent in range(AGENTS)))
        await msg.ack()

    await _consume(js, "FLOOR_CONSULTS", "floor.submit.>", handle)


async def _assess(_: Client, js: JetStreamContext) -> None:
    async def handle(msg: Msg) -> None:
        _, _, agent, consult = msg.subject.split(".")
        await js.publish(f"floor.event.{consult}.started.{agent}", PAYLOAD)
        await js.publish(f"floor.event.{consult}.completed.{agent}", PAYLOAD)
        await js.publish(f"floor.case.{consult}.opinion.{agent}", PAYLOAD)
        await msg.ack()

    for agent in range(AGENTS):
        await _consume(js, "FLOOR_TASKS", f"floor.task.{agent}.>", handle)


async def _aggregate(_: Client, js: JetStreamContext) -> None:
    seen: dict[str, int] = {}

    async def handle(msg: Msg) -> None:
        consult = msg.subject.split(".")[2]
        seen[consult] = seen.get(consult, 0) + 1
        if seen[consult] == AGENTS:
            del seen[consult]
            await js.publish(f"floor.case.{consult}.merge.1", PAYLOAD)
            await js.publish(f"floor.event.{consult}.answer", PAYLOAD)
            await js.publish(f"floor.event.{consult}.final", PAYLOAD, headers={"Nats-Expected-Last-Subject-Sequence": "0"})
        await msg.ack()

    await _consume(js, "FLOOR_CASES", "floor.case.*.opinion.*", handle)


async def _consume(js: JetStreamContext, stream: str, subject: str, handle: Callable[[Msg], Awaitable[None]]) -> None:
    async def spawn(msg: Msg) -> None:
        tasks.add(task := asyncio.ensure_future(handle(msg)))
        task.add_done_callback(tasks.discard)

    tasks: set[asyncio.Future[None]] = set()
    config = ConsumerConfig(ack_policy=AckPolicy.EXPLICIT, max_ack_pending=4096)
    durable = subject.replace(".", "_").replace("*", "any").replace(">", "all")
    await js.subscribe(subject, stream=stream, durable=durable, cb=spawn, manual_ack=True, config=config)


async def _schedule(js: JetStreamContext, name: str) -> None:
    at = (datetime.now(UTC) + timedelta(seconds=30)).isoformat().replace("+00:00", "Z")
    headers = {"Nats-Schedule": f"@at {at}", "Nats-Schedule-Target": f"floor.deadline.due.{name}"}
    await js.publish(f"floor.deadline.set.{name}", b"", headers=headers)


class StoredFloor:
    """The client's side of the stored floor: submits, and waits for the final among the events."""

    def __init__(self, js: JetStreamContext) -> None:
        self._js = js
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._count = 0

    async def open(self) -> None:
        """Begin to read events."""

        async def on_event(msg: Msg) -> None:
            waiting = self._waiting.pop(msg.subject.split(".")[2], None) if msg.subject.endswith(".final") else None
            if waiting is not None and not waiting.done():
                waiting.set_result(None)

        await self._js.subscribe("floor.event.>", stream="FLOOR_EVENTS", ordered_consumer=True, cb=on_event)

    async def ask(self) -> None:
        """Run the stored messages of one consult."""
        self._count += 1
        consult = f"c{self._count}"
        ended = self._waiting[consult] = asyncio.get_running_loop().create_future()
        await self._js.publish(f"floor.event.{consult}.accepted", PAYLOAD)
        await asyncio.gather(_schedule(self._js, f"{consult}.0"), self._js.publish(f"floor.submit.{consult}", PAYLOAD))
        await asyncio.wait_for(ended, 30)


ROLES: dict[str, Callable[[Client, JetStreamContext], Awaitable[None]]] = {
    "scatter": _scatter_worker,
    "orchestrator": _orchestrate,
    "specialists": _assess,
    "aggregator": _aggregate,
}


@contextmanager
def workers(address: Address) -> Iterator[None]:
    """Make the yardstick's own streams, and run every other role in a process of its own, as in the real thing."""
    asyncio.run(make_streams(address))
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(len(ROLES) + 1)
    processes = [context.Process(target=_work, args=(role, address, ready), daemon=True) for role in ROLES]
    for process in processes:
        process.start()
    try:
        ready.wait(timeout=60)
        yield
    finally:
        for process in processes:
            process.terminate()
            process.join(10)
        asyncio.run(remove_streams(address))


def _work(role: str, address: Address, ready: "multiprocessing.synchronize.Barrier") -> None:
    import uvloop

    async def work() -> None:
        async with connected(address) as nc:
            await ROLES[role](nc, nc.jetstream())
            await nc.flush()
            await asyncio.to_thread(ready.wait, 60)
            await asyncio.Event().wait()

    uvloop.run(work())


async def make_streams(address: Address) -> None:
    """Make the streams of the yardstick."""
    async with connected(address) as nc:
        for config in STREAMS:
            await nc.jetstream().add_stream(config)


async def remove_streams(address: Address) -> None:
    """Remove them with everything in them."""
    async with connected(address) as nc:
        for config in STREAMS:
            await nc.jetstream().delete_stream(str(config.name))
