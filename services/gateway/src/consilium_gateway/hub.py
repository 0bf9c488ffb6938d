"""The hub: every consult's events in memory while somebody may be listening, fed by one ordered reader for this gateway's own.

A consult that another gateway accepted, or that was accepted before a restart, is followed with a reader of its own.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
from nats.aio.msg import Msg

from consilium_common.bus.codec import UnreadableError
from consilium_common.bus.connection import Bus
from consilium_common.bus.ordered import OrderedReader
from consilium_common.contracts import subjects
from consilium_common.errors import ConsiliumError
from consilium_gateway.cursor import Cursors
from consilium_gateway.frames import event_of, frame_of, is_final

log = logging.getLogger(__name__)

LINGER_S = 60.0  # an ended consult stays in memory so long: clients that come back at once need no replay
CATCH_UP_S = 15.0  # a consult is read back in milliseconds; who waits longer is told to come again
CONSULT_TOKEN = subjects.events_of_gateway("g").split(".").index("g") + 1


class StoppingError(ConsiliumError):
    """This gateway stops; another one, or this one in a moment, goes on from where the client is."""

    def __init__(self) -> None:
        super().__init__("stopping", "This gateway is stopping; ask again with the same Idempotency-Key.", retryable=True)


class NotReadYetError(ConsiliumError):
    """What stands on the stream of a consult could not be read back in time: the bus is away, or busy. Try again."""

    def __init__(self) -> None:
        super().__init__("not-read-yet", "The events of a consult could not be read back in time.", retryable=True)


class ConsultLog:
    """The events of one consult, rendered once for everybody. `frames[n]` is the event with `seq` n + 1.

    `owner` is known for a consult that this gateway has accepted. `ended`: the final is there. `cut`: this process follows the
    consult no longer; clients come back to another one. `ends_unread`: its client wants no answer that nobody reads.
    """

    __slots__ = ("__weakref__", "_waiting", "cut", "ended", "ends_unread", "final", "frames", "owner", "watchers")

    def __init__(self, owner: str | None = None, ends_unread: bool = False) -> None:
        self.owner = owner
        self.ends_unread = ends_unread
        self.frames: list[bytes] = []
        self.final: dict[str, Any] | None = None
        self.ended = False
        self.cut = False
        self.watchers = 0
        self._waiting: list[Callable[[], None]] = []

    def add(self, frame: bytes, final: dict[str, Any] | None = None) -> None:
        """Append an event and wake whoever waits."""
        if self.ended:
            return  # what comes after the final never reaches a client
        self.frames.append(frame)
        if final is not None:
            self.final, self.ended = final, True
        self._wake()

    def cut_off(self) -> None:
        """End every stream of this log where it stands."""
        self.cut = True
        self._wake()

    def call_on_change(self, wake: Callable[[], None]) -> None:
        """Call `wake` once, at the next event."""
        self._waiting.append(wake)

    def forget(self, wake: Callable[[], None]) -> None:
        """Take back a `call_on_change`."""
        if wake in self._waiting:
            self._waiting.remove(wake)

    async def end(self) -> dict[str, Any]:
        """Wait for the final and return it.

        Raises:
            StoppingError: when the log is cut before.
        """
        while self.final is None:
            if self.cut:
                raise StoppingError
            changed = asyncio.get_running_loop().create_future()
            wake = _resolver(changed)
            self.call_on_change(wake)
            try:
                await changed
            finally:
                self.forget(wake)
        return self.final

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for wake in waiting:
            wake()


def _resolver(future: "asyncio.Future[None]") -> Callable[[], None]:
    def resolve() -> None:
        if not future.done():
            future.set_result(None)

    return resolve


class Hub:
    """Finds the log of a consult, own or foreign."""

    def __init__(self, bus: Bus, gateway: str, cursors: Cursors) -> None:
        self._bus = bus
        self._gateway = gateway
        self._cursors = cursors
        self._own: dict[str, ConsultLog] = {}
        self._foreign: dict[str, tuple[ConsultLog, OrderedReader, asyncio.Task[None]]] = {}
        self._reader = OrderedReader(bus, subjects.EVENTS, subjects.events_of_gateway(gateway), self._on_own)

    async def run(self) -> None:
        """Read this gateway's own events."""
        await self._reader.run()

    async def ready(self) -> None:
        """Wait until own events would be seen."""
        await self._reader.ready()

    def open(self, consult: str, owner: str | None = None, ends_unread: bool = False) -> ConsultLog:
        """Begin the log of a consult that this gateway is about to accept."""
        return self._own.setdefault(consult, ConsultLog(owner, ends_unread))

    def withdraw(self, consult: str) -> None:
        """Take back a log whose consult was not accepted here, as far as is known; who reads it reads on elsewhere."""
        if (found := self._own.pop(consult, None)) is not None:
            found.cut_off()

    def own(self, consult: str) -> ConsultLog | None:
        """Return the log of a consult that this gateway accepted, complete from its first event, if it is still in memory."""
        return self._own.get(consult)

    @asynccontextmanager
    async def follow(self, consult: str) -> AsyncIterator[ConsultLog]:
        """Yield a consult's log from its first event on; for a foreign one after what stands on the stream has been read.

        Raises:
            NotReadYetError: when that takes too long.
        """
        if (own := self._own.get(consult)) is not None:
            own.watchers += 1
            try:
                yield own
            finally:
                own.watchers -= 1
            return
        found, reader, _ = self._foreign.get(consult) or self._start_foreign(consult)
        found.watchers += 1
        try:
            try:
                await asyncio.wait_for(reader.caught_up.wait(), CATCH_UP_S)
            except TimeoutError:
                raise NotReadYetError from None
            yield found
        finally:
            found.watchers -= 1
            if not found.watchers:
                self._stop_foreign(consult)

    def close(self) -> None:
        """End the streams of all clients; each comes back to another gateway with the id of its last event."""
        for found in (*self._own.values(), *(found for found, _, _ in self._foreign.values())):
            found.cut_off()

    def _start_foreign(self, consult: str) -> tuple[ConsultLog, OrderedReader, "asyncio.Task[None]"]:
        found = ConsultLog()
        reader = OrderedReader(
            self._bus, subjects.EVENTS, subjects.events_of_consult(consult), lambda msg: self._add(found, msg)
        )
        self._foreign[consult] = (found, reader, asyncio.create_task(reader.run()))
        return self._foreign[consult]

    def _stop_foreign(self, consult: str) -> None:
        _, reader, task = self._foreign.pop(consult)
        reader.stop()
        task.add_done_callback(lambda done: done.cancelled() or done.exception())

    def _on_own(self, msg: Msg) -> None:
        consult = msg.subject.split(".")[CONSULT_TOKEN]
        found = self._own.get(consult)
        if found is None:
            return  # it has ended and was dropped; this is something late, and no beginning of a log
        self._add(found, msg)
        if found.ended:
            asyncio.get_running_loop().call_later(LINGER_S, self._drop, consult)

    def _drop(self, consult: str) -> None:
        found = self._own.get(consult)
        if found is not None and found.watchers:
            asyncio.get_running_loop().call_later(LINGER_S, self._drop, consult)
        else:
            self._own.pop(consult, None)

    def _add(self, found: ConsultLog, msg: Msg) -> None:
        try:
            envelope = orjson.loads(self._bus.codec.open(msg.data))
        except UnreadableError as error:
            log.warning("an event cannot be read", extra={"code": error.code, "subject": msg.subject})
            return
        event = event_of(envelope, len(found.frames) + 1)
        found.add(frame_of(event, self._cursors), event if is_final(event) else None)
