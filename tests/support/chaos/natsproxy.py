"""A proxy that reads the NATS protocol: it repeats, delays and reorders deliveries, loses acks, and counts what is published.

Only whole frames are touched, so what arrives is always something that a server or a network could have sent.
"""

import asyncio
import inspect
import json
import operator
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from support.chaos.proxy import Link, Proxy

ACKS = "$JS.ACK."
DELIVERIES = (b"MSG", b"HMSG")
PUBLICATIONS = (b"PUB", b"HPUB")


@dataclass(frozen=True)
class Frame:
    """One frame of the protocol: its verb, the words of its line, and all of its bytes."""

    verb: bytes
    words: tuple[str, ...]
    raw: bytes

    @property
    def subject(self) -> str:
        return self.words[0] if self.words else ""

    @property
    def ack_subject(self) -> str:
        """Return where a JetStream delivery is acknowledged; empty for every other frame."""
        subject = self.words[2] if self.verb in DELIVERIES and len(self.words) > (4 if self.verb == b"HMSG" else 3) else ""
        return subject if subject.startswith(ACKS) else ""

    @property
    def consumer(self) -> str:
        """Return the consumer of a delivery: `$JS.ACK.<stream>.<consumer>.…`."""
        return self.ack_subject.split(".")[3] if self.ack_subject else ""


async def read_frame(reader: asyncio.StreamReader) -> Frame:
    """Read one frame.

    Raises:
        IncompleteReadError: when the connection ends.
    """
    line = await reader.readuntil(b"\r\n")
    verb, _, rest = line.partition(b" ")
    verb = verb.strip().upper()
    if verb not in (*DELIVERIES, *PUBLICATIONS):
        return Frame(verb, (rest.decode(errors="replace").strip(),), line)
    words = tuple(rest.decode().split())
    return Frame(verb, words, line + await reader.readexactly(int(words[-1]) + 2))


@dataclass
class BusFaults:
    """How often what goes wrong: shares from 0 to 1. `reordered` deliveries wait up to `delay_s`, and others overtake them.

    `durables` names the consumers that `twice` and `reordered` hit; empty hits all.
    """

    twice: float = 0.0
    reordered: float = 0.0
    delay_s: float = 0.05
    lost_acks: float = 0.0
    cut: float = 0.0
    durables: frozenset[str] = frozenset()

    def hits(self, frame: Frame) -> bool:
        return bool(frame.ack_subject) and (not self.durables or frame.consumer in self.durables)


OnPublish = Callable[[str], Awaitable[None] | None]


@dataclass
class Seen:
    """What the proxy did."""

    delivered: int = 0
    twice: int = 0
    reordered: int = 0
    lost_acks: int = 0
    cuts: int = 0

    def __add__(self, other: "Seen") -> "Seen":
        return Seen(*map(operator.add, vars(self).values(), vars(other).values()))

    def __sub__(self, other: "Seen") -> "Seen":
        return Seen(*map(operator.sub, vars(self).values(), vars(other).values()))


@dataclass
class _Late:
    """Deliveries that wait for their turn."""

    tasks: "set[asyncio.Task[None]]" = field(default_factory=set)

    def add(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


class NatsProxy(Proxy):
    """Between one service and nats-server. `before` and `after` hear the subject of every publication, acks included.

    A hook may wait; nothing else of this connection is sent meanwhile.
    """

    def __init__(self, target: int, seed: int = 0) -> None:
        super().__init__(target)
        self.random.seed(seed)
        self.faults = BusFaults()
        self.seen = Seen()
        self.before: OnPublish | None = None
        self.after: OnPublish | None = None

    def heal(self) -> None:
        super().heal()
        self.faults = BusFaults()
        self.before = self.after = None

    async def carry(self, link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, to_server: bool) -> None:
        if to_server:
            await self._carry_publications(reader, writer)
        else:
            await self._carry_deliveries(link, reader, writer)

    async def _carry_publications(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            frame = await read_frame(reader)
            published = frame.verb in PUBLICATIONS
            if published and frame.subject.startswith(ACKS) and self._happens(self.faults.lost_acks):
                self.seen.lost_acks += 1
                continue
            if published:
                await _call(self.before, frame.subject)
            await self.pass_on(writer, [frame.raw], to_server=True)
            if published:
                await _call(self.after, frame.subject)

    async def _carry_deliveries(self, link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        late = _Late()
        try:
            while True:
                frame = await read_frame(reader)
                if frame.verb == b"INFO":
                    await self.pass_on(writer, [without_other_urls(frame.raw)], to_server=False)
                elif self.faults.hits(frame):
                    await self._deliver(link, writer, frame, late)
                else:
                    await self.pass_on(writer, [frame.raw], to_server=False)
        finally:
            for task in late.tasks:
                task.cancel()

    async def _deliver(self, link: Link, writer: asyncio.StreamWriter, frame: Frame, late: _Late) -> None:
        self.seen.delivered += 1
        if self._happens(self.faults.cut):
            self.seen.cuts += 1
            link.cut()
            return
        again = self._happens(self.faults.twice)
        self.seen.twice += again
        for _ in range(1 + again):
            if self._happens(self.faults.reordered):
                self.seen.reordered += 1
                late.add(self._later(writer, frame.raw))
            else:
                await self.pass_on(writer, [frame.raw], to_server=False)

    async def _later(self, writer: asyncio.StreamWriter, raw: bytes) -> None:
        await asyncio.sleep(self.random.uniform(0, self.faults.delay_s))  # the fault itself
        if not writer.is_closing():
            await self.pass_on(writer, [raw], to_server=False)

    def _happens(self, share: float) -> bool:
        return share > 0 and self.random.random() < share


async def _call(hook: OnPublish | None, subject: str) -> None:
    if hook is not None and inspect.isawaitable(waiting := hook(subject)):
        await waiting


def without_other_urls(line: bytes) -> bytes:
    """Return an INFO line that names no other server, so that no client goes round the proxy."""
    info: dict[str, Any] = json.loads(line.partition(b" ")[2])
    info.pop("connect_urls", None)
    return b"INFO " + json.dumps(info).encode() + b"\r\n"
