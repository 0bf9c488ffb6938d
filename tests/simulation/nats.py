"""The simulated bus as a process sees it: the parts of nats-py's client and JetStream context that the services use."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import nats.errors
import orjson
from nats.js.api import PubAck
from nats.js.errors import BadRequestError

from consilium_common.bus.consume import Consumer
from simulation.delivery import Durable
from simulation.loop import Process, SimLoop
from simulation.streams import Stored, Stream, fresh_streams, matches, name_of_stream
from simulation.wire import DELIVERY, WORLD, Faults, Wire

TRY_AGAIN = 10164
EPOCH = datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp()


@dataclass(eq=False)
class Server:
    """The one nats-server of a history. Its clock is virtual time."""

    loop: SimLoop
    faults: Faults
    streams: dict[str, Stream] = field(default_factory=fresh_streams)
    durables: dict[tuple[str, str], Durable] = field(default_factory=dict)
    listeners: list[tuple[str, Process, Callable[[Any], Coroutine[Any, Any, None]]]] = field(default_factory=list)
    told: list[tuple[float, str, Process]] = field(default_factory=list)
    deliveries: int = 0

    def publish(self, by: tuple[str, int], subject: str, data: bytes, headers: dict[str, str], ttl_s: float | None) -> PubAck:
        """Store a message as JetStream does, and set going what follows from its headers."""
        stream = self.streams[name_of_stream(subject)]
        if "Nats-Expected-Last-Subject-Sequence" in headers and self.faults.happens(self.faults.weather.undecided):
            raise BadRequestError(code=400, err_code=TRY_AGAIN, description="another publish is in flight")
        message = Stored(0, subject, data, headers, self.loop.time(), by)
        ack, stored = stream.publish(message)
        if stored is not None:
            if ttl_s is not None:
                self.loop.call_later(ttl_s, stream.messages.pop, stored.seq, None, context=WORLD)
            if "Nats-Schedule" in headers:
                at = datetime.fromisoformat(headers["Nats-Schedule"].removeprefix("@at ")).timestamp() - EPOCH
                self.loop.call_at(max(at, self.loop.time()), self._fire, stream, stored, context=WORLD)
        return ack

    def _fire(self, stream: Stream, scheduled: Stored) -> None:
        if stream.messages.pop(scheduled.seq, None) is not None:
            self.faults.note("due", "server", 0, scheduled.subject)
            due = Stored(0, scheduled.headers["Nats-Schedule-Target"], scheduled.data, {}, self.loop.time())
            stream.publish(due)

    def core(self, subject: str) -> None:
        """Tell everybody who listens now; nobody else ever hears of it."""
        for pattern, process, callback in self.listeners:
            if matches(pattern, subject) and not process.dead and not self.faults.happens(self.faults.weather.lost_core):
                context = process.context()
                self.loop.call_at(
                    self.loop.time() + self.faults.latency_s(), self._tell, process, subject, callback, context=context
                )

    def _tell(self, process: Process, subject: str, callback: Callable[[Any], Coroutine[Any, Any, None]]) -> None:
        self.told.append((self.loop.time(), subject, process))
        process.spawn(callback(SimpleNamespace(subject=subject, data=b"")))

    def consume(self, process: Process, consumer: Consumer, wire: Wire) -> None:
        """Have a process take part in a durable consumer."""
        spec = consumer._spec
        durable = self.durables.get((spec.stream, spec.durable))
        if durable is None:
            stream = self.streams[spec.stream]
            durable = Durable(f"{spec.stream}/{spec.durable}", stream, spec, self.loop, self._next_delivery)
            self.durables[spec.stream, spec.durable] = durable
            stream.heard.append(durable.hear)
            for stored in list(stream.messages.values()):
                durable.hear(stored)
        durable.join(process, consumer, wire)

    def _next_delivery(self) -> int:
        self.deliveries += 1
        return self.deliveries


@dataclass(eq=False)
class SimClient:
    """`Bus.nc` of one process."""

    server: Server
    process: Process
    wire: Wire
    is_connected: bool = True

    async def publish(self, subject: str, _data: bytes = b"") -> None:
        self.wire.tell("core", subject, lambda: self.server.core(subject), self.server.faults.weather.lost_core / 3)

    async def request(self, subject: str, _data: bytes, timeout: float) -> Any:  # noqa: ASYNC109 - as nats-py calls it
        """Answer what is asked of the JetStream API: only the time at the server is of interest."""
        at = await self.wire.ask("time", subject, lambda: datetime.fromtimestamp(EPOCH + self.server.loop.time(), UTC))
        return SimpleNamespace(data=orjson.dumps({"ts": at.isoformat()}))

    async def subscribe(self, subject: str, cb: Callable[[Any], Coroutine[Any, Any, None]]) -> None:
        self.server.listeners.append((subject, self.process, cb))


@dataclass(eq=False)
class SimJetStream:
    """`Bus.js` of one process."""

    server: Server
    process: Process
    wire: Wire

    async def publish(
        self, subject: str, payload: bytes = b"", headers: dict[str, str] | None = None, msg_ttl: float | None = None
    ) -> PubAck:
        by = (self.process.name, DELIVERY.get())
        sent = dict(headers or {})
        return await self.wire.ask("publish", subject, lambda: self.server.publish(by, subject, payload, sent, msg_ttl))

    async def get_last_msg(self, stream: str, subject: str) -> Any:
        return await self.wire.ask("last", subject, lambda: self._last(stream, subject))

    def _last(self, stream: str, subject: str) -> Any:
        found = self.server.streams[stream].last(subject)
        at = datetime.fromtimestamp(EPOCH + found.at, UTC)
        return SimpleNamespace(seq=found.seq, subject=found.subject, data=found.data, headers=found.headers, time=at)

    async def stream_info(self, stream: str, subjects_filter: str | None = None) -> Any:
        def held() -> Any:
            found = [stored.subject for stored in self.server.streams[stream].under(subjects_filter or ">")]
            return SimpleNamespace(state=SimpleNamespace(subjects=dict.fromkeys(found, 1)))

        return await self.wire.ask("list", subjects_filter or ">", held)

    async def purge_stream(self, stream: str, subject: str) -> None:
        await self.wire.ask("purge", subject, lambda: self.server.streams[stream].purge(subject))


def connected(server: Server, process: Process) -> tuple[SimClient, SimJetStream, Wire]:
    """Connect a process to the server."""
    wire = Wire(process, server.faults, nats.errors.TimeoutError)
    return SimClient(server, process, wire), SimJetStream(server, process, wire), wire


class SimReader:
    """Stands for `bus.ordered.OrderedReader`: every message of a filter once, in stream order."""

    def __init__(self, bus: Any, stream: str, subject: str, receive: Callable[[Any], None], *, start: int = 1) -> None:
        self._js: SimJetStream = bus.js
        self._stream, self._subject, self._receive = bus.js.server.streams[stream], subject, receive
        self._stopped = asyncio.Event()
        self.caught_up = asyncio.Event()

    async def run(self) -> None:
        """Hand over what stands and what comes, until stopped."""
        for stored in list(self._stream.under(self._subject)):
            self._js.wire.arrive(self._hand, stored)
        self._js.wire.arrive(self.caught_up.set)
        self._stream.heard.append(self._hear)
        await self._stopped.wait()
        self._stream.heard.remove(self._hear)

    async def ready(self) -> None:
        """Nothing to wait for."""

    def stop(self) -> None:
        self._stopped.set()

    def _hear(self, stored: Stored) -> None:
        if matches(self._subject, stored.subject):
            self._js.wire.arrive(self._hand, stored)

    def _hand(self, stored: Stored) -> None:
        if not self._stopped.is_set():
            self._receive(SimpleNamespace(subject=stored.subject, data=stored.data))
