"""Durable consumers of the simulated server: at least once, again after the ack wait, to any process that takes part."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from consilium_common.bus.consume import Consumer, ConsumerSpec
from simulation.loop import Process, SimLoop
from simulation.streams import Stored, Stream, matches
from simulation.wire import DELIVERY, WORLD, Wire


@dataclass(eq=False)
class Pending:
    """A message between its first delivery and its acknowledgement."""

    stored: Stored
    delivered: int = 0
    timer: Any = None


@dataclass(eq=False)
class Message:
    """What a handler's consumer gets: the part of nats-py's `Msg` that it uses."""

    subject: str
    data: bytes
    headers: dict[str, str]
    metadata: Any
    durable: "Durable"
    wire: Wire
    seq: int
    began: float

    async def ack(self) -> None:
        self._answer("ack", lambda: self.durable.settled(self.seq, self.began))

    async def term(self) -> None:
        self._answer("term", lambda: self.durable.settled(self.seq, self.began))

    async def nak(self, delay: float = 0) -> None:
        self._answer("nak", lambda: self.durable.again(self.seq, delay))

    async def in_progress(self) -> None:
        self._answer("progress", lambda: self.durable.again(self.seq, self.durable.spec.ack_wait_s))

    def _answer(self, what: str, apply: Callable[[], None]) -> None:
        self.wire.tell(what, f"{self.durable.name}:{self.seq}", apply, self.wire.faults.weather.lost_ack)


@dataclass(eq=False)
class Durable:
    """A durable consumer that replicas share. `began` says when the delivery began that settled a message."""

    name: str
    stream: Stream
    spec: ConsumerSpec
    loop: SimLoop
    count: Callable[[], int]
    members: list[tuple[Process, Consumer, Wire]] = field(default_factory=list)
    pending: dict[int, Pending] = field(default_factory=dict)
    began: dict[int, float] = field(default_factory=dict)
    waiting: list[int] = field(default_factory=list)

    def hear(self, stored: Stored) -> None:
        """Deliver a new message, if it is for this consumer."""
        if any(matches(each, stored.subject) for each in self.spec.filters):
            self.pending[stored.seq] = Pending(stored)
            self._deliver(stored.seq)

    def join(self, process: Process, consumer: Consumer, wire: Wire) -> None:
        """Take part from now on; what nobody was there for is delivered."""
        self.members.append((process, consumer, wire))
        waiting, self.waiting = self.waiting, []
        for seq in waiting:
            self._deliver(seq)

    def settled(self, seq: int, began: float) -> None:
        """A message was acknowledged or terminated."""
        pending = self.pending.pop(seq, None)
        if pending is None:
            return
        pending.timer.cancel()
        self.began[seq] = began
        if self.stream.work_queue:
            self.stream.messages.pop(seq, None)

    @property
    def busy(self) -> bool:
        """Return whether anything is left that somebody has to handle."""
        return any(seq in self.stream.messages for seq in self.pending)

    def again(self, seq: int, after_s: float) -> None:
        """Deliver a message again after a while, unless something is heard of it."""
        pending = self.pending.get(seq)
        if pending is not None:
            if pending.timer is not None:
                pending.timer.cancel()
            pending.timer = self.loop.call_later(after_s, self._deliver, seq, context=WORLD)

    def _deliver(self, seq: int) -> None:
        pending = self.pending.get(seq)
        if pending is None:
            return
        if seq not in self.stream.messages:  # purged, or past its time
            if pending.timer is not None:
                pending.timer.cancel()
            del self.pending[seq]
            return
        self.members = [member for member in self.members if not member[0].dead]
        if not self.members:
            self.waiting.append(seq)
            return
        faults = self.members[0][2].faults
        pending.delivered += 1
        self._hand(pending, *faults.rng.choice(self.members))
        self.again(seq, self.spec.ack_wait_s)
        if pending.delivered == 1 and faults.happens(faults.weather.duplicate):
            pending.delivered += 1
            self._hand(pending, *faults.rng.choice(self.members))

    def _hand(self, pending: Pending, process: Process, consumer: Consumer, wire: Wire) -> None:
        """Bring one delivery to one process. Deliveries overtake each other: that is how messages come out of order."""
        stored, delivery = pending.stored, self.count()
        metadata = SimpleNamespace(
            stream=self.stream.config.name,
            sequence=SimpleNamespace(stream=stored.seq),
            num_delivered=pending.delivered,
        )

        def start() -> None:
            wire.faults.note("deliver", process.name, delivery, stored.subject, metadata.num_delivered)
            message = Message(stored.subject, stored.data, stored.headers, metadata, self, wire, stored.seq, self.loop.time())
            consumer._start(message)  # type: ignore[arg-type]

        context = process.context()
        context.run(DELIVERY.set, delivery)
        self.loop.call_at(self.loop.time() + wire.faults.latency_s(), start, context=context)
